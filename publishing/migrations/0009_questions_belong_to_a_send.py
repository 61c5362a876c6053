"""A question is numbered by the send it is about and the looks made: no two wake-ups are mistaken for each other."""

from django.db import migrations

from workspaces.tenancy import sweep_function


class Migration(migrations.Migration):
    dependencies = [("publishing", "0008_attempts_have_reasons")]
    operations = [
        migrations.RunSQL("DROP FUNCTION questioned_publications(integer)", migrations.RunSQL.noop),
        *sweep_function(
            "questioned_publications(batch integer)",
            "id bigint, workspace_id bigint, fence bigint, looks smallint",
            "SELECT id, workspace_id, fence, looks FROM publishing_publication WHERE state = 'reconciling' "
            "AND (not_before IS NULL OR not_before <= now()) ORDER BY not_before NULLS FIRST LIMIT batch",
            reads={"publishing_publication": "id, workspace_id, state, not_before, fence, looks"},
        ),
    ]
