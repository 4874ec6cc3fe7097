"""Addresses of this room."""

from django.urls import URLPattern, URLResolver, path

from assessments.urls import exports, files
from assessments.views import deciding, filling, history, listing, overview, screening, submitting

app_name = "assessments"
urlpatterns: list[URLPattern | URLResolver] = [
    path("evaluations/", listing.assessments, name="assessments"),
    path("systemes/<uuid:uuid>/evaluations/", overview.of_system, name="of_system"),
    path("systemes/<uuid:uuid>/evaluations/commencer/", overview.begin, name="begin"),
    path("evaluations/<uuid:uuid>/", overview.assessment, name="assessment"),
    path("evaluations/<uuid:uuid>/section/<slug:code>/", filling.section, name="section"),
    path("evaluations/<uuid:uuid>/question/<slug:code>/", filling.question, name="question"),
    path("evaluations/<uuid:uuid>/tout/", filling.everything, name="everything"),
    path("evaluations/<uuid:uuid>/suite/", overview.go_on, name="go_on"),
    path("evaluations/<uuid:uuid>/profondeur/", submitting.depth, name="depth"),
    path("evaluations/<uuid:uuid>/confier/<slug:code>/", overview.entrust, name="entrust"),
    path("evaluations/<uuid:uuid>/soumettre/", submitting.submit, name="submit"),
    path("evaluations/<uuid:uuid>/abandonner/", submitting.withdraw, name="withdraw"),
    path("evaluations/<uuid:uuid>/decider/", deciding.decide, name="decide"),
    path("evaluations/<uuid:uuid>/accepter-le-risque/", deciding.accept, name="accept"),
    path("evaluations/<uuid:uuid>/historique/", history.history, name="history"),
    path("evaluations/<uuid:uuid>/resultat/", screening.result, name="result"),
    path("evaluations/<uuid:uuid>/signer/", screening.sign, name="sign"),
    *exports.urlpatterns,
    *files.urlpatterns,
]
