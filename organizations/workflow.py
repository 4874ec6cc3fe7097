"""Kinds, regimes, roles and states of this room: codes and their words, nothing else."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    MINISTRY = "ministry", _("Ministry")
    AGENCY = "agency", _("Public body")
    MUNICIPALITY = "municipality", _("Municipality")
    HEALTH = "health", _("Health and social services institution")
    EDUCATION = "education", _("Educational institution")
    RESEARCH = "research", _("Research centre")
    CLUSTER = "cluster", _("Industry cluster")
    COMPANY = "company", _("Company")
    FOREIGN = "foreign", _("Foreign government")
    CENTRAL = "central", _("Central agency")


class Regime(models.TextChoices):
    """Legal regimes; a body may be under several. They choose the outside recourses and, later, the requirements."""

    LGGRI = "lggri", _("Governance of information resources (LGGRI, G-1.03)")
    MUNICIPAL = "municipal", _("Municipal")
    HEALTH = "health", _("Health and social services information (R-22.1)")
    STATISTICS = "statistics", _("Official statistics (I-13.011)")
    OFFICIAL_SOURCE = "official_source", _("Official source of government digital data")
    EDUCATION = "education", _("Education")


class SecondLook(models.TextChoices):
    """Whether another person must look before a sheet goes public, as the body chose (small bodies: impossible)."""

    REQUIRED = "required", _("Required: another person approves")
    RECOMMENDED = "recommended", _("Recommended: one may publish alone, and it shows")
    IMPOSSIBLE = "impossible", _("Impossible, for the reason given")


class SuccessionKind(models.TextChoices):
    RENAMED = "renamed", _("renamed")
    MERGED = "merged", _("merged into")
    SPLIT = "split", _("split into")


class Role(models.TextChoices):
    READER = "reader", _("Reader")
    CONTRIBUTOR = "contributor", _("Contributor")
    SYSTEM_OWNER = "system_owner", _("System owner")
    PRIVACY_OFFICER = "privacy_officer", _("Privacy officer (RPRP)")
    AI_LEAD = "ai_lead", _("AI lead")
    SECURITY_OFFICER = "security_officer", _("Information security officer")
    LEGAL_ADVISER = "legal_adviser", _("Legal adviser")
    DATA_STEWARD = "data_steward", _("Data steward")
    DECIDING_AUTHORITY = "deciding_authority", _("Deciding authority")
    COMMITTEE_MEMBER = "committee_member", _("Committee member")
    COMMITTEE_CHAIR = "committee_chair", _("Committee chair")
    COMMITTEE_SECRETARY = "committee_secretary", _("Committee secretary")
    ORGANIZATION_ADMIN = "organization_admin", _("Organization administration")
    CENTRAL_AGENCY = "central_agency", _("Central agency")
    AUDITOR = "auditor", _("Auditor")
    PLATFORM_ADMIN = "platform_admin", _("Platform operation")


class AccessRequestState(models.TextChoices):
    WAITING = "waiting", _("Waiting for an answer")
    GRANTED = "granted", _("Access granted")
    REFUSED = "refused", _("Access refused")


class Scope(models.TextChoices):
    """What a person lets one of their access tokens do: each is a part of what they may do themselves."""

    READ_SYSTEMS = "read_systems", _("Read systems")
    WRITE_SYSTEMS = "write_systems", _("Declare and change systems")
    PUBLISH = "publish", _("Publish sheets")
    READ_ASSESSMENTS = "read_assessments", _("Read assessments")
    WRITE_ASSESSMENTS = "write_assessments", _("Fill in and submit assessments")
