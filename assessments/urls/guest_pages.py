"""Addresses of invited persons, who have no account: the link says who they are."""

from django.urls import URLPattern, URLResolver, path

from assessments.views import guest_answers, guest_beside

app_name = "guests"
urlpatterns: list[URLPattern | URLResolver] = [
    path("<str:secret>/", guest_answers.answers, name="answers"),
    path("<str:secret>/termine/", guest_answers.finish, name="finish"),
    path("<str:secret>/reprendre/", guest_answers.take_back, name="take_back"),
    path("<str:secret>/question/<slug:code>/fichiers/", guest_beside.files, name="files"),
    path("<str:secret>/fichiers/<uuid:key>/", guest_beside.file, name="file"),
    path("<str:secret>/fichiers/<uuid:key>/retirer/", guest_beside.remove_file, name="remove_file"),
    path("<str:secret>/question/<slug:code>/commentaires/", guest_beside.threads, name="threads"),
]
