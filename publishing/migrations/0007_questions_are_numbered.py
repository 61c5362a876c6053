"""A question carries the number of looks made, so that a wake-up for the next look is told from the last one."""

from django.db import migrations

from workspaces.tenancy import sweep_function


class Migration(migrations.Migration):
    dependencies = [("publishing", "0006_absences_are_dated")]
    operations = [
        migrations.RunSQL("DROP FUNCTION questioned_publications(integer)", migrations.RunSQL.noop),
        *sweep_function(
            "questioned_publications(batch integer)",
            "id bigint, workspace_id bigint, looks smallint",
            "SELECT id, workspace_id, looks FROM publishing_publication WHERE state = 'reconciling' "
            "AND (not_before IS NULL OR not_before <= now()) ORDER BY not_before NULLS FIRST LIMIT batch",
            reads={"publishing_publication": "id, workspace_id, state, not_before, looks"},
        ),
    ]
