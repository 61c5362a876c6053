"""One publisher for the installation, which goes off by itself when its database was restored or copied."""

import uuid
from django.db import migrations, models

from workspaces.tenancy import append_only, sweep_function

# As before, but what may have been sent before a restore is put in question without being sent.
MAY_GO = """
CREATE OR REPLACE FUNCTION publication_may_go(from_state text, to_state text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT (from_state, to_state) IN (
    ('draft', 'awaiting_approval'), ('draft', 'scheduled'), ('draft', 'held'), ('draft', 'cancelled'),
    ('awaiting_approval', 'draft'), ('awaiting_approval', 'scheduled'), ('awaiting_approval', 'held'),
    ('awaiting_approval', 'cancelled'),
    ('scheduled', 'draft'), ('scheduled', 'awaiting_approval'), ('scheduled', 'publishing'), ('scheduled', 'held'),
    ('scheduled', 'cancelled'), ('scheduled', 'missed'){more},
    ('publishing', 'published'), ('publishing', 'refused'), ('publishing', 'reconciling'),
    ('publishing', 'scheduled'), ('publishing', 'held'),
    ('reconciling', 'published'), ('reconciling', 'refused'), ('reconciling', 'scheduled'),
    ('reconciling', 'needs_attention'),
    ('needs_attention', 'published'), ('needs_attention', 'scheduled'), ('needs_attention', 'cancelled'),
    ('held', 'draft'), ('held', 'awaiting_approval'), ('held', 'scheduled'), ('held', 'cancelled'),
    ('refused', 'scheduled'), ('refused', 'held'), ('refused', 'cancelled'),
    ('missed', 'scheduled'), ('missed', 'held'), ('missed', 'cancelled'),
    ('cancelled', 'scheduled'), ('cancelled', 'held'),
    ('published', 'deleted_remote'))
$$
"""


class Migration(migrations.Migration):

    dependencies = [
        ('publishing', '0017_what_follows_being_live'),
    ]

    operations = [
        migrations.CreateModel(
            name='PublisherTurn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.BooleanField()),
                ('why', models.CharField(blank=True, choices=[('rewound', 'The database was restored from an older backup.'), ('moved', 'This database is a copy, or was moved to another server.'), ('unwitnessed', 'The witness outside the database is missing.'), ('person', 'An operator turned it off.')], max_length=12)),
                ('by', models.CharField(blank=True, max_length=160)),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('mark', models.PositiveBigIntegerField()),
                ('marked_at', models.DateTimeField()),
                ('at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='Publisher',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('name', models.UUIDField(default=uuid.uuid4)),
                ('place', models.CharField(max_length=60)),
                ('mark', models.PositiveBigIntegerField(default=0)),
                ('marked_at', models.DateTimeField()),
                ('on', models.BooleanField(default=True)),
                ('why', models.CharField(blank=True, choices=[('rewound', 'The database was restored from an older backup.'), ('moved', 'This database is a copy, or was moved to another server.'), ('unwitnessed', 'The witness outside the database is missing.'), ('person', 'An operator turned it off.')], max_length=12)),
                ('off_since', models.DateTimeField(blank=True, null=True)),
                ('doubted_before', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='there_is_one_publisher'), models.CheckConstraint(condition=models.Q(('on', True), ('off_since__isnull', False), _connector='OR'), name='a_publisher_is_off_since_a_moment')],
            },
        ),
        migrations.RunSQL(MAY_GO.format(more=", ('scheduled', 'reconciling')"), MAY_GO.format(more="")),
        *append_only("publishing_publisherturn"),
        *sweep_function(
            "publications_waiting()",
            "due bigint, questioned bigint, asked bigint",
            "SELECT count(*) FILTER (WHERE state = 'scheduled' AND due_at <= now()), "
            "count(*) FILTER (WHERE state = 'reconciling'), count(*) FILTER (WHERE state = 'needs_attention') "
            "FROM publishing_publication WHERE state IN ('scheduled', 'reconciling', 'needs_attention')",
            reads={"publishing_publication": "id, workspace_id, state, due_at"},
        ),
    ]
