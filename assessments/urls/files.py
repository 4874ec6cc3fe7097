"""Addresses of what stands beside the answers: files, comments, invited persons, deposits."""

from django.urls import URLPattern, URLResolver, path

from assessments.views import comments, evidence

urlpatterns: list[URLPattern | URLResolver] = [
    path("evaluations/<uuid:uuid>/question/<slug:code>/fichiers/", evidence.files, name="files"),
    path("evaluations/<uuid:uuid>/fichiers/<uuid:key>/", evidence.evidence_file, name="evidence_file"),
    path("evaluations/<uuid:uuid>/fichiers/<uuid:key>/retirer/", evidence.remove_file, name="remove_file"),
    path("evaluations/<uuid:uuid>/commentaires/", comments.open_threads, name="comments"),
    path("evaluations/<uuid:uuid>/question/<slug:code>/commentaires/", comments.threads, name="threads"),
]
