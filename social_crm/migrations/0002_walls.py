"""The database's own wall around each table of the reply desk, and what the clock may look for across workspaces."""

from django.db import migrations

from workspaces.tenancy import sweep_function, walls

ACCOUNT = {"account_id": "networks_account"}
CONVERSATION = {"conversation_id": "social_crm_conversation"}


class Migration(migrations.Migration):
    dependencies = [
        ("social_crm", "0001_initial"),
        ("publishing", "0002_walls"),
        ("workspaces", "0004_more_walls"),
    ]
    operations = [
        *walls("social_crm_inboundevent", links=ACCOUNT),
        *walls("social_crm_contact"),
        *walls("social_crm_identity", links={"contact_id": "social_crm_contact"}),
        *walls(
            "social_crm_conversation",
            links={
                **ACCOUNT,
                "publication_id": "publishing_publication",
                "contact_id": "social_crm_contact",
                "assignee_id": "workspaces_member",
            },
        ),
        *walls(
            "social_crm_message",
            links={
                **ACCOUNT,
                **CONVERSATION,
                "author_id": "social_crm_identity",
                "by_id": "workspaces_member",
                "publication_id": "publishing_publication",
            },
        ),
        *walls("social_crm_note", links={**CONVERSATION, "by_id": "workspaces_member"}),
        *walls("social_crm_draft", links={**CONVERSATION, "member_id": "workspaces_member"}),
        *sweep_function(
            "inbound_events_to_do(most integer)",
            "workspace_id bigint, event_id bigint",
            "SELECT workspace_id, id FROM social_crm_inboundevent "
            "WHERE (state = 'received' AND received_at < now() - interval '2 seconds') "
            "OR (state = 'failed' AND retry_at <= now()) ORDER BY received_at LIMIT most",
            reads={"social_crm_inboundevent": "id, workspace_id, state, received_at, retry_at"},
        ),
        *sweep_function(
            "accounts_to_poll()",
            "workspace_id bigint, account_id bigint",
            "SELECT workspace_id, id FROM networks_account WHERE health = 'connected'",
            reads={"networks_account": "id, workspace_id, network, uid, health"},
        ),
    ]
