"""Addresses of the API of assessments, under /api/v1/."""

from django.urls import path

from assessments.api import (
    assessments,
    deciding,
    deposits,
    evidence,
    exports,
    guests,
    history,
    offers,
    questionnaires,
    screening,
    sections,
    steps,
    threads,
)

app_name = "assessments_api"
urlpatterns = [
    path("questionnaires/", questionnaires.Questionnaires.as_view(), name="questionnaires"),
    path(
        "questionnaires/<slug:instrument>/<str:questionnaire>/",
        questionnaires.QuestionnaireView.as_view(),
        name="questionnaire",
    ),
    path("assessments/", assessments.Assessments.as_view(), name="assessments"),
    path("assessments/<uuid:assessment>/", assessments.AssessmentView.as_view(), name="assessment"),
    path("assessments/<uuid:assessment>/depth/", steps.DepthView.as_view(), name="depth"),
    path("assessments/<uuid:assessment>/submit/", steps.Submit.as_view(), name="submit"),
    path("assessments/<uuid:assessment>/take-back/", steps.TakeBack.as_view(), name="take_back"),
    path("assessments/<uuid:assessment>/withdraw/", steps.Withdraw.as_view(), name="withdraw"),
    path("assessments/<uuid:assessment>/decide/", deciding.Decide.as_view(), name="decide"),
    path("assessments/<uuid:assessment>/accept-risk/", deciding.Accept.as_view(), name="accept_risk"),
    path("assessments/<uuid:assessment>/result/", screening.Result.as_view(), name="result"),
    path("assessments/<uuid:assessment>/conclude/", screening.Conclude.as_view(), name="conclude"),
    path("assessments/<uuid:assessment>/sign/", deciding.Sign.as_view(), name="sign"),
    path("assessments/<uuid:assessment>/evidence/", evidence.Files.as_view(), name="files"),
    path("assessments/<uuid:assessment>/evidence/<uuid:file>/", evidence.FileView.as_view(), name="file"),
    path(
        "assessments/<uuid:assessment>/evidence/<uuid:file>/file/",
        evidence.EvidenceFile.as_view(),
        name="evidence_file",
    ),
    path("assessments/<uuid:assessment>/history/", history.History.as_view(), name="history"),
    path("assessments/<uuid:assessment>/export/", exports.Export.as_view(), name="export"),
    path("assessments/<uuid:assessment>/offers/", offers.Offers.as_view(), name="offers"),
    path("assessments/<uuid:assessment>/people/", sections.People.as_view(), name="people"),
    path("assessments/<uuid:assessment>/sections/", sections.Sections.as_view(), name="sections"),
    path("assessments/<uuid:assessment>/sections/<str:section>/", sections.SectionView.as_view(), name="section"),
    path("assessments/<uuid:assessment>/threads/", threads.Threads.as_view(), name="threads"),
    path("assessments/<uuid:assessment>/threads/<uuid:thread>/", threads.ThreadView.as_view(), name="thread"),
    path("assessments/<uuid:assessment>/threads/<uuid:thread>/comments/", threads.Comments.as_view(), name="comments"),
    path("assessments/<uuid:assessment>/threads/<uuid:thread>/resolve/", threads.Resolve.as_view(), name="resolve"),
    path("assessments/<uuid:assessment>/threads/<uuid:thread>/reopen/", threads.Reopen.as_view(), name="reopen"),
    path("assessments/<uuid:assessment>/guests/", guests.Guests.as_view(), name="guests"),
    path(
        "assessments/<uuid:assessment>/guests/<uuid:guest>/withdraw/", guests.Withdraw.as_view(), name="withdraw_guest"
    ),
    path("deposits/", deposits.Deposits.as_view(), name="deposits"),
    path("deposits/<uuid:deposit>/", deposits.DepositView.as_view(), name="deposit"),
    path("deposits/<uuid:deposit>/file/", deposits.DepositFile.as_view(), name="deposit_file"),
    path("deposits/<uuid:deposit>/withdraw/", deposits.WithdrawDeposit.as_view(), name="withdraw_deposit"),
    path("deposits/<uuid:deposit>/draft/", deposits.OpenDeposit.as_view(), name="open_deposit"),
]
