"""Some accounts are posted to by people: which, and who does it when."""

import datetime
import django.db.models.deletion
from django.db import migrations, models

from workspaces.tenancy import SWEEP_ROLE, walls

# Whether people post there is decided when the account is made: what is on its way could not follow a change.
KEEPS = """
CREATE FUNCTION guard_account_by_hand() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'account % keeps the way it is posted to', OLD.id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'an_account_keeps_its_way';
END $$;
CREATE TRIGGER guard_account_by_hand BEFORE UPDATE OF by_hand ON networks_account FOR EACH ROW
    WHEN (OLD.by_hand IS DISTINCT FROM NEW.by_hand) EXECUTE FUNCTION guard_account_by_hand();
"""
UNDO = "DROP TRIGGER guard_account_by_hand ON networks_account; DROP FUNCTION guard_account_by_hand()"


class Migration(migrations.Migration):

    dependencies = [
        ('networks', '0004_walls_and_sweeps'),
        ('workspaces', '0006_late_rule'),
    ]

    operations = [
        migrations.AddField(
            model_name='account',
            name='by_hand',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.CreateModel(
            name='Duty',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('begins', models.TimeField(default=datetime.time(8, 0))),
                ('ends', models.TimeField(default=datetime.time(20, 0))),
                ('days', models.CharField(default='1234567', max_length=7)),
                ('keeper_away_until', models.DateField(blank=True, null=True)),
                ('deputy_away_until', models.DateField(blank=True, null=True)),
                ('account', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='duty', to='networks.account')),
                ('deputy', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='workspaces.member')),
                ('keeper', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='workspaces.member')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'default_manager_name': 'objects',
            },
        ),
        *walls(
            "networks_duty",
            links={
                "account_id": "networks_account",
                "keeper_id": "workspaces_member",
                "deputy_id": "workspaces_member",
            },
        ),
        migrations.RunSQL(KEEPS, UNDO),
        migrations.RunSQL(f"GRANT SELECT (by_hand) ON networks_account TO {SWEEP_ROLE}", migrations.RunSQL.noop),
    ]
