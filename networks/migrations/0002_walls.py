"""The database's own wall around each tenant table."""

from django.db import migrations

from workspaces.tenancy import sweep_function, walls


class Migration(migrations.Migration):
    dependencies = [("networks", "0001_initial"), ("workspaces", "0002_walls")]
    operations = [
        *walls("networks_account"),
        *sweep_function(
            "accounts_by_uid(slug text, remote_uid text)",
            "account_id bigint, workspace_id bigint",
            "SELECT id, workspace_id FROM networks_account WHERE network = slug AND uid = remote_uid",
            reads={"networks_account": "id, workspace_id, network, uid"},
        ),
    ]
