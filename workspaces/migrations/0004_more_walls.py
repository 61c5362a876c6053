"""Walls around invitations, keys and the audit trail, which the database itself keeps append-only."""

from django.db import migrations

from workspaces.tenancy import append_only, sweep_function, walls


class Migration(migrations.Migration):
    dependencies = [("workspaces", "0003_people_keys_and_audit")]
    operations = [
        *walls("workspaces_invitation", links={"invited_by_id": "workspaces_member"}),
        *walls("workspaces_apikey", links={"member_id": "workspaces_member"}),
        *walls("workspaces_datakey"),
        *walls("workspaces_audithead"),
        *walls("workspaces_auditentry"),
        *append_only("workspaces_auditentry"),
        *sweep_function(
            "workspace_of_invitation(digest text)",
            "workspace_id bigint",
            "SELECT workspace_id FROM workspaces_invitation WHERE token_digest = digest",
            reads={"workspaces_invitation": "workspace_id, token_digest"},
        ),
        *sweep_function(
            "owner_of_api_key(key_digest text)",
            "key_id bigint, workspace_id bigint, member_id bigint",
            "SELECT id, workspace_id, member_id FROM workspaces_apikey "
            "WHERE digest = key_digest AND revoked_at IS NULL",
            reads={"workspaces_apikey": "id, workspace_id, member_id, digest, revoked_at"},
        ),
    ]
