"""Addresses of what leaves of an assessment."""

from django.urls import URLPattern, path, re_path

from assessments.views import exports

urlpatterns: list[URLPattern] = [
    path("evaluations/<uuid:uuid>/imprimer/", exports.printed, name="print"),
    re_path(
        r"^evaluations/(?P<uuid>[0-9a-f-]{36})/exporter/(?P<kind>csv|xlsx|docx|json)/$", exports.export, name="export"
    ),
]
