"""Addresses of what stands beside the answers: files, comments, invited persons, deposits."""

from django.urls import URLPattern, URLResolver, path

from assessments.views import comments, deposits, evidence, guests, telling_record

urlpatterns: list[URLPattern | URLResolver] = [
    path("evaluations/<uuid:uuid>/question/<slug:code>/fichiers/", evidence.files, name="files"),
    path("evaluations/<uuid:uuid>/fichiers/<uuid:key>/", evidence.evidence_file, name="evidence_file"),
    path("evaluations/<uuid:uuid>/fichiers/<uuid:key>/retirer/", evidence.remove_file, name="remove_file"),
    path("evaluations/<uuid:uuid>/commentaires/", comments.open_threads, name="comments"),
    path("evaluations/<uuid:uuid>/question/<slug:code>/commentaires/", comments.threads, name="threads"),
    path("evaluations/<uuid:uuid>/invitations/", guests.guests, name="guests"),
    path("evaluations/<uuid:uuid>/invitations/nouvelle/", guests.invite, name="invite_guest"),
    path("evaluations/<uuid:uuid>/invitations/<uuid:key>/retirer/", guests.withdraw, name="withdraw_guest"),
    path("systemes/<uuid:uuid>/evaluations/verser/", deposits.deposit, name="deposit"),
    path("evaluations/versees/<uuid:uuid>/", deposits.deposited, name="deposited"),
    path("evaluations/versees/<uuid:uuid>/fichier/", deposits.deposit_file, name="deposit_file"),
    path("evaluations/versees/<uuid:uuid>/retirer/", deposits.withdraw, name="withdraw_deposit"),
    path("evaluations/versees/<uuid:uuid>/brouillon/", deposits.go_on_here, name="open_deposit"),
    path("evaluations/versees/<uuid:uuid>/fiche/", telling_record.by_deposit, name="deposit_in_record"),
    path("evaluations/<uuid:uuid>/fiche/", telling_record.by_assessment, name="in_record"),
]
