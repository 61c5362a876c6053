"""What was in question may turn out refused: a network took it, and threw it out while processing it."""

from django.db import migrations

MAY_GO = """
CREATE OR REPLACE FUNCTION publication_may_go(from_state text, to_state text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT (from_state, to_state) IN (
    ('draft', 'awaiting_approval'), ('draft', 'scheduled'), ('draft', 'held'), ('draft', 'cancelled'),
    ('awaiting_approval', 'draft'), ('awaiting_approval', 'scheduled'), ('awaiting_approval', 'held'),
    ('awaiting_approval', 'cancelled'),
    ('scheduled', 'draft'), ('scheduled', 'awaiting_approval'), ('scheduled', 'publishing'), ('scheduled', 'held'),
    ('scheduled', 'cancelled'), ('scheduled', 'missed'),
    ('publishing', 'published'), ('publishing', 'refused'), ('publishing', 'reconciling'),
    ('publishing', 'scheduled'), ('publishing', 'held'),
    ('reconciling', 'published'), ('reconciling', 'scheduled'), ('reconciling', 'needs_attention'){more},
    ('needs_attention', 'published'), ('needs_attention', 'scheduled'), ('needs_attention', 'cancelled'),
    ('held', 'draft'), ('held', 'awaiting_approval'), ('held', 'scheduled'), ('held', 'cancelled'),
    ('refused', 'scheduled'), ('refused', 'held'), ('refused', 'cancelled'),
    ('missed', 'scheduled'), ('missed', 'held'), ('missed', 'cancelled'),
    ('cancelled', 'scheduled'), ('cancelled', 'held'),
    ('published', 'deleted_remote'))
$$
"""


class Migration(migrations.Migration):
    dependencies = [("publishing", "0015_what_follows_a_post")]
    operations = [
        migrations.RunSQL(MAY_GO.format(more=", ('reconciling', 'refused')"), MAY_GO.format(more="")),
    ]
