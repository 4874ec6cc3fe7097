"""Addresses of the API of staff, under /api/v1/."""

from django.urls import path

from registry.api import publication, systems

app_name = "registry_api"
urlpatterns = [
    path("systems/", systems.Systems.as_view(), name="systems"),
    path("systems/<uuid:uuid>/", systems.SystemView.as_view(), name="system"),
    path("systems/<uuid:uuid>/declare/", systems.Declare.as_view(), name="declare"),
    path("systems/<uuid:uuid>/publish/", publication.Publish.as_view(), name="publish"),
]
