"""Addresses of this room for signed-in people, under /espace/."""

from django.urls import path

from organizations.views import access, bodies, handover, members, places, platform, todo

app_name = "organizations"
urlpatterns = [
    path("", todo.todo, name="todo"),
    path("organismes/", bodies.bodies, name="bodies"),
    path("organismes/nouveau/", bodies.new_body, name="new_body"),
    path("organismes/<uuid:uuid>/", bodies.body, name="body"),
    path("organismes/<uuid:uuid>/fiche/", bodies.edit, name="edit"),
    path("organismes/<uuid:uuid>/nom/", places.rename, name="rename"),
    path("organismes/<uuid:uuid>/place/", places.move, name="move"),
    path("organismes/<uuid:uuid>/fusion/", places.merge, name="merge"),
    path("organismes/<uuid:uuid>/fermeture/", places.close, name="close"),
    path("organismes/<uuid:uuid>/personnes/", members.members, name="members"),
    path("organismes/<uuid:uuid>/personnes/inviter/", members.invite, name="invite"),
    path("organismes/<uuid:uuid>/personnes/<uuid:person_uuid>/relais/", handover.handover, name="handover"),
    path("organismes/<uuid:uuid>/personnes/<uuid:person_uuid>/fonctions/", members.give, name="give_role"),
    path("organismes/<uuid:uuid>/personnes/<uuid:person_uuid>/fonctions/<slug:role>/", members.end, name="end_role"),
    path("invitations/<uuid:uuid>/renvoyer/", members.resend, name="resend_invitation"),
    path("invitations/<uuid:uuid>/retirer/", members.withdraw, name="withdraw_invitation"),
    path("demandes-acces/<uuid:uuid>/", access.access_request, name="access_request"),
    path("demander-acces/", access.request_access, name="request_access"),
    path("demander-acces/<uuid:uuid>/", access.request_access_to, name="request_access_to"),
    path("plateforme/", platform.failed_jobs, name="failed_jobs"),
    path("plateforme/taches/<int:number>/reprendre/", platform.retry, name="retry_job"),
]
