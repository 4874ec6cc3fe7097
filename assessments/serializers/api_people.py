"""Who has which section of an assessment, as programs read it and change it."""

from typing import Any

from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiExample
from rest_framework import serializers

from assessments.models import Assessment
from assessments.scoring.asking import Reading
from assessments.scoring.completeness import completeness
from core.rest.fields import Day, Identifier, Strict
from core.rest.paging import PageSerializer
from core.text import reader_language


class PersonSerializer(serializers.Serializer[Any]):
    """Somebody of the body."""

    uuid = serializers.UUIDField()
    name = serializers.CharField(source="__str__")


class NameableSerializer(PersonSerializer):
    """Somebody whom a comment may call, and to whom a section may be entrusted where it says so."""

    may_fill_in = serializers.BooleanField(help_text=gettext_lazy("A section may be entrusted to this person."))


class NameablePageSerializer(PageSerializer):
    results = NameableSerializer(many=True)


class SectionSerializer(serializers.Serializer[Any]):
    """One section, how far it is, and who has it."""

    code = serializers.CharField()
    title = serializers.CharField()
    asked = serializers.IntegerField(help_text=gettext_lazy("Questions that are asked now."))
    answered = serializers.IntegerField(help_text=gettext_lazy("Those that are answered."))
    required = serializers.IntegerField(  # type: ignore[assignment]  # a member of this name
        help_text=gettext_lazy("Mandatory questions.")
    )
    missing = serializers.ListField(
        child=serializers.CharField(), help_text=gettext_lazy("Ids of the mandatory questions that wait.")
    )
    person = PersonSerializer(allow_null=True, help_text=gettext_lazy("To whom it is entrusted, if to anybody."))
    due_on = serializers.DateField(allow_null=True)


class SectionsSerializer(serializers.Serializer[Any]):
    """Every section, in the order of the questionnaire."""

    version = serializers.IntegerField(help_text=gettext_lazy("Of the assessment; the ETag repeats it."))
    sections = SectionSerializer(many=True)


def sections_told(assessment: Assessment, reading: Reading) -> dict[str, Any]:
    """Two queries more than the reading."""
    language = reader_language()
    given = {each.section: each for each in assessment.assignments.select_related("person")}
    rows = []
    for state in completeness(reading).sections:
        entrusted = given.get(state.section.code)
        rows.append(
            {
                "code": state.section.code,
                "title": state.section.title[language],
                "asked": state.asked,
                "answered": state.answered,
                "required": state.required,
                "missing": [question.id for question in state.missing],
                "person": PersonSerializer(entrusted.person).data if entrusted else None,
                "due_on": entrusted.due_on if entrusted else None,
            }
        )
    return {"version": assessment.version, "sections": rows}


class EntrustedSerializer(Strict):
    """To whom, and until when."""

    person = Identifier(allow_null=True, help_text=gettext_lazy("Of a person of the body; null: nobody."))
    due_on = Day(required=False, allow_null=True, help_text=gettext_lazy("Today or later."))


ENTRUST = OpenApiExample(
    "entrust", value={"person": "0b0e9a3e-4f3e-4c3b-9d55-3a6f0d8f2c11", "due_on": "2026-12-18"}, request_only=True
)
