"""The database's own wall around each tenant table."""

from django.db import migrations

from workspaces.tenancy import sweep_function, walls


class Migration(migrations.Migration):
    dependencies = [("workspaces", "0001_initial")]
    operations = [
        *walls(
            "workspaces_member",
            also="user_id = NULLIF(current_setting('app.user', true), '')::bigint",
        ),
        *sweep_function(
            "workspaces_of_user(person bigint)",
            "workspace_id bigint",
            "SELECT workspace_id FROM workspaces_member WHERE user_id = person",
            reads={"workspaces_member": "workspace_id, user_id"},
        ),
    ]
