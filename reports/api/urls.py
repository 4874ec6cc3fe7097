"""Addresses of documents, under /api/v1/."""

from django.urls import path

from reports.api import reports

app_name = "reports_api"
urlpatterns = [
    path("assessments/<uuid:assessment>/pdf/", reports.AssessmentPdf.as_view(), name="pdf"),
    path("reports/<uuid:report>/", reports.ReportView.as_view(), name="report"),
    path("reports/<uuid:report>/file/", reports.ReportFile.as_view(), name="file"),
]
