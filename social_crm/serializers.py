"""The shape of conversations and answers in the API."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from social_crm.models import Conversation, Message, Note

DOES = ("resolve", "reopen", "spam", "snooze", "assign", "team", "label", "unlabel", "priority", "escalate")


class MessageSerializer(serializers.ModelSerializer[Message]):
    """One thing said."""

    author = serializers.CharField(source="author.name", default=None, read_only=True)
    state = serializers.CharField(source="publication.state", default=None, read_only=True)

    class Meta:
        model = Message
        fields = (
            "id",
            "direction",
            "author",
            "text",
            "url",
            "network_at",
            "ingested_at",
            "edited_at",
            "removed_at",
            "hidden",
            "liked",
            "state",
        )


class ConversationSerializer(serializers.ModelSerializer[Conversation]):
    """One conversation in the queue."""

    contact = serializers.CharField(source="contact.name", default=None, read_only=True)
    labels = serializers.SerializerMethodField()

    class Meta:
        model = Conversation
        fields = (
            "id",
            "network",
            "account",
            "kind",
            "contact",
            "status",
            "priority",
            "assignee",
            "team",
            "labels",
            "escalated_to",
            "preview",
            "last_activity",
            "unread",
            "waiting_since",
            "due_at",
            "due_for",
            "snoozed_until",
            "version",
        )

    def get_labels(self, conversation: Conversation) -> list[str]:
        """The names of its labels."""
        return [each.label.name for each in conversation.labelled.all()]


class ConversationPageSerializer(serializers.Serializer[Any]):  # Any: a page of the queue
    """One page of the queue."""

    results = ConversationSerializer(many=True)
    next = serializers.CharField(allow_null=True)


class ConversationDetailSerializer(ConversationSerializer):
    """A conversation with what was said in it."""

    messages = MessageSerializer(many=True, read_only=True)
    last_seen = serializers.IntegerField(source="newest_message", read_only=True)
    earlier = serializers.IntegerField(allow_null=True, read_only=True)

    class Meta(ConversationSerializer.Meta):
        fields = (*ConversationSerializer.Meta.fields, "messages", "last_seen", "earlier")  # type: ignore[assignment]  # three fields more


class AnswerSerializer(serializers.Serializer[Message]):
    """An answer to send. `last_seen`: the id of the newest message the caller has read."""

    text = serializers.CharField()
    last_seen = serializers.IntegerField(min_value=0)
    resolve = serializers.BooleanField(default=False)
    anyway = serializers.BooleanField(default=False)


class NoteSerializer(serializers.ModelSerializer[Note]):
    """A word between colleagues."""

    class Meta:
        model = Note
        fields = ("id", "text", "at")
        read_only_fields = ("id", "at")


class DealSerializer(serializers.Serializer[Any]):  # Any: what is asked for
    """One thing to do with conversations. `to`: a member's, team's or label's id, "me", a priority, or whose word."""

    conversations = serializers.ListField(child=serializers.IntegerField(), allow_empty=False, max_length=500)
    do = serializers.ChoiceField(choices=DOES)
    to = serializers.CharField(required=False, allow_blank=True, default="")
    until = serializers.DateTimeField(required=False, allow_null=True, default=None)
    id = serializers.IntegerField(read_only=True)
    changed = serializers.IntegerField(read_only=True)
