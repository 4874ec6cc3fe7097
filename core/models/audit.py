"""The ledger: who did what, once, for ever."""

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models.base import never_emptied


class ActorKind(models.TextChoices):
    PERSON = "person", _("person")
    TOKEN = "token", _("access token")
    JOB = "job", _("named job")
    IMPORT = "import", _("import run")
    VISITOR = "visitor", _("visitor")
    GUEST = "guest", _("invited person")


class AuditEvent(models.Model):
    """One act of the office: submit, publish, grant, export, download of a restricted file.

    Written in the transaction of the act itself. Holds no personal data in clear: the person is a reference, and
    `commitment` is a salted digest of the facts, so that erasing a person never breaks the ledger. Never altered: a
    trigger refuses it to everyone, and the program's own role may not even try.
    Retention: as long as the body's calendar says for its register; erasure: the salt is forgotten, the digest stays.
    """

    at = models.DateTimeField(db_index=True)
    actor_kind = models.CharField(max_length=10, choices=ActorKind)
    actor_ref = models.CharField(max_length=100)
    verb = models.CharField(max_length=60)
    object_type = models.CharField(max_length=60)
    object_ref = models.CharField(max_length=100)
    organization_uuid = models.UUIDField(null=True, db_index=True)
    facts = models.JSONField(default=dict)
    salt = models.BinaryField(max_length=16)
    commitment = models.BinaryField(max_length=32)
    request_id = models.CharField(max_length=36, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["object_type", "object_ref"], name="auditevent_object")]
        constraints = [
            models.CheckConstraint(condition=~models.Q(actor_ref=""), name="auditevent_has_actor"),
            models.CheckConstraint(condition=~models.Q(verb=""), name="auditevent_has_verb"),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            never_emptied(),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.object_type} {self.object_ref}"
