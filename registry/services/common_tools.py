"""Declaring everyday uses of AI together: saved as a page, published when the body chooses to."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.audit import record
from core.services import Difference, InvalidInput, NotAllowed, NotPossibleNow, check_length, check_version
from core.text import clean_line, reader_language
from organizations.models import Organization, User
from registry import permissions
from registry.models import CommonToolsForm, CommonToolUse, PublicCommonTools
from registry.rules.common_tools import COMMON_TOOLS
from registry.services.coverage import follow_register
from registry.services.systems import check_open

# Question → the answers it may have; the product is a text.
QUESTIONS: Mapping[str, Mapping[str, Mapping[str, str]] | None] = {
    "is_used": COMMON_TOOLS.answers,
    "product": None,
    "users_band": COMMON_TOOLS.bands,
    "personal_information": COMMON_TOOLS.answers,
    "has_rules": COMMON_TOOLS.answers,
}
# Tool → question → answer; what is not there was not asked.
Answers = Mapping[str, Mapping[str, str]]


@transaction.atomic
def save_common_tools(
    *, organization: Organization, answers: Answers, version: int, by: User
) -> tuple[CommonToolsForm | None, int]:
    """Keep the page as one person sent it; gives the page and how many uses changed. What somebody else changed since
    `version` is shown beside it (`EditConflict`).
    """
    if not permissions.can_declare(by, organization):
        raise NotAllowed(_("Your functions in this body do not let you declare its common tools."))
    body = Organization.objects.select_for_update().get(pk=organization.pk)
    check_open(body)
    page = CommonToolsForm.objects.filter(organization=body).first()
    known = {use.tool: use for use in CommonToolUse.objects.filter(organization=body)}
    typed = _changed(_cleaned(answers), known)
    check_version(page or CommonToolsForm(version=0), version, _differences(typed, known))
    if not typed:
        return page, 0
    moment = clock.now()
    for tool, given in typed.items():
        use = known.get(tool) or CommonToolUse(organization=body, tool=tool)
        for question, answer in given.items():
            setattr(use, question, answer)
        use.updated_at, use.updated_by = moment, by
        use.save()
    page = page or CommonToolsForm(organization=body, version=0)
    page.version, page.updated_at, page.updated_by = page.version + 1, moment, by
    page.save()
    record(by=by, verb="save_common_tools", thing=body, organization=body, facts={"changed": sorted(typed)})
    if any(given.get("is_used") == "yes" for given in typed.values()):
        follow_register(organization=body, by=by)
    return page, len(typed)


@transaction.atomic
def publish_common_tools(*, organization: Organization, by: User) -> PublicCommonTools:
    """Show on the public page of the body the uses it answered «yes» to, as they are now. Products stay internal."""
    body = _publishing(organization, by)
    uses = CommonToolUse.objects.filter(organization=body)
    used = set(uses.filter(is_used="yes").values_list("tool", flat=True))
    if not uses.exclude(is_used="").exists():
        raise NotPossibleNow(_("Answer at least one question before publishing."))
    shown = PublicCommonTools.objects.filter(organization=body).first() or PublicCommonTools(organization=body)
    shown.slug, shown.published_on = body.sigle.lower(), clock.civil_date(clock.now())
    shown.tools = [code for code in COMMON_TOOLS.codes if code in used]
    shown.save()
    record(by=by, verb="publish_common_tools", thing=body, organization=body, facts={"tools": shown.tools})
    return shown


@transaction.atomic
def withdraw_common_tools(*, organization: Organization, by: User) -> None:
    """The list leaves the public page; the answers stay."""
    body = _publishing(organization, by)
    shown = PublicCommonTools.objects.filter(organization=body).first()
    if shown is None:
        raise NotPossibleNow(_("This list is not public: there is nothing to withdraw."))
    shown.delete()
    record(by=by, verb="withdraw_common_tools", thing=body, organization=body)


def _publishing(organization: Organization, by: User) -> Organization:
    if not permissions.can_publish_for(by, organization):
        raise NotAllowed(_("Your functions in this body do not let you decide what the public reads."))
    return Organization.objects.select_for_update().get(pk=organization.pk)


def _cleaned(answers: Answers) -> dict[str, dict[str, str]]:
    """Known uses and questions only; codes of the lists, a product that fits its column."""
    found: dict[str, dict[str, str]] = {}
    for tool in COMMON_TOOLS.codes:
        given = {question: value for question, value in answers.get(tool, {}).items() if question in QUESTIONS}
        found[tool] = {question: _clean(tool, question, value) for question, value in given.items()}
    return found


def _clean(tool: str, question: str, value: str) -> str:
    choices = QUESTIONS[question]
    if choices is None:
        product = clean_line(value)
        check_length(product, CommonToolUse, "product", field=f"{question}_{tool}")
        return product
    if value and value not in choices:
        raise InvalidInput(_("Choose one of the answers of the list."), field=f"{question}_{tool}")
    return value


def _stored(known: Mapping[str, CommonToolUse], tool: str, question: str) -> str:
    return getattr(known[tool], question) if tool in known else ""


def _changed(cleaned: Answers, known: Mapping[str, CommonToolUse]) -> dict[str, dict[str, str]]:
    changed = {
        tool: {question: value for question, value in given.items() if value != _stored(known, tool, question)}
        for tool, given in cleaned.items()
    }
    return {tool: given for tool, given in changed.items() if given}


def _differences(typed: Answers, known: Mapping[str, CommonToolUse]) -> list[Difference]:
    labels = {tool.code: tool.label[reader_language()] for tool in COMMON_TOOLS.tools}
    found = []
    for tool, given in typed.items():
        for question, value in given.items():
            stored = _stored(known, tool, question)
            told = shown_answer(question, stored), shown_answer(question, value)
            label = f"{labels[tool]} – {question_label(question)}"
            use = known.get(tool)
            wrote = (str(use.updated_by), use.updated_at, use.updated_by.actor_ref) if use else ("", None, "")
            found.append(Difference(f"{question}_{tool}", label, *told, stored, value, *wrote))
    return found


def question_label(question: str) -> str:
    return {
        "is_used": _("Is it used?"),
        "product": _("Product (internal)"),
        "users_band": _("By how many people?"),
        "personal_information": _("With personal information?"),
        "has_rules": _("Did the staff get written rules?"),
    }[question]


def shown_answer(question: str, value: str) -> str:
    """The answer in the reader's words; a product as it was typed."""
    choices: Any = QUESTIONS[question]
    return choices[value][reader_language()] if choices and value in choices else value
