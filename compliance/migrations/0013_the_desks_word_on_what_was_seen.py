"""The clock also learns where officers decided about an endorser's own post."""

from django.db import migrations, models

from workspaces.tenancy import sweep_function

WORKSPACES = """
SELECT workspace_id FROM compliance_sighting WHERE look_at <= now()
UNION SELECT workspace_id FROM compliance_sighting WHERE remind_at <= now()
UNION SELECT workspace_id FROM compliance_ask WHERE mail_due_at <= now()
UNION SELECT s.workspace_id FROM compliance_sighting s JOIN compliance_case c ON c.id = s.case_id
      WHERE s.state IN ('missing', 'review') AND c.status IN ('waiting', 'decided')
        AND c.closed_at > now() - interval '1 day'
LIMIT $1
"""


class Migration(migrations.Migration):
    dependencies = [("compliance", "0012_holds_cover_pictures")]
    operations = [
        migrations.AddIndex(
            model_name="sighting",
            index=models.Index(
                condition=models.Q(("state__in", ["missing", "review"])),
                fields=["case"],
                name="sighting_waits_for_the_desk",
            ),
        ),
        migrations.RunSQL("DROP FUNCTION watch_workspaces_due(integer)", migrations.RunSQL.noop),
        *sweep_function(
            "watch_workspaces_due(at_most integer)",
            "workspace_id bigint",
            WORKSPACES,
            reads={
                "compliance_sighting": "workspace_id, look_at, remind_at, state, case_id",
                "compliance_ask": "workspace_id, mail_due_at",
                "compliance_case": "id, workspace_id, status, closed_at",
            },
        ),
    ]
