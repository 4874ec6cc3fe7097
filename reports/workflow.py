"""Kinds and states of a report."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReportKind(models.TextChoices):
    SYSTEM_SHEET = "system_sheet", _("System sheet")
    ASSESSMENT = "assessment", _("Assessment")


class ReportState(models.TextChoices):
    REQUESTED = "requested", _("Being made")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Could not be made")
