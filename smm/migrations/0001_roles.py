"""The database's roles and their default grants, before any table is made."""

from django.db import migrations

from workspaces.tenancy import ROLES


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    run_before = [
        ("contenttypes", "0001_initial"),
        ("sessions", "0001_initial"),
        ("workspaces", "0001_initial"),
    ]
    operations = [
        migrations.RunSQL(ROLES, migrations.RunSQL.noop),
        migrations.RunSQL("GRANT SELECT ON ALL TABLES IN SCHEMA public TO gardu_app", migrations.RunSQL.noop),
    ]
