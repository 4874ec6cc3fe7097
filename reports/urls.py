"""Addresses of this room."""

from django.urls import path

from reports import views

app_name = "reports"
urlpatterns = [
    path("rapports/", views.report_list, name="reports"),
    path("rapports/<uuid:uuid>/", views.report, name="report"),
    path("rapports/<uuid:uuid>/html/", views.report_page, name="page"),
    path("rapports/<uuid:uuid>/telecharger/", views.report_file, name="file"),
    path("rapports/<uuid:uuid>/recommencer/", views.restart, name="restart"),
    path("systemes/<uuid:uuid>/fiche/", views.request_system_sheet, name="request"),
    path("evaluations/<uuid:uuid>/pdf/", views.request_assessment, name="request_assessment"),
]
