"""What was seen stands behind the wall and cannot be changed; the clock may learn whose turn it is, and no more."""

from django.db import migrations

from workspaces.tenancy import append_only, sweep_function, walls

# Whose turn it is: every workspace's most overdue source first, then everybody's second; no site more than five times.
SOURCES = """
SELECT due.id, due.workspace_id FROM (
    SELECT id, workspace_id, due_at, kind,
           row_number() OVER (PARTITION BY workspace_id ORDER BY due_at, id) AS turn,
           row_number() OVER (PARTITION BY split_part(address, '/', 3) ORDER BY due_at, id) AS at_site
    FROM compliance_source
    WHERE due_at <= now() AND (kind = 'api' AND network = $1 OR kind = 'feed' AND $1 = '')
) due
WHERE due.kind = 'api' OR due.at_site <= 5
ORDER BY due.turn, due.due_at, due.id LIMIT $2
"""
WORKSPACES = """
SELECT workspace_id FROM compliance_sighting WHERE look_at <= now()
UNION SELECT workspace_id FROM compliance_sighting WHERE remind_at <= now()
UNION SELECT workspace_id FROM compliance_ask WHERE mail_due_at <= now()
LIMIT $1
"""


class Migration(migrations.Migration):
    dependencies = [("compliance", "0006_watching"), ("workspaces", "0002_walls")]
    operations = [
        *walls(
            "compliance_source", links={"endorser_id": "compliance_endorser", "added_by_id": "workspaces_member"}
        ),
        *walls(
            "compliance_sighting",
            links={
                "endorser_id": "compliance_endorser",
                "source_id": "compliance_source",
                "verdict_id": "compliance_verdict",
                "case_id": "compliance_case",
            },
        ),
        *walls(
            "compliance_seenversion",
            links={"sighting_id": "compliance_sighting", "verdict_id": "compliance_verdict"},
        ),
        *walls(
            "compliance_match",
            links={"sighting_id": "compliance_sighting", "connection_id": "compliance_connection"},
        ),
        *walls("compliance_ask", links={"sighting_id": "compliance_sighting"}),
        *append_only("compliance_seenversion"),
        *sweep_function(
            "watch_sources_due(of_network text, at_most integer)",
            "source_id bigint, workspace_id bigint",
            SOURCES,
            reads={"compliance_source": "id, workspace_id, kind, network, address, due_at"},
        ),
        *sweep_function(
            "watch_workspaces_due(at_most integer)",
            "workspace_id bigint",
            WORKSPACES,
            reads={
                "compliance_sighting": "workspace_id, look_at, remind_at",
                "compliance_ask": "workspace_id, mail_due_at",
            },
        ),
    ]
