"""What the officers' desk has to do with publications, over all workspaces: ids only."""

from django.db import migrations

from workspaces.tenancy import sweep_function

WITH_A_CASE = (
    "SELECT FROM compliance_case c WHERE c.workspace_id = p.workspace_id AND c.key = 'publication:' || p.id "
    "AND c.status IN ('open', 'second', 'waiting')"
)
# Held by customs and with no officer; with an officer although no longer held; scheduled on an override that ended.
BODY = f"""
(SELECT p.id, p.workspace_id FROM publishing_publication p
 WHERE p.state = 'held' AND p.held_for = 'customs' AND p.verdict_id IS NOT NULL
   AND NOT EXISTS ({WITH_A_CASE} AND c.verdict_id = p.verdict_id) LIMIT batch)
UNION
(SELECT p.id, p.workspace_id FROM compliance_case k
 JOIN publishing_publication p ON p.workspace_id = k.workspace_id AND k.key = 'publication:' || p.id
 WHERE k.status IN ('open', 'second', 'waiting')
   AND (p.state <> 'held' OR p.held_for <> 'customs' OR p.verdict_id IS DISTINCT FROM k.verdict_id) LIMIT batch)
UNION
(SELECT p.id, p.workspace_id FROM compliance_decision d
 JOIN publishing_publication p ON p.verdict_id = d.verdict_id
 WHERE d.choice = 'override' AND d.expires_at <= now() AND p.state = 'scheduled'
   AND NOT EXISTS (SELECT FROM compliance_decision o
       WHERE o.verdict_id = d.verdict_id AND o.choice = 'override' AND o.expires_at > now()) LIMIT batch)
"""


class Migration(migrations.Migration):
    dependencies = [("publishing", "0013_the_brake"), ("compliance", "0009_the_desks_walls")]
    operations = [
        *sweep_function(
            "publications_for_officers(batch integer)",
            "id bigint, workspace_id bigint",
            BODY,
            reads={
                "publishing_publication": "id, workspace_id, state, held_for, verdict_id",
                "compliance_case": "id, workspace_id, key, status, verdict_id",
                "compliance_decision": "id, workspace_id, verdict_id, choice, expires_at",
            },
        ),
    ]
