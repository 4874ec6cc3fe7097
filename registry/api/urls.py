"""Addresses of the API of staff, under /api/v1/."""

from django.urls import path

from registry.api import parts, phase, publication, systems, visibility

app_name = "registry_api"
urlpatterns = [
    path("systems/", systems.Systems.as_view(), name="systems"),
    path("systems/<uuid:uuid>/", systems.SystemView.as_view(), name="system"),
    path("systems/<uuid:uuid>/declare/", systems.Declare.as_view(), name="declare"),
    path("systems/<uuid:uuid>/publish/", publication.Publish.as_view(), name="publish"),
    path("systems/<uuid:uuid>/parts/<slug:part>/", parts.Rows.as_view(), name="parts"),
    path("systems/<uuid:uuid>/parts/<slug:part>/<uuid:row>/", parts.RowView.as_view(), name="part"),
    path("systems/<uuid:uuid>/phase/", phase.PhaseView.as_view(), name="phase"),
    path("systems/<uuid:uuid>/visibility/", visibility.Visibility.as_view(), name="visibility"),
    path(
        "systems/<uuid:uuid>/visibility/<slug:field>/",
        visibility.FieldVisibilityView.as_view(),
        name="field_visibility",
    ),
]
