"""How each row of the table is asked for: what stands in the address, what the form sends.

A form is whole and right, so that the answer comes from who asks and not from what is missing.
"""

import time
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from unittest import mock

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.signing import TimestampSigner
from django.forms import BaseForm
from django.urls import reverse

from core import clock
from organizations.forms.bodies import NameForm, SheetForm
from organizations.workflow import Role
from registry.forms.declaration import AnswersForm, declaration_fields, section_fields
from registry.models import AISystem
from registry.public.sitemap import page_of_number
from registry.services.documents import digest_of, frozen_facts, kind_for
from tests.access import assessed, filling
from tests.access.assessments import FIVE, QUESTION_WITH_FILES
from tests.access.table import Row
from tests.access.visit import Asked
from tests.access.world import INVENTORY, REJECTED_ROW, World
from tests.factories.files import PDF
from tests.factories.organizations import PASSWORD

Arguments = Callable[[World], list[Any]]
Form = Callable[[World], dict[str, Any]]
QUESTIONS = {**assessed.QUESTIONS, **filling.QUESTIONS}


def asked_for(row: Row, world: World) -> Asked:
    arguments = ARGUMENTS.get((row.page, row.case)) or ARGUMENTS.get((row.page, "*"))
    path = reverse(row.page, args=arguments(world) if arguments else [])
    if row.method == "GET":
        return Asked(row.method, path + QUESTIONS.get(row.page, ""))
    form = FORMS.get((row.page, row.case)) or FORMS.get((row.page, "*"))
    data = form(world) if form and row.method != "DELETE" else {}
    return Asked(row.method, path, data, is_api=row.page.split(":")[0].endswith("_api"))


def _system(page: str, *cases: str) -> dict[tuple[str, str], Arguments]:
    """`page` for each of these systems."""
    return {(page, case): lambda world, case=case: [world.systems[case].uuid] for case in cases}


def _body(*pages: str) -> dict[tuple[str, str], Arguments]:
    return {(f"organizations:{page}", "*"): lambda world: [world.body.uuid] for page in pages}


def _report(*pages: str, room: str = "reports") -> dict[tuple[str, str], Arguments]:
    return {
        (f"{room}:{page}", case): lambda world, case=case: [world.reports[case].uuid]
        for page in pages
        for case in ("ready", "failed", "waiting", "draft", "assessment")
    }


def _run(*pages: str) -> dict[tuple[str, str], Arguments]:
    return {
        (f"registry:{page}", case): lambda world, case=case: [world.runs[case].uuid]
        for page in pages
        for case in ("new", "mapped", "done", "register")
    }


def _sheet(*pages: str) -> dict[tuple[str, str], Arguments]:
    """Public pages of a system, by its number."""
    return {
        (f"transparency:{page}", case): lambda world, case=case: [world.systems[case].reference]
        for page in pages
        for case in ("public", "declared", "withdrawn", "withheld")
    }


def _api(*pages: str) -> dict[tuple[str, str], Arguments]:
    """Public addresses of a system, for programs."""
    return {
        (f"public_api:{page}", case): lambda world, case=case, page=page: [
            world.systems[case].reference,
            *([1] if page == "version" else []),
        ]
        for page in pages
        for case in ("public", "declared", "withdrawn")
    }


def _assessment(case: str, *pages: str, room: str = "assessments_api") -> dict[tuple[str, str], Arguments]:
    """Addresses of the API about this assessment."""
    return {(f"{room}:{page}", case): lambda world: [world.assessments[case].uuid] for page in pages}


def _version(*pages: str) -> dict[tuple[str, str], Arguments]:
    return {
        (f"transparency:{page}", case): lambda world, case=case: [world.systems[case].reference, 1]
        for page in pages
        for case in ("public", "declared", "withdrawn", "withheld")
    }


def _reset(world: World) -> list[Any]:
    return [user_pk_to_url_str(world.colleague), default_token_generator.make_token(world.colleague)]


def _scope_answer(world: World) -> list[Any]:
    told = {
        "number": uuid.UUID(int=1).hex,
        "day": "2026-11-22",
        "tool": "Un outil",
        "answers": dict.fromkeys(("used", "ai", "decides", "personal"), "yes"),
        "result": "yes",
        "rules": "1.0",
    }
    return [signing.dumps(told, salt="transparency.scope", compress=True)]


ARGUMENTS: dict[tuple[str, str], Arguments] = {
    ("account_revoke_token", "*"): lambda world: [world.token.uuid],
    **_api("publication", "versions", "version"),
    ("public_api:body", "*"): lambda world: ["cible"],
    **_system("registry_api:system", "draft", "declared"),
    **_system("registry_api:declare", "draft", "declared"),
    **_system("registry_api:publish", "draft", "declared"),
    **_system("registry_api:phase", "draft", "declared"),
    **_system("registry_api:visibility", "draft", "declared"),
    ("registry_api:parts", "draft"): lambda world: [world.systems["draft"].uuid, "hosting"],
    ("registry_api:parts", "declared"): lambda world: [world.systems["declared"].uuid, "hosting"],
    ("registry_api:part", "declared"): lambda world: [world.systems["declared"].uuid, "hosting", world.row.uuid],
    ("registry_api:field_visibility", "declared"): lambda world: [world.systems["declared"].uuid, "risks_fr"],
    ("assessments_api:questionnaire", "*"): lambda world: [str(FIVE["id"]), str(FIVE["version"])],
    **{
        (f"assessments_api:{page}", "*"): lambda world: [world.assessed.deposit.uuid]
        for page in ("deposit", "deposit_file", "withdraw_deposit", "open_deposit")
    },
    **_assessment("efvp", "depth", "submit", "files", "export", "offers", "people", "sections", "threads", "guests"),
    **_assessment("decided", "export"),
    **_assessment("efvp", "pdf", room="reports_api"),
    **_assessment("decided", "pdf", room="reports_api"),
    ("assessments_api:section", "efvp"): lambda world: [world.assessments["efvp"].uuid, "project"],
    ("assessments_api:section", "submitted"): lambda world: [world.assessments["submitted"].uuid, "questions"],
    **{
        (f"assessments_api:{page}", "efvp"): lambda world: [world.assessments["efvp"].uuid, world.assessed.thread.uuid]
        for page in ("thread", "comments", "resolve", "reopen")
    },
    ("assessments_api:withdraw_guest", "efvp"): lambda world: [
        world.assessments["efvp"].uuid,
        world.assessed.guest.uuid,
    ],
    **{
        (f"assessments_api:{page}", "efvp"): lambda world: [world.assessments["efvp"].uuid, world.evidence.uuid]
        for page in ("file", "evidence_file")
    },
    **_assessment("draft", "offers", "assessment", "submit", "withdraw", "take_back", "decide", "result", "history"),
    **_assessment("submitted", "assessment", "submit", "take_back", "decide", "accept_risk"),
    **_assessment("screening", "result", "conclude"),
    **_assessment("concluded", "result", "conclude", "sign"),
    ("account_invitation", "*"): lambda world: [world.invitation_secret],
    ("account_first_steps", "*"): lambda world: [signing.dumps({"email": ""}, salt="organizations.first_link")],
    ("account_confirm_email", "*"): lambda world: [world.confirmation_key],
    ("account_reset_password_from_key", "*"): _reset,
    ("mfa_remove_webauthn", "*"): lambda world: [world.passkey.pk],
    ("mfa_edit_webauthn", "*"): lambda world: [world.passkey.pk],
    ("openid_connect_login", "*"): lambda world: ["organisme"],
    ("openid_connect_callback", "*"): lambda world: ["organisme"],
    **_body("body", "edit", "rename", "move", "merge", "close", "members", "invite"),
    ("organizations:give_role", "*"): lambda world: [world.body.uuid, world.colleague.uuid],
    ("organizations:handover", "*"): lambda world: [world.body.uuid, world.colleague.uuid],
    ("organizations:end_role", "*"): lambda world: [world.body.uuid, world.colleague.uuid, Role.READER],
    ("organizations:resend_invitation", "*"): lambda world: [world.invitation.uuid],
    ("organizations:withdraw_invitation", "*"): lambda world: [world.invitation.uuid],
    ("organizations:access_request", "*"): lambda world: [world.access_request.uuid],
    ("organizations:request_access_to", "*"): lambda world: [world.body.uuid],
    ("organizations:retry_job", "*"): lambda world: [world.failed_job.pk],
    ("registry:export", "csv"): lambda world: ["csv"],
    ("registry:export", "xlsx"): lambda world: ["xlsx"],
    ("registry:export", "zip"): lambda world: ["zip"],
    ("registry:saved_view", "*"): lambda world: [world.saved_view.uuid],
    ("registry:remove_view", "*"): lambda world: [world.saved_view.uuid],
    **_system("registry:system", "draft", "declared", "public"),
    **_system("registry:edit", "draft", "declared"),
    ("registry:section", "declared"): lambda world: [world.systems["declared"].uuid, "purpose"],
    **_system("registry:visibility", "declared"),
    ("registry:field_visibility", "declared"): lambda world: [world.systems["declared"].uuid, "risks_fr"],
    ("registry:add_part", "declared"): lambda world: [world.systems["declared"].uuid, "hosting"],
    ("registry:change_part", "declared"): lambda world: [world.systems["declared"].uuid, "hosting", world.row.uuid],
    ("registry:remove_part", "declared"): lambda world: [world.systems["declared"].uuid, "hosting", world.row.uuid],
    **_system("registry:declare", "draft", "declared"),
    **_system("registry:phase", "draft", "declared"),
    **_system("registry:put_away", "declared"),
    **_system("registry:lead", "declared"),
    **_system("registry:to_successor", "draft"),
    **_system("registry:bring_back", "declared"),
    **_system("registry:duplicate", "declared"),
    **_system("registry:publish", "draft", "declared"),
    **_system("registry:withdraw", "public"),
    **_system("registry:withhold", "public"),
    **_system("registry:history", "draft", "declared"),
    **_system("registry:access", "draft", "declared"),
    **_system("reports:request", "draft", "declared"),
    ("registry:end_access", "*"): lambda world: [world.systems["declared"].uuid, world.grant.pk],
    ("registry:second_look", "waiting"): lambda world: [world.waiting.case.uuid],
    ("registry:second_look", "sent_back"): lambda world: [world.sent_back.case.uuid],
    ("registry:error_report", "received"): lambda world: [world.errors["received"].uuid],
    ("registry:error_report", "answered"): lambda world: [world.errors["answered"].uuid],
    **_run("import_run", "import_columns", "import_sheet", "import_preview", "import_start", "import_abandon"),
    **_run("import_rejects", "import_entry", "import_undo"),
    **{
        (f"registry:{page}", "*"): lambda world: [world.body.uuid]
        for page in ("common_tools_of", "publish_tools", "withdraw_tools", "export_tools")
    },
    # The neighbour: nothing there stands against its attestation.
    ("registry:no_ai", "*"): lambda world: [world.other.uuid],
    ("registry:withdraw_no_ai", "*"): lambda world: [world.other.uuid],
    **{
        (f"registry:{page}", "*"): lambda world: [world.solution.uuid]
        for page in ("solution", "change_solution", "take_over_solution", "add_claim")
    },
    **{
        (f"registry:{page}", "*"): lambda world: [world.solution.uuid, world.claim.uuid]
        for page in ("change_claim", "remove_claim")
    },
    **_system("registry:choose_solution", "declared"),
    **_system("registry:enter_solution_for", "declared"),
    **_system("registry:detach_solution", "declared"),
    ("transparency:solution", "named"): lambda world: [world.solution.uuid],
    ("transparency:solution", "unknown"): lambda world: [uuid.UUID(int=7)],
    ("registry:import_row", "done"): lambda world: [world.runs["done"].uuid, REJECTED_ROW],
    ("registry:import_row", "register"): lambda world: [world.runs["register"].uuid, REJECTED_ROW],
    **_report("report", "page", "file", "restart"),
    **_report("report", "file", room="reports_api"),
    ("transparency:body", "*"): lambda world: ["cible"],
    ("transparency:search_file", "*"): lambda world: ["csv"],
    ("transparency:dictionary_file", "*"): lambda world: ["json"],
    ("transparency:coverage_file", "*"): lambda world: ["csv"],
    ("transparency:whole_register", "*"): lambda world: ["portrait.csv"],
    **{
        ("transparency:version_file", case): lambda world, case=case: [world.systems[case].reference, 1, "csv"]
        for case in ("public", "declared", "withdrawn", "withheld")
    },
    ("crawlers:sitemap_systems", "*"): lambda world: [
        page_of_number(world.systems["public"].public_record.pk),
    ],
    ("transparency:body_feed", "*"): lambda world: ["cible"],
    **_sheet("system", "report_error", "full", "differences", "system_feed"),
    **_version("version", "version_json", "full_version"),
    ("transparency:system_as_typed", "*"): lambda world: [str(world.systems["public"].reference).lower()],
    ("transparency:system_page_as_typed", "*"): lambda world: [
        str(world.systems["public"].reference).lower(),
        "signaler/",
    ],
    ("transparency:reported", "received"): lambda world: [world.errors["received"].code],
    ("transparency:reported", "answered"): lambda world: [world.errors["answered"].code],
    ("transparency:scope_answer", "*"): _scope_answer,
    **assessed.ARGUMENTS,
    **filling.ARGUMENTS,
    ("transparency:foreign_system", "*"): lambda world: [world.foreign.register, world.foreign.source_id],
}


def filled(form: BaseForm) -> dict[str, Any]:
    """What a browser would send of this form as it is shown."""
    sent = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in sent.items() if value not in (None, [], "")}


def _new_key() -> str:
    return str(uuid.uuid4())


def _day(days: int) -> str:
    return (clock.civil_date(clock.now()) + timedelta(days=days)).isoformat()


def _by_a_person(form: str) -> str:
    """The key of a public form that was shown half a minute ago."""
    with mock.patch("django.core.signing.time.time", return_value=time.time() - 30):
        return TimestampSigner(salt=form).sign(_new_key())


def _hosting() -> dict[str, str]:
    return {"name_fr": "Base de données", "place_fr": "Québec", "country": "quebec"}


def _claim() -> dict[str, str]:
    return {"claim_fr": "Tout est trouvé.", "source": "Présentation", "stated_on": "2026-05-04"}


def _entered(world: World) -> dict[str, Any]:
    return {"request_key": _new_key(), "organization": world.body.uuid, "name_fr": "Autre produit"}


def _section(world: World) -> dict[str, Any]:
    system = AISystem.objects.select_related("organization").get(pk=world.systems["declared"].pk)
    return filled(AnswersForm(system=system, asked=section_fields(system, "purpose")))


def _edited(world: World, case: str) -> dict[str, Any]:
    system = AISystem.objects.select_related("organization").get(pk=world.systems[case].pk)
    form = AnswersForm(system=system, asked=declaration_fields(system.organization))
    return filled(form) | {"benefit_fr": "Trois jours."}


def _published(world: World, case: str) -> dict[str, Any]:
    system = world.systems[case]
    return {"seen": digest_of(frozen_facts(system, kind_for(system)))}


FORMS: dict[tuple[str, str], Form] = {
    **assessed.FORMS,
    **filling.FORMS,
    ("account_new_token", "*"): lambda world: {
        "name": "Script",
        "scopes": ["read_systems"],
        "life": "30",
        "request_key": _new_key(),
    },
    ("registry_api:systems", "*"): lambda world: {"body": "CIBLE", "answers": {"name_fr": "Nouveau système"}},
    ("registry_api:system", "*"): lambda world: {"answers": {"benefit_fr": "Trois jours."}},
    ("registry_api:parts", "*"): lambda world: {"answers": _hosting()},
    ("registry_api:part", "*"): lambda world: {"answers": {"place_fr": "Lévis"}},
    ("registry_api:phase", "*"): lambda world: {"to": "suspended", "reason": "Une panne"},
    ("registry_api:field_visibility", "*"): lambda world: {"visibility": "internal", "reason": "Une enquête."},
    ("assessments_api:assessments", "*"): lambda world: {
        "system": str(world.systems["public"].uuid),
        "instrument": FIVE["id"],
    },
    ("assessments_api:assessment", "*"): lambda world: {"answers": {"notes": "Trois jours."}},
    ("assessments_api:depth", "*"): lambda world: {"depth": "", "reason": ""},
    ("assessments_api:files", "*"): lambda world: {
        "question": QUESTION_WITH_FILES,
        "file": SimpleUploadedFile("avis.pdf", PDF),
    },
    ("assessments_api:deposits", "*"): lambda world: {
        "system": str(world.systems["public"].uuid),
        "instrument": "efvp",
        "file": SimpleUploadedFile("efvp.pdf", PDF),
        "done_on": "2026-05-04",
        "approved_by_function": "Direction",
        "residual_level": "low",
        "summary_fr": "Rien de grave.",
    },
    ("assessments_api:withdraw_deposit", "*"): lambda world: {"reason": "Mauvais fichier."},
    ("assessments_api:withdraw", "*"): lambda world: {"reason": "Abandonné."},
    ("assessments_api:decide", "*"): lambda world: {"move": "send_back", "comment": "À revoir."},
    ("assessments_api:accept_risk", "*"): lambda world: {"function": "Sous-ministre", "text": "Accepté."},
    ("assessments_api:offers", "*"): lambda world: {"questions": ["title"]},
    ("assessments_api:section", "*"): lambda world: {"person": str(world.author.uuid), "due_on": _day(20)},
    ("assessments_api:threads", "*"): lambda world: {"question": QUESTION_WITH_FILES, "text": "Qui le dit?"},
    ("assessments_api:comments", "*"): lambda world: {"text": "Le plan."},
    ("assessments_api:resolve", "*"): lambda world: {"text": "Merci."},
    ("assessments_api:guests", "*"): assessed.invitation,
    ("assessments_api:conclude", "*"): lambda world: {"added": {}},
    ("assessments_api:sign", "*"): lambda world: {"note": "Vu."},
    ("reports_api:pdf", "*"): lambda world: {"language": "fr"},
    ("account_profile", "*"): lambda world: {"name": "Autre nom", "language": "fr"},
    ("account_invitation", "*"): lambda world: {"name": "Personne invitée", "password": PASSWORD},
    ("account_login", "*"): lambda world: {"login": world.colleague.email, "password": PASSWORD},
    ("account_signup", "*"): lambda world: {
        "name": "Nouvelle personne",
        "email": "nouveau@ailleurs.example",
        "password1": PASSWORD,
    },
    ("account_reauthenticate", "*"): lambda world: {"password": PASSWORD},
    ("account_email", "*"): lambda world: {"action_add": "", "email": "autre@ailleurs.example"},
    ("account_change_password", "*"): lambda world: {"oldpassword": PASSWORD, "password1": f"autre-{PASSWORD}"},
    ("account_reset_password", "*"): lambda world: {"email": world.colleague.email},
    ("organizations:new_body", "*"): lambda world: {
        "sigle": "NOUVEAU",
        "name_fr": "Nouvel organisme",
        "kind": "agency",
        "parent": world.body.pk,
        "request_key": _new_key(),
    },
    ("organizations:edit", "*"): lambda world: filled(SheetForm(None, organization=world.body)) | {"employees": 500},
    ("organizations:rename", "*"): lambda world: (
        filled(NameForm(None, organization=world.body))
        | {"nature": NameForm.CORRECTION, "name_fr": "Organisme visé, mieux écrit"}
    ),
    ("organizations:move", "*"): lambda world: {"parent": world.other.pk},
    ("organizations:merge", "*"): lambda world: {"into": world.other.pk, "effective_on": _day(0)},
    ("organizations:close", "*"): lambda world: {"closed_on": _day(0)},
    ("organizations:invite", "*"): lambda world: {
        "email": "nouvelle.personne@cible.example",
        "roles": [Role.READER],
        "language": "fr",
        "request_key": _new_key(),
    },
    ("organizations:invite", "platform"): lambda world: {
        "email": "nouvelle.personne@cible.example",
        "roles": [Role.PLATFORM_ADMIN],
        "language": "fr",
        "request_key": _new_key(),
    },
    ("organizations:give_role", "*"): lambda world: {"roles": [Role.AUDITOR]},
    ("organizations:give_role", "platform"): lambda world: {"roles": [Role.CENTRAL_AGENCY]},
    ("organizations:handover", "*"): lambda world: {"to": world.author.uuid, "kinds": ["functions"]},
    ("organizations:access_request", "grant"): lambda world: {"answer": "grant", "roles": [Role.READER]},
    ("organizations:access_request", "refuse"): lambda world: {"answer": "refuse"},
    ("organizations:request_access_to", "*"): lambda world: {"function": "Analyste"},
    ("registry:begin", "*"): lambda world: {
        "request_key": _new_key(),
        "situation": "project",
        "organization": world.body.uuid,
        "name_fr": "Nouveau système",
    },
    ("registry:edit", "draft"): lambda world: _edited(world, "draft"),
    ("registry:edit", "declared"): lambda world: _edited(world, "declared"),
    ("registry:saved_views", "*"): lambda world: {"name": "Mes pilotes", "query": "phase=pilot"},
    ("registry:saved_view", "*"): lambda world: {"name": "Autres pilotes"},
    ("registry:section", "*"): _section,
    ("registry:field_visibility", "*"): lambda world: {"visibility": "internal", "reason": "Une enquête."},
    ("registry:add_part", "*"): lambda world: {"request_key": _new_key(), **_hosting()},
    ("registry:change_part", "*"): lambda world: {"version": world.row.version, **_hosting()},
    ("registry:enter_solution", "*"): lambda world: _entered(world),
    ("registry:enter_solution_for", "*"): lambda world: _entered(world),
    ("registry:change_solution", "*"): lambda world: {"version": 1, "name_fr": "Trieur de courriels"},
    ("registry:add_claim", "*"): lambda world: {"request_key": _new_key(), **_claim()},
    ("registry:change_claim", "*"): lambda world: {"version": 1, **_claim()},
    ("registry:choose_solution", "*"): lambda world: {
        "solution": world.solution.uuid,
        "replaces": world.solution.uuid,
    },
    ("registry:detach_solution", "*"): lambda world: {"replaces": world.solution.uuid},
    ("registry:lead", "*"): lambda world: {"to": world.author.uuid},
    ("registry:put_away", "*"): lambda world: {"reason": "Déclaré deux fois"},
    ("registry:duplicate", "*"): lambda world: {"request_key": _new_key(), "organization": world.body.uuid},
    ("registry:phase", "*"): lambda world: {"to": "suspended", "reason": "Une panne"},
    ("registry:publish", "draft"): lambda world: _published(world, "draft"),
    ("registry:publish", "declared"): lambda world: _published(world, "declared"),
    ("registry:withdraw", "*"): lambda world: {"reason": "Le système a été arrêté."},
    ("registry:withhold", "*"): lambda world: {"ground": "security_measure"},
    ("registry:access", "*"): lambda world: {
        "email": world.stranger.email,
        "reason": "Une expertise",
        "ends_on": _day(20),
    },
    ("registry:second_look", "*"): lambda world: {"move": "approve"},
    ("registry:error_report", "*"): lambda world: {"answer": "C'est corrigé."},
    ("registry:import_inventory", "*"): lambda world: {
        "request_key": _new_key(),
        "organization": world.body.uuid,
        "file": SimpleUploadedFile("inventaire.csv", INVENTORY.encode(), "text/csv"),
    },
    ("registry:import_register", "*"): lambda world: {
        "request_key": _new_key(),
        "register": "ca",
        "file": SimpleUploadedFile("registre.csv", b"a;b\n1;2\n", "text/csv"),
    },
    ("registry:common_tools_of", "*"): lambda world: {"version": 1, "is_used_code": "no"},
    ("registry:no_ai", "*"): lambda world: {
        "request_key": _new_key(),
        "attested_on": clock.civil_date(clock.now()).isoformat(),
    },
    ("registry:import_columns", "*"): lambda world: {"column_0": "name_fr", "column_1": "need_fr"},
    ("registry:import_sheet", "*"): lambda world: {"sheet": "Feuille 1"},
    ("registry:import_row", "*"): lambda world: {"cell_0": "Un nom", "cell_1": "Un besoin"},
    ("reports:request", "*"): lambda world: {"language": "fr", "request_key": _new_key()},
    ("transparency:report_error", "*"): lambda world: {
        "message": "Le numéro de téléphone a changé.",
        "request_key": _by_a_person("ErrorReportForm"),
    },
    ("transparency:scope", "*"): lambda world: {
        **dict.fromkeys(("used", "ai", "decides", "personal"), "yes"),
        "request_key": _by_a_person("ScopeForm"),
    },
}
