"""The wall around consents, and what the clock may look up across workspaces."""

from django.db import migrations

from workspaces.tenancy import sweep_function, walls


class Migration(migrations.Migration):
    dependencies = [("networks", "0003_consents"), ("workspaces", "0004_more_walls")]
    operations = [
        *walls("networks_consent", links={"member_id": "workspaces_member", "account_id": "networks_account"}),
        *sweep_function(
            "accounts_to_tend(batch integer)",
            "account_id bigint, workspace_id bigint",
            "SELECT id, workspace_id FROM networks_account WHERE health = 'connected' "
            "AND (refresh_at <= now() OR subscribe_at <= now()) "
            "ORDER BY least(refresh_at, subscribe_at) LIMIT batch",
            reads={
                "networks_account": "id, workspace_id, network, uid, health, refresh_at, subscribe_at",
            },
        ),
        *sweep_function(
            "consent_by_state(digest text)",
            "consent_id bigint, workspace_id bigint",
            "SELECT id, workspace_id FROM networks_consent WHERE state_digest = digest",
            reads={"networks_consent": "id, workspace_id, state_digest, expires_at"},
        ),
        *sweep_function(
            "workspaces_with_stale_consents(batch integer)",
            "workspace_id bigint",
            "SELECT DISTINCT workspace_id FROM networks_consent WHERE expires_at < now() LIMIT batch",
            reads={"networks_consent": "id, workspace_id, state_digest, expires_at"},
        ),
    ]
