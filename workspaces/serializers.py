"""Notices and webhooks as the API shows them."""

from __future__ import annotations

from rest_framework import serializers

from workspaces.models import Delivery, Hook, Notice


class NoticeSerializer(serializers.ModelSerializer[Notice]):
    """`url` is a path of this house; `action` says what is done there."""

    class Meta:
        model = Notice
        fields = ("id", "kind", "title", "body", "action", "url", "made_at", "read_at", "mail")


class ReadSerializer(serializers.Serializer[None]):
    """`ids` empty: every notice. `read` false marks them as new again."""

    ids = serializers.ListField(child=serializers.IntegerField(), required=False, default=list, max_length=500)
    read = serializers.BooleanField(default=True)


class ChoiceSerializer(serializers.Serializer[None]):
    """One kind of notice, and whether it is mailed as well."""

    kind = serializers.CharField()
    about = serializers.CharField(read_only=True)
    mail = serializers.BooleanField()


class HookSerializer(serializers.ModelSerializer[Hook]):
    """`kinds` empty: everything. `secret` is in the answer to the call that made it, and never again."""

    class Meta:
        model = Hook
        fields = ("id", "name", "url", "kinds", "active", "secret_end", "created_at")
        read_only_fields = ("id", "secret_end", "created_at")


class NewHookSerializer(HookSerializer):
    secret = serializers.CharField(read_only=True)

    class Meta(HookSerializer.Meta):
        fields = (*HookSerializer.Meta.fields, "secret")  # type: ignore[assignment]  # one more than its parent


class DeliverySerializer(serializers.ModelSerializer[Delivery]):
    """`log`: every try, newest last; status 0 means that no answer came."""

    class Meta:
        model = Delivery
        fields = ("id", "event", "kind", "payload", "state", "due_at", "tries", "log", "made_at", "sent_at")
