"""A body with one object of each kind, its parent, an unrelated body; each private text carries its word."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.test import override_settings
from django.utils import translation

from assessments.models import Assessment, Evidence
from core import clock
from core.audit import Visitor as AnyVisitor
from core.models import Intent
from core.models.intent import IntentState
from core.pdf import RenderedPdf
from organizations.models import AccessRequest, AccessToken, Invitation, Organization, User
from organizations.services import links
from organizations.services.access import request_access
from organizations.services.invitations import invite
from organizations.services.public_copy import publish_body
from organizations.services.tokens import create_token
from organizations.workflow import Role, SecondLook
from registry.models import (
    AISystem,
    ErrorReport,
    ForeignSystem,
    ImportRun,
    PublicationRequest,
    SavedView,
    Solution,
    SolutionClaim,
    SystemGrant,
    SystemPart,
)
from registry.services.citizens import answer_error_report
from registry.services.common_tools import publish_common_tools, save_common_tools
from registry.services.exceptions import grant_exception
from registry.services.imports import (
    map_columns,
    order_inventory_import,
    order_register_import,
    start_inventory_import,
)
from registry.services.intake import report_error
from registry.services.no_ai import attest_no_ai
from registry.services.parts import add_part
from registry.services.publication import answer_publication_request, publish_system, withdraw_publication
from registry.services.saved_views import save_view
from registry.services.solutions import add_claim, enter_solution, use_solution
from registry.services.systems import begin_system, declare_system, save_answers
from registry.services.withholding import withhold_system
from registry.workflow import Phase
from reports.models import Report
from reports.services import fail_report, keep_document, request_assessment_report, request_sheet
from reports.tasks import JOB
from tests.access.assessed import Assessed, surrounded
from tests.access.assessments import begun, joined
from tests.access.people import OTHER, OWN, PARENT, Crowd, gather, known_person
from tests.access.words import Word
from tests.factories.organizations import OrganizationFactory
from tests.factories.publications import foreign

# Two rows become drafts, the last one stays out: it has no name.
INVENTORY = f"Nom;Besoin\n{Word.DRAFT} un;{Word.DRAFT} besoin\n{Word.DRAFT} deux;\n;{Word.IMPORTED} sans nom\n"
REJECTED_ROW = 4


@dataclass
class World:
    """What the addresses of the table point to. `body` owns every object; nobody of the crowd made one."""

    body: Organization
    parent: Organization
    other: Organization
    crowd: Crowd
    author: User
    second: User
    expert: User
    colleague: User
    stranger: User
    systems: dict[str, AISystem] = field(default_factory=dict)
    waiting: PublicationRequest = field(init=False)
    sent_back: PublicationRequest = field(init=False)
    grant: SystemGrant = field(init=False)
    row: SystemPart = field(init=False)
    saved_view: SavedView = field(init=False)
    assessments: dict[str, Assessment] = field(default_factory=dict)
    assessed: Assessed = field(init=False)
    evidence: Evidence = field(init=False)
    solution: Solution = field(init=False)
    claim: SolutionClaim = field(init=False)
    reports: dict[str, Report] = field(default_factory=dict)
    errors: dict[str, ErrorReport] = field(default_factory=dict)
    runs: dict[str, ImportRun] = field(default_factory=dict)
    invitation: Invitation = field(init=False)
    access_request: AccessRequest = field(init=False)
    foreign: ForeignSystem = field(init=False)
    failed_job: Intent = field(init=False)
    unconfirmed: EmailAddress = field(init=False)
    passkey: Authenticator = field(init=False)
    token: AccessToken = field(init=False)

    @property
    def invitation_secret(self) -> str:
        return links.invitation_secret(self.invitation.uuid, self.invitation.expires_at)

    @property
    def confirmation_key(self) -> str:
        return str(EmailConfirmationHMAC(self.unconfirmed).key)


def built_once(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[World]:
    """Fixture of a module: each request is undone, so that all of them meet the same objects."""
    files = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(tmp_path_factory.mktemp("files"))},
    }
    storages = settings.STORAGES | {"default": files}
    # A slow hash protects passwords of people, and each sign-in of the table would cost a third of a second.
    quick = override_settings(STORAGES=storages, PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"])
    with django_db_blocker.unblock(), quick, translation.override("fr"):
        with transaction.atomic():
            yield build()
            transaction.set_rollback(True)


def build() -> World:
    parent = OrganizationFactory(sigle="DESSUS", name_fr="Ministère du dessus")
    body = OrganizationFactory(
        sigle="CIBLE", name_fr="Organisme visé", parent=parent, highest_authority_fr=f"Direction {Word.PEOPLE}"
    )
    other = OrganizationFactory(sigle="VOISIN", name_fr="Organisme voisin")
    author = _of_the_body(body, Role.SYSTEM_OWNER, Role.AI_LEAD, Role.ORGANIZATION_ADMIN)
    for each in (parent, body, other):
        publish_body(organization=each, by=author)
    world = World(
        body=body,
        parent=parent,
        other=other,
        crowd=gather({OWN: body, OTHER: other, PARENT: parent}),
        author=author,
        second=_of_the_body(body, Role.PRIVACY_OFFICER, Role.DECIDING_AUTHORITY),
        expert=known_person(other, Role.READER, name=f"Experte {Word.EXPERT}", email=f"{Word.EXPERT}@voisin.example"),
        colleague=_of_the_body(body, Role.READER),
        stranger=known_person(name=f"Inconnue {Word.ASKING}", email=f"{Word.ASKING}@ailleurs.example"),
    )
    _solution(world)
    _systems(world)
    _second_looks(world)
    world.assessments = begun(world.systems, by=world.author, decides=world.second)
    world.evidence = joined(world.assessments["efvp"], by=world.author)
    world.assessed = surrounded(world)
    _reports(world)
    _citizens(world)
    _imports(world)
    _joining(world)
    _platform(world)
    return world


def _of_the_body(body: Organization, *roles: Role) -> User:
    code = uuid.uuid4().hex[:6]
    return known_person(body, *roles, name=f"Personne {Word.PEOPLE}", email=f"{Word.PEOPLE}.{code}@cible.example")


def answers(word: str) -> dict[str, Any]:
    """Every answer of a declaration, each text with this word."""
    return {
        "name_fr": f"Système {word}",
        "summary_fr": f"Classe les demandes {word}.",
        "need_fr": f"Les demandes attendaient {word}.",
        "unit_fr": f"Direction {word}",
        "contact_email": f"{word}@cible.example",
        "contact_phone": f"418 555-0100 {word}",
        "phase": Phase.PILOT,
        "affected": ["service_users"],
        "affected_details_fr": f"Des personnes {word}",
        "autonomy": "recommends",
        "personal_information": "no",
        "data_description_fr": f"Le texte des demandes {word}.",
        "category": "decision_support",
        "benefit_fr": f"Deux jours {word}.",
        "origin": "supplier",
        "supplier": f"Entreprise {Word.SUPPLIER}",
    }


def _declared(world: World, *words: str) -> AISystem:
    """Declared with the texts of the first word, then saved with those of each other one."""
    system = begin_system(organization=world.body, answers=answers(words[0]), by=world.author)
    system = declare_system(system=system, by=world.author)
    for word in words[1:]:
        system = save_answers(system=system, answers=answers(word), version=system.version, by=world.author)
    return system


def _solution(world: World) -> None:
    """A product with one claim: its general name and its description are public, the rest is for staff."""
    names = {"name_fr": "Trieur de demandes", "trade_name": f"Marque {Word.SOLUTION}", "supplier": Word.SOLUTION}
    world.solution = enter_solution(organization=world.body, answers=names, by=world.author)
    claim = {"claim_fr": "Rien ne se perd.", "source": "Fiche du produit", "stated_on": date(2026, 3, 1)}
    world.claim = add_claim(solution=world.solution, answers=claim, by=world.author)


def _systems(world: World) -> None:
    """A draft, a declared one whose history keeps other texts, a public one with changes not public yet, a withdrawn
    one, one that the law keeps from the public, and an exception.
    """
    draft = begin_system(organization=world.body, answers=answers(Word.DRAFT), by=world.author)
    public = _declared(world, "public")
    public = use_solution(system=public, solution=world.solution, seen=None, by=world.author)
    publish_system(system=public, by=world.author)
    public = save_answers(system=public, answers=answers(Word.DECLARED), version=public.version, by=world.author)
    withdrawn = _declared(world, "retiré")
    publish_system(system=withdrawn, by=world.author)
    withdraw_publication(system=withdrawn, reason="Une erreur sur la fiche.", by=world.second)
    withheld = _declared(world, "retenu")
    withhold_system(system=withheld, ground="security_measure", by=world.second)
    declared = _declared(world, Word.BEFORE, Word.DECLARED)
    declared = use_solution(system=declared, solution=world.solution, seen=None, by=world.author)
    world.systems = {
        "draft": draft,
        "declared": declared,
        "public": public,
        "withdrawn": withdrawn,
        "withheld": withheld,
    }
    today = clock.civil_date(clock.now())
    site = {"name_fr": "Modèle", "place_fr": "Québec", "country": "quebec"}
    world.row = add_part(system=world.systems["declared"], part="hosting", answers=site, by=world.author)
    world.saved_view = save_view(name=f"Liste {Word.PEOPLE}", query="phase=pilot", by=world.author)
    used = {"translation": {"is_used": "yes", "product": f"Outil {Word.DRAFT}"}}
    save_common_tools(organization=world.body, answers=used, version=0, by=world.author)
    publish_common_tools(organization=world.body, by=world.author)
    _attestation(world, today)
    world.grant = grant_exception(
        system=declared,
        email=world.expert.email,
        reason=f"Expertise {Word.REASON}",
        ends_on=today + timedelta(days=30),
        by=world.author,
    )


def _attestation(world: World, today: date) -> None:
    """The neighbour, which has no system, attests that it uses no AI."""
    by = known_person(world.other, Role.AI_LEAD, name="Responsable voisin", email="ia@voisin.example")
    attest_no_ai(organization=world.other, attested_on=today, by=by)


def _second_looks(world: World) -> None:
    """One request waits, another was sent back; the body then goes on without a required second look."""
    Organization.objects.filter(pk=world.body.pk).update(second_look=SecondLook.REQUIRED)
    for name in ("waiting", "sent_back"):
        system = _declared(world, Word.DECLARED)
        asked = publish_system(system=system, by=world.author)
        assert isinstance(asked, PublicationRequest)
        setattr(world, name, asked)
    answer_publication_request(
        request=world.sent_back, move="send_back", comment=f"À revoir: {Word.COMMENT}", by=world.second
    )
    Organization.objects.filter(pk=world.body.pk).update(second_look=SecondLook.RECOMMENDED)


def _reports(world: World) -> None:
    """A sheet ready, one that failed, one that waits, one of a draft, one of an assessment."""
    for name, system in (("ready", "declared"), ("failed", "declared"), ("waiting", "declared"), ("draft", "draft")):
        world.reports[name] = request_sheet(
            system=world.systems[system], language="fr", by=world.author, request_key=uuid.uuid4()
        )
    world.reports["assessment"] = request_assessment_report(
        assessment=world.assessments["decided"], language="fr", by=world.author, request_key=uuid.uuid4()
    )
    for name, word in (("ready", Word.DECLARED), ("draft", Word.DRAFT), ("assessment", Word.ASSESSED)):
        text = f"%PDF-1.7\n{word}\n"
        document = RenderedPdf(html=f"<p>{text}</p>", content=text.encode(), sha256="0" * 64, pages=1)
        keep_document(report=world.reports[name], document=document, by=JOB)
    fail_report(report=world.reports["failed"], by=JOB)


def _citizens(world: World) -> None:
    """Two errors reported by visitors, one of them answered; a record of a register from elsewhere."""
    reference = world.systems["public"].reference or ""
    for name in ("received", "answered"):
        world.errors[name] = report_error(
            reference=reference,
            message=f"Une faute {Word.CITIZEN}",
            email=f"{Word.CITIZEN}@visiteur.example",
            by=AnyVisitor(),
            request_key=uuid.uuid4(),
        )
    answer_error_report(report=world.errors["answered"], answer="C'est corrigé.", by=world.author)
    world.foreign = foreign()


def _imports(world: World) -> None:
    """A run of each kind: inventories at three of their steps, a register from elsewhere."""
    for step in ("new", "mapped", "done"):
        run = order_inventory_import(
            organization=world.body,
            content=INVENTORY.encode(),
            file_name=f"{Word.IMPORTED}.csv",
            by=world.author,
            request_key=uuid.uuid4(),
        )
        if step != "new":
            run = map_columns(run=run, columns=run.mapping["columns"], by=world.author)
        world.runs[step] = start_inventory_import(run=run, by=world.author) if step == "done" else run
    operator = known_person(OrganizationFactory(sigle="EXPLOIT"), Role.PLATFORM_ADMIN)
    world.runs["register"] = order_register_import(
        register="ca", content=b"a;b\n1;2\n", file_name="registre.csv", by=operator, request_key=uuid.uuid4()
    )


def _joining(world: World) -> None:
    """An invitation sent an hour ago, so that it may be sent again; a request for access."""
    sent = invite(
        organization=world.body,
        email=f"{Word.INVITED}@cible.example",
        roles=[Role.READER],
        language="fr",
        by=world.author,
    )
    sent.expires_at -= timedelta(hours=1)
    sent.token_digest = links.digest(links.invitation_secret(sent.uuid, sent.expires_at))
    sent.save()
    world.invitation = sent
    world.access_request = request_access(
        organization=world.body, function=f"Analyste {Word.ASKING}", by=world.stranger
    )


def _platform(world: World) -> None:
    """A job that failed, an e-mail to confirm, a passkey and an access token that belong to somebody else."""
    moment = clock.now()
    world.failed_job = Intent.objects.create(
        task="organizations.tasks.send_message",
        dedup_key=uuid.uuid4().hex,
        state=IntentState.FAILED,
        created_at=moment,
        due_at=moment,
        finished_at=moment,
        last_error=f"Erreur {Word.JOB}",
    )
    newcomer = known_person(email="nouvelle@ailleurs.example")
    world.unconfirmed = EmailAddress.objects.create(user=newcomer, email="a-confirmer@ailleurs.example")
    world.passkey = Authenticator.objects.create(
        user=world.stranger, type=Authenticator.Type.WEBAUTHN, data={"name": "Clé", "credential": {}}
    )
    world.token, _secret = create_token(
        user=world.author,
        name=f"Script {Word.PEOPLE}",
        scopes=["read_systems"],
        expires_on=clock.civil_date(moment) + timedelta(days=30),
        by=world.author,
    )
