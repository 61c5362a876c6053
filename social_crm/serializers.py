"""The shape of conversations and answers in the API."""

from __future__ import annotations

from rest_framework import serializers

from social_crm.models import Conversation, Message


class MessageSerializer(serializers.ModelSerializer[Message]):
    """One thing said."""

    author = serializers.CharField(source="author.name", default=None, read_only=True)
    state = serializers.CharField(source="publication.state", default=None, read_only=True)

    class Meta:
        model = Message
        fields = ("id", "direction", "author", "text", "url", "network_at", "removed_at", "hidden", "state")


class ConversationSerializer(serializers.ModelSerializer[Conversation]):
    """One conversation in the queue."""

    network = serializers.CharField(source="account.network", read_only=True)
    contact = serializers.CharField(source="contact.name", default=None, read_only=True)

    class Meta:
        model = Conversation
        fields = (
            "id",
            "network",
            "account",
            "kind",
            "contact",
            "status",
            "preview",
            "last_activity",
            "unread",
            "due_at",
        )


class ConversationDetailSerializer(ConversationSerializer):
    """A conversation with everything said in it."""

    messages = MessageSerializer(many=True, read_only=True)

    class Meta(ConversationSerializer.Meta):
        fields = (*ConversationSerializer.Meta.fields, "messages")  # type: ignore[assignment]  # one field more


class AnswerSerializer(serializers.Serializer[Message]):
    """An answer to send. `last_seen`: the id of the newest message the caller has read."""

    text = serializers.CharField()
    last_seen = serializers.IntegerField(min_value=0)
    resolve = serializers.BooleanField(default=False)
