"""Rows of a system: what it has several of. The field catalogue says how each is asked, explained and shown.

Texts are in French; those that the public reads have an English twin, filled only where the body publishes in English.
"""

import uuid
from collections.abc import Mapping

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.models import Versioned, keep_history
from registry.models.columns import line, link, many_codes, one_code, paragraph
from registry.models.system import AISystem
from registry.rules.days import PLAUSIBLE_YEARS


class SystemPart(Versioned):
    """What the rows of a system share. A person of the body adds, corrects and removes them; history keeps each state.

    Retention: with its system.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    system = models.ForeignKey(AISystem, on_delete=models.CASCADE, related_name="%(class)s_rows")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    updated_at = models.DateTimeField()
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self._meta.model_name} {self.pk}"


@keep_history()
class DataUse(SystemPart):
    """One data set, and what it serves for in the system: training, testing, input, reference, output.

    Retention: with its system.
    """

    name_fr = line()
    name_en = line()
    roles = many_codes()
    source_fr = line(400)
    source_en = line(400)
    has_personal_information = one_code()
    version_label = line(100)
    known_bias_fr = paragraph(1500)
    known_bias_en = paragraph(1500)
    permitted_use_fr = paragraph(1000)
    permitted_use_en = paragraph(1000)
    url = link()

    class Meta(SystemPart.Meta):
        constraints = [
            models.CheckConstraint(condition=~Q(name_fr="") & ~Q(roles=[]), name="datause_has_name_and_role"),
        ]


@keep_history()
class HostingSite(SystemPart):
    """One place where the system or its data are, who operates it, and under which country's law its group stands.

    Retention: with its system.
    """

    name_fr = line()
    name_en = line()
    place_fr = line()
    place_en = line()
    country = one_code()
    operator = line()
    operator_parent = line()
    operator_country = one_code()

    class Meta(SystemPart.Meta):
        constraints = [
            models.CheckConstraint(
                condition=~(Q(name_fr="") | Q(place_fr="") | Q(country="")), name="hostingsite_says_where"
            ),
        ]


@keep_history()
class Recourse(SystemPart):
    """One way to contest, to ask or to be heard: against what, for whom, how, within what time, to what effect.

    Retention: with its system.
    """

    target = one_code()
    who_fr = line(300)
    who_en = line(300)
    channel_fr = line(400)
    channel_en = line(400)
    deadline_fr = line()
    deadline_en = line()
    effect_fr = line(400)
    effect_en = line(400)
    url = link()

    class Meta(SystemPart.Meta):
        constraints = [
            models.CheckConstraint(
                condition=~(Q(target="") | Q(who_fr="") | Q(channel_fr="")), name="recourse_says_how"
            ),
        ]


@keep_history()
class AdverseEvent(SystemPart):
    """Something that went wrong with the system and touched people, or could have. The public reads its date, whether
    the system was stopped, and the public summary; the rest is internal.

    Retention: with its system.
    """

    occurred_on = models.DateField()
    what_happened_fr = paragraph(2000)
    who_touched_fr = paragraph(1000)
    cause_fr = paragraph(1500)
    correction_fr = paragraph(1500)
    was_stopped = one_code()
    public_summary_fr = paragraph(1000)
    public_summary_en = paragraph(1000)

    class Meta(SystemPart.Meta):
        ordering = ["-occurred_on", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(what_happened_fr=""), name="adverseevent_says_what_happened"),
            models.CheckConstraint(condition=Q(was_stopped__in=["yes", "no"]), name="adverseevent_stopped_known"),
        ]


@keep_history()
class Benefit(SystemPart):
    """One benefit promised, in figures: before the system, the target, then what is measured each year.

    Retention: with its system.
    """

    name_fr = line()
    name_en = line()
    unit_fr = line(60)
    unit_en = line(60)
    baseline = models.DecimalField(max_digits=16, decimal_places=3, null=True, blank=True)
    baseline_on = models.DateField(null=True, blank=True)
    target = models.DecimalField(max_digits=16, decimal_places=3, null=True, blank=True)
    target_on = models.DateField(null=True, blank=True)
    method_fr = line(400)
    method_en = line(400)

    class Meta(SystemPart.Meta):
        constraints = [
            models.CheckConstraint(condition=~(Q(name_fr="") | Q(unit_fr="")), name="benefit_has_name_and_unit"),
        ]

    def __str__(self) -> str:
        return self.name_fr


@keep_history()
class BenefitMeasure(SystemPart):
    """What one benefit was worth in one year, in the unit of the benefit.

    Retention: with its system.
    """

    benefit = models.ForeignKey(Benefit, on_delete=models.CASCADE, related_name="measures")
    year = models.PositiveSmallIntegerField()
    value = models.DecimalField(max_digits=16, decimal_places=3)
    note_fr = line(400)
    note_en = line(400)

    class Meta(SystemPart.Meta):
        ordering = ["benefit_id", "year", "id"]
        constraints = [
            models.UniqueConstraint(fields=["benefit", "year"], name="benefitmeasure_once_a_year"),
            models.CheckConstraint(condition=Q(year__range=PLAUSIBLE_YEARS), name="benefitmeasure_year_plausible"),
        ]


@keep_history()
class Metric(SystemPart):
    """One figure of how well the system works: what, how much, when, by which method, on whom.

    Retention: with its system.
    """

    name_fr = line()
    name_en = line()
    value_fr = line(60)
    value_en = line(60)
    measured_on = models.DateField()
    method_fr = line(400)
    method_en = line(400)
    population_fr = line(300)
    population_en = line(300)

    class Meta(SystemPart.Meta):
        ordering = ["-measured_on", "id"]
        constraints = [
            models.CheckConstraint(condition=~(Q(name_fr="") | Q(value_fr="")), name="metric_has_name_and_value"),
        ]


@keep_history()
class PrincipleAnswer(SystemPart):
    """How the system answers for one principle of the strategy in force.

    Retention: with its system.
    """

    principle = one_code()
    answer_fr = paragraph(1500)
    answer_en = paragraph(1500)

    class Meta(SystemPart.Meta):
        ordering = ["principle", "id"]
        constraints = [
            models.UniqueConstraint(fields=["system", "principle"], name="principleanswer_once"),
            models.CheckConstraint(condition=~(Q(principle="") | Q(answer_fr="")), name="principleanswer_says_how"),
        ]


@keep_history()
class StaffConsultation(SystemPart):
    """One time the staff was consulted about the system: who, what came out, whether it was followed, and why.

    Retention: with its system.
    """

    held_on = models.DateField()
    who_fr = line(300)
    outcome_fr = paragraph(1500)
    outcome_en = paragraph(1500)
    was_followed = one_code()
    reason_fr = paragraph(1000)
    reason_en = paragraph(1000)

    class Meta(SystemPart.Meta):
        ordering = ["-held_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~(Q(who_fr="") | Q(outcome_fr="")), name="staffconsultation_says_what_came_out"
            ),
            models.CheckConstraint(
                condition=Q(was_followed__in=["yes", "partly", "no"]), name="staffconsultation_followed_known"
            ),
        ]


@keep_history()
class FieldVisibility(models.Model):
    """The body shows, or does not show, one field of one system otherwise than the catalogue proposes, and says why.

    Retention: with its system.
    """

    system = models.ForeignKey(AISystem, on_delete=models.CASCADE, related_name="visibilities")
    field = models.CharField(max_length=40)
    visibility = models.CharField(max_length=10)
    reason = models.CharField(max_length=400)
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["field"]
        constraints = [
            models.UniqueConstraint(fields=["system", "field"], name="fieldvisibility_once"),
            models.CheckConstraint(
                condition=Q(visibility__in=["public", "on_request", "internal"]), name="fieldvisibility_known"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="fieldvisibility_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.field}: {self.visibility}"


# Part of the field catalogue → the table that holds its rows.
PART_MODELS: Mapping[str, type[SystemPart]] = {
    "datasets": DataUse,
    "hosting": HostingSite,
    "recourses": Recourse,
    "adverse_events": AdverseEvent,
    "benefits": Benefit,
    "measures": BenefitMeasure,
    "metrics": Metric,
    "principles": PrincipleAnswer,
    "consultations": StaffConsultation,
}
