"""Comment threads: what people ask and answer one another beside a question."""

import uuid
from typing import Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Count, Prefetch, Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual

from core.models import keep_history
from core.models.base import never_emptied
from organizations.models import Organization, User

# A place is the id of a question, or what the room that calls makes of it: `b3_purposes`, `risks.2`.
PLACE = r"^[a-z][a-z0-9_.-]*$"
LONGEST_COMMENT = 4000


class CommentThreadQuerySet(models.QuerySet["CommentThread"]):
    def of(self, subject_uuid: uuid.UUID) -> Self:
        """The threads of one subject; the room that calls knows who may read it."""
        return self.filter(subject_uuid=subject_uuid)

    def at(self, place: str) -> Self:
        return self.filter(place=place)

    def open(self) -> Self:
        return self.filter(resolved_at__isnull=True)

    def resolved(self) -> Self:
        return self.filter(resolved_at__isnull=False)

    def with_comments(self) -> Self:
        """With all that a page shows of them, in three queries however many there are."""
        called = Prefetch("mentions", User.objects.order_by("name", "pk"))
        comments = Comment.objects.select_related("written_by").prefetch_related(called).order_by("number")
        return self.select_related("resolved_by").prefetch_related(Prefetch("comments", comments))

    def counts_by_place(self, subject_uuid: uuid.UUID) -> dict[str, tuple[int, int]]:
        """Place → how many threads are open, how many are resolved; a place without a thread is not there."""
        counts = self.of(subject_uuid).order_by().values("place")
        counts = counts.annotate(left=Count("pk", filter=Q(resolved_at=None)), whole=Count("pk"))
        return {one["place"]: (one["left"], one["whole"] - one["left"]) for one in counts.order_by("place")}


@keep_history()
class CommentThread(models.Model):
    """One exchange about one place of one subject: a question of an assessment, and later of anything that is reviewed.

    Whoever may comment there begins it; `label` and `address`, which the room that calls gives, say to people what it
    is about and where it is read. Only its state changes (resolved, reopened), and its body when another one carries
    on the work. `created_by` is empty when an invited person began it: the first comment says who.
    Retention: with its subject.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="comment_threads")
    subject_uuid = models.UUIDField()
    place = models.CharField(max_length=60)
    label = models.CharField(max_length=300)
    address = models.CharField(max_length=300)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = CommentThreadQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        indexes = [models.Index(fields=["subject_uuid", "place"], name="commentthread_place")]
        constraints = [
            models.CheckConstraint(
                condition=Q(resolved_at__isnull=True, resolved_by__isnull=True)
                | Q(resolved_at__isnull=False, resolved_by__isnull=False),
                name="commentthread_resolved_at_by",
            ),
            models.CheckConstraint(condition=Q(place__regex=PLACE), name="commentthread_place_is_an_id"),
            models.CheckConstraint(condition=~Q(label=""), name="commentthread_has_label"),
            # A link of a mail or of «À faire» never leads to another site.
            models.CheckConstraint(condition=Q(address__regex=r"^/([^/\\]|$)"), name="commentthread_address_is_ours"),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="only_resolved", exclude=["organization", "resolved_at", "resolved_by"]),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            never_emptied(),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def is_resolved(self) -> bool:
        return self.resolved_at is not None

    @property
    def anchor(self) -> str:
        """The id of this thread in the page where it is read."""
        return f"thread-{self.uuid}"

    @property
    def link(self) -> str:
        """Where it is read, at the thread itself."""
        return f"{self.address.partition('#')[0]}#{self.anchor}"


class Comment(models.Model):
    """What one person wrote in a thread, once: a person with an account, or an invited one who has none.

    `number` counts from 1 within the thread. Never altered nor removed: a trigger refuses it. Retention: with its
    thread. Erasure: the name of an account is replaced; that of a guest stays with what they wrote.
    """

    thread = models.ForeignKey(CommentThread, on_delete=models.PROTECT, related_name="comments")
    number = models.PositiveIntegerField()
    text = models.TextField(max_length=LONGEST_COMMENT)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    guest_name = models.CharField(max_length=200, blank=True)
    guest_ref = models.CharField(max_length=100, blank=True)
    mentions = models.ManyToManyField(settings.AUTH_USER_MODEL, through="Mention", related_name="+")

    class Meta:
        ordering = ["thread", "number"]
        constraints = [
            models.UniqueConstraint(fields=["thread", "number"], name="comment_number_in_thread"),
            models.CheckConstraint(condition=Q(number__gte=1), name="comment_number_from_one"),
            models.CheckConstraint(condition=~Q(text=""), name="comment_has_text"),
            models.CheckConstraint(
                condition=LessThanOrEqual(Length("text"), LONGEST_COMMENT), name="comment_text_within_length"
            ),
            models.CheckConstraint(
                condition=Q(written_by__isnull=False, guest_name="", guest_ref="")
                | Q(~Q(guest_name=""), ~Q(guest_ref=""), written_by__isnull=True),
                name="comment_by_a_person_or_a_guest",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="immutable", operation=pgtrigger.Update | pgtrigger.Delete),
            never_emptied(),
        ]

    def __str__(self) -> str:
        return f"{self.thread_id}.{self.number}"

    @property
    def author(self) -> str:
        return str(self.written_by) if self.written_by else self.guest_name


class Mention(models.Model):
    """A person whom a comment calls: it waits in their «À faire» until they answer. Frozen by a trigger.

    Retention: with its comment.
    """

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["comment", "person"], name="mention_once")]
        triggers = [
            pgtrigger.Protect(name="immutable", operation=pgtrigger.Update | pgtrigger.Delete),
            never_emptied(),
        ]

    def __str__(self) -> str:
        return f"{self.comment_id} → {self.person_id}"
