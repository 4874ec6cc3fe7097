"""The documentation of the API: a page like any other, made from the description that programs read."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from rest_framework.settings import api_settings

from core.rest.schema import description
from transparency.serializers.documentation import Member, Operation, RowShape, Subject, arranged
from transparency.views.page import public_page, show


@public_page
def documentation(request: HttpRequest) -> HttpResponse:
    """Every operation with its parameters, what it answers and a command to copy; every field; every refusal."""
    found = arranged(description(), address=settings.PUBLIC_URL)
    columns = [_("Code"), _("Kind"), _("What it is")]
    context = {
        "subjects": [(one, _title(one), [_told(each) for each in one.operations]) for one in found.subjects],
        "fields": {"columns": columns, "rows": [_row(one) for one in found.answers]},
        "parts": [_part(one, columns) for one in found.rows],
        "problems": found.problems,
        "rates": {who: str(rate).removesuffix("/min") for who, rate in api_settings.DEFAULT_THROTTLE_RATES.items()},
    }
    return show(request, "transparency/api.html", context)


def _title(subject: Subject) -> str:
    return {
        "entry": _("Entry point"),
        "publications": _("Published systems"),
        "bodies": _("Public bodies"),
        "systems": _("Systems, for staff"),
        "assessments": _("Assessments, for staff"),
    }[subject.code]


def _told(operation: Operation) -> dict[str, Any]:
    """One operation with its tables; one that would be empty is not there."""
    columns = [_("Name"), _("Where"), _("Kind"), _("What it is")]
    parameters = [[one.name, one.where, one.kind, one.about] for one in operation.parameters]
    members = [_("Name"), _("Kind"), _("What it is")]
    return {
        "operation": operation,
        "parameters": {"columns": columns, "rows": parameters},
        "sent": {"columns": members, "rows": [_row(one) for one in operation.sent]},
        "answered": {"columns": members, "rows": [_row(one) for one in operation.answered]},
        "statuses": {"columns": [_("Status"), _("What happened")], "rows": operation.statuses},
    }


def _part(shape: RowShape, columns: list[str]) -> tuple[str, dict[str, Any]]:
    return f"{shape.code} – {shape.title}", {"columns": columns, "rows": [_row(one) for one in shape.members]}


def _row(member: Member) -> list[str]:
    return [member.name, member.kind, member.about]
