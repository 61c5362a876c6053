"""An account as the API shows it."""

from __future__ import annotations

from rest_framework import serializers

from networks import registry
from networks.models import Account


class AccountSerializer(serializers.ModelSerializer[Account]):
    """Never a credential; `network_name` as its people write it."""

    network_name = serializers.SerializerMethodField()

    class Meta:
        model = Account
        fields = (
            "id",
            "network",
            "network_name",
            "uid",
            "name",
            "handle",
            "avatar_url",
            "health",
            "health_reason",
            "paused",
            "expires_at",
            "connected_at",
        )

    def get_network_name(self, account: Account) -> str:
        return registry.get(account.network).name if registry.known(account.network) else account.network
