"""Addresses of the public API, under /api/."""

from django.urls import path

from transparency.api import bodies, guide, publications

app_name = "transparency"
urlpatterns = [
    path("", guide.Guide.as_view(), name="guide"),
    path("v1/", guide.Entry.as_view(), name="entry"),
    path("v1/openapi.json", guide.OpenApi.as_view(), name="openapi"),
    path("v1/publications/", publications.Publications.as_view(), name="publications"),
    path("v1/publications/<reference:reference>/", publications.PublicationView.as_view(), name="publication"),
    path("v1/publications/<reference:reference>/versions/", publications.Versions.as_view(), name="versions"),
    path(
        "v1/publications/<reference:reference>/versions/<int:number>/",
        publications.VersionView.as_view(),
        name="version",
    ),
    path("v1/bodies/", bodies.Bodies.as_view(), name="bodies"),
    path("v1/bodies/<slug:slug>/", bodies.BodyView.as_view(), name="body"),
]
