"""Comments beside the questions, as programs read and send them."""

from typing import Any

from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiExample, extend_schema_field
from rest_framework import serializers

from assessments.services.commenting import thread_version
from core.rest.fields import Codes, Identifier, Strict, Text
from core.rest.paging import PageSerializer
from review.models import Comment, CommentThread
from review.models.threads import LONGEST_COMMENT
from review.services.threads import MOST_MENTIONED

STATES = ("open", "resolved")


class CommentSerializer(serializers.Serializer[Any]):
    """What one person wrote, once."""

    number = serializers.IntegerField(min_value=1)
    text = serializers.CharField()
    written_at = serializers.DateTimeField()
    by = serializers.CharField(source="author", help_text=gettext_lazy("The person, or who was invited."))
    is_by_guest = serializers.SerializerMethodField(help_text=gettext_lazy("By somebody invited, without account."))
    mentions = serializers.SerializerMethodField(help_text=gettext_lazy("Whom it calls."))

    def get_is_by_guest(self, comment: Comment) -> bool:
        return bool(comment.guest_ref)

    def get_mentions(self, comment: Comment) -> list[str]:
        return [str(person) for person in comment.mentions.all()]


class ThreadSerializer(serializers.Serializer[Any]):
    """One exchange about one question."""

    uuid = serializers.UUIDField()
    question = serializers.CharField(source="place", help_text=gettext_lazy("Id of the question."))
    state = serializers.SerializerMethodField()
    version = serializers.SerializerMethodField(
        help_text=gettext_lazy(
            "Of the thread: grows with its comments and each change of state. Its own ETag repeats it."
        )
    )
    created_at = serializers.DateTimeField()
    resolved_at = serializers.DateTimeField(allow_null=True)
    resolved_by = serializers.SerializerMethodField(help_text=gettext_lazy("Empty while it is open."))
    comments = CommentSerializer(many=True)

    @extend_schema_field(serializers.ChoiceField(STATES))
    def get_state(self, thread: CommentThread) -> str:
        return STATES[thread.is_resolved]

    def get_version(self, thread: CommentThread) -> int:
        return thread_version(thread)

    def get_resolved_by(self, thread: CommentThread) -> str:
        return str(thread.resolved_by or "")


class ThreadPageSerializer(PageSerializer):
    results = ThreadSerializer(many=True)


class CommentSentSerializer(Strict):
    """A comment, and whom it calls."""

    text = Text(max_length=LONGEST_COMMENT)
    mentions = Codes(
        child=Identifier(),
        required=False,
        max_length=MOST_MENTIONED,
        help_text=gettext_lazy("Identifiers of people of the body: they are told by mail."),
    )


class ThreadSentSerializer(CommentSentSerializer):
    """A thread to begin, with its first comment."""

    question = Text(max_length=40, help_text=gettext_lazy("Id of the question."))


class SettledSerializer(CommentSentSerializer):
    """A last word, if there is one."""

    text = Text(required=False, allow_blank=True, max_length=LONGEST_COMMENT)


ASK = OpenApiExample("ask", value={"question": "project_name", "text": "Est-ce le nom public?"}, request_only=True)
ANSWER = OpenApiExample("answer", value={"text": "Oui, depuis mai."}, request_only=True)
