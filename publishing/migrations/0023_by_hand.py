"""Where no app may post, a person does: asked at the due time, one at a time, behind the same walls."""

import django.db.models.deletion
from django.db import migrations, models

from workspaces.tenancy import SWEEP_ROLE, sweep_function, walls

# As before, with "handed": asked of a person who has not taken it yet.
MAY_GO = """
CREATE OR REPLACE FUNCTION publication_may_go(from_state text, to_state text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT (from_state, to_state) IN (
    ('draft', 'awaiting_approval'), ('draft', 'scheduled'), ('draft', 'held'), ('draft', 'cancelled'),
    ('awaiting_approval', 'draft'), ('awaiting_approval', 'scheduled'), ('awaiting_approval', 'held'),
    ('awaiting_approval', 'cancelled'),
    ('scheduled', 'draft'), ('scheduled', 'awaiting_approval'), ('scheduled', 'publishing'), ('scheduled', 'held'),
    ('scheduled', 'cancelled'), ('scheduled', 'missed'), ('scheduled', 'reconciling'){more},
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
HANDED = """,
    ('scheduled', 'handed'), ('publishing', 'handed'),
    ('handed', 'draft'), ('handed', 'awaiting_approval'), ('handed', 'scheduled'), ('handed', 'publishing'),
    ('handed', 'reconciling'), ('handed', 'held'), ('handed', 'cancelled'), ('handed', 'missed'), ('handed', 'refused')"""

# As before, and a publication that is not by hand exactly when its account is goes nowhere.
CLAIM_GUARD = """
CREATE OR REPLACE FUNCTION guard_claim(claimed publishing_publication, old_fence bigint) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    its_network text;
BEGIN
    IF claimed.fence <= old_fence THEN
        RAISE EXCEPTION 'publication % was claimed without a new fence', claimed.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'a_claim_takes_a_new_fence';
    END IF;
    SELECT network INTO its_network FROM networks_account
        WHERE id = claimed.account_id AND by_hand = claimed.by_hand;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'publication % does not go the way of its account', claimed.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'by_hand_as_its_account';
    END IF;
    IF NOT verdict_passes(claimed.verdict_id, claimed.fingerprint, claimed.workspace_id, its_network) THEN
        RAISE EXCEPTION 'publication % has no passing verdict for these bytes', claimed.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'publishing_requires_a_passing_verdict';
    END IF;
    IF claimed.parent_id IS NOT NULL
        AND NOT EXISTS (SELECT FROM publishing_publication
            WHERE id = claimed.parent_id AND workspace_id = claimed.workspace_id AND state = 'published') THEN
        RAISE EXCEPTION 'publication % continues a post that is not live', claimed.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'a_child_waits_for_its_parent';
    END IF;
END $$
"""

# No worker ever takes what is a person's to post, and nothing is handed to a person without a passing verdict.
HANDS = """
CREATE FUNCTION guard_by_hand() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.by_hand IS DISTINCT FROM OLD.by_hand THEN
        RAISE EXCEPTION 'publication % keeps the way it goes', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'by_hand_as_its_account';
    END IF;
    IF NEW.state = OLD.state THEN
        RETURN NEW;
    END IF;
    IF NEW.state = 'publishing' AND OLD.state <> 'handed' THEN
        RAISE EXCEPTION 'publication % is posted by a person', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'no_machine_posts_what_goes_by_hand';
    END IF;
    IF NEW.state = 'handed' AND NOT NEW.by_hand THEN
        RAISE EXCEPTION 'publication % is not posted by a person', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'by_hand_as_its_account';
    END IF;
    IF NEW.state = 'handed' THEN
        PERFORM guard_claim(NEW, NEW.fence - 1);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_by_hand BEFORE UPDATE OF state, by_hand ON publishing_publication FOR EACH ROW
    WHEN (OLD.by_hand OR NEW.by_hand OR NEW.state = 'handed') EXECUTE FUNCTION guard_by_hand();
"""
UNDO_HANDS = "DROP TRIGGER guard_by_hand ON publishing_publication; DROP FUNCTION guard_by_hand()"
AUDIT = """
CREATE OR REPLACE FUNCTION accounts_to_audit(batch integer) RETURNS TABLE (id bigint, workspace_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $sweep$
SELECT a.id, a.workspace_id FROM networks_account a LEFT JOIN publishing_audit d ON d.account_id = a.id
WHERE a.health = 'connected' AND NOT a.by_hand AND (d.next_at IS NULL OR d.next_at <= now())
ORDER BY d.next_at NULLS FIRST LIMIT batch
$sweep$
"""
MEASURE = """
CREATE OR REPLACE FUNCTION accounts_to_measure(batch integer) RETURNS TABLE (id bigint, workspace_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $sweep$
SELECT DISTINCT p.account_id, p.workspace_id FROM publishing_publication p
JOIN networks_account a ON a.id = p.account_id AND a.health = 'connected' AND NOT a.by_hand
WHERE p.state = 'published' AND p.target_kind = '' AND p.published_at > now() - interval '7 days'
AND p.published_at < now() - interval '24 hours'
AND NOT EXISTS (SELECT FROM publishing_outcome o WHERE o.publication_id = p.id) LIMIT batch
$sweep$
"""

# A person makes no lease longer: their silence is not a dead worker's.
SILENT = """
CREATE OR REPLACE FUNCTION silent_publications(batch integer, nearer interval, blind text[])
RETURNS TABLE (id bigint, workspace_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $sweep$
SELECT p.id, p.workspace_id FROM publishing_publication p JOIN networks_account a ON a.id = p.account_id
WHERE p.state = 'publishing' AND p.lease_until < now() + nearer AND NOT a.by_hand AND a.network <> ALL (blind)
ORDER BY p.lease_until LIMIT batch
$sweep$
"""


class Migration(migrations.Migration):

    dependencies = [
        ('compliance', '0013_the_desks_word_on_what_was_seen'),
        ('networks', '0005_by_hand'),
        ('publishing', '0022_senders_that_fell_silent'),
        ('workspaces', '0006_late_rule'),
    ]

    operations = [
        migrations.CreateModel(
            name='Handover',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('round', models.PositiveSmallIntegerField(default=0)),
                ('warned_for', models.DateTimeField(blank=True, null=True)),
                ('next_at', models.DateTimeField(blank=True, null=True)),
                ('asked_name', models.CharField(blank=True, max_length=160)),
                ('asked_at', models.DateTimeField(blank=True, null=True)),
                ('level', models.PositiveSmallIntegerField(default=0)),
                ('holder_name', models.CharField(blank=True, max_length=160)),
                ('held_at', models.DateTimeField(blank=True, null=True)),
                ('said_url', models.URLField(blank=True, max_length=1000)),
                ('said_id', models.CharField(blank=True, max_length=200)),
                ('said_by_name', models.CharField(blank=True, max_length=160)),
                ('said_at', models.DateTimeField(blank=True, null=True)),
                ('seen', models.CharField(blank=True, choices=[('', 'Not looked at'), ('seen', 'Seen there'), ('not_seen', 'Not seen there')], default='', max_length=8)),
                ('picture', models.CharField(blank=True, max_length=200)),
                ('picture_sha256', models.CharField(blank=True, max_length=64)),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'default_manager_name': 'objects',
            },
        ),
        migrations.AddField(
            model_name='publication',
            name='by_hand',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AlterField(
            model_name='publication',
            name='state',
            field=models.CharField(choices=[('draft', 'Draft'), ('awaiting_approval', 'Needs approval'), ('scheduled', 'Scheduled'), ('handed', 'With a person'), ('publishing', 'Publishing'), ('reconciling', 'Checking'), ('published', 'Published'), ('refused', 'Refused'), ('needs_attention', 'Needs attention'), ('held', 'Held'), ('cancelled', 'Cancelled'), ('missed', 'Missed'), ('deleted_remote', 'Deleted on the network')], default='scheduled', max_length=20),
        ),
        migrations.AddIndex(
            model_name='publication',
            index=models.Index(condition=models.Q(('by_hand', True), ('state__in', ('scheduled', 'handed', 'publishing'))), fields=['due_at'], name='publication_by_hand'),
        ),
        migrations.AddField(
            model_name='handover',
            name='asked',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='workspaces.member'),
        ),
        migrations.AddField(
            model_name='handover',
            name='holder',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='workspaces.member'),
        ),
        migrations.AddField(
            model_name='handover',
            name='publication',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='handover', to='publishing.publication'),
        ),
        migrations.AddField(
            model_name='handover',
            name='said_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='workspaces.member'),
        ),
        migrations.AddField(
            model_name='handover',
            name='workspace',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace'),
        ),
        migrations.AddConstraint(
            model_name='handover',
            constraint=models.CheckConstraint(condition=models.Q(('said_at__isnull', True), models.Q(models.Q(('said_id', ''), _negated=True), models.Q(('said_url', ''), _negated=True)), _connector='OR'), name='done_names_the_post'),
        ),
        migrations.AddConstraint(
            model_name='handover',
            constraint=models.CheckConstraint(condition=models.Q(('said_at__isnull', True), ('held_at__isnull', False), _connector='OR'), name='only_what_was_taken_is_done'),
        ),
        *walls(
            "publishing_handover",
            links={
                "publication_id": "publishing_publication",
                "asked_id": "workspaces_member",
                "holder_id": "workspaces_member",
                "said_by_id": "workspaces_member",
            },
        ),
        migrations.RunSQL(MAY_GO.format(more=HANDED), MAY_GO.format(more="")),
        migrations.RunSQL(CLAIM_GUARD, migrations.RunSQL.noop),
        migrations.RunSQL(HANDS, UNDO_HANDS),
        *sweep_function(
            "handovers_to_tend(batch integer)",
            "id bigint, workspace_id bigint",
            "SELECT p.id, p.workspace_id FROM publishing_publication p "
            "LEFT JOIN publishing_handover h ON h.publication_id = p.id "
            "WHERE p.by_hand AND p.state IN ('scheduled', 'handed', 'publishing') "
            "AND p.due_at <= now() + interval '15 minutes' AND (h.next_at IS NULL OR h.next_at <= now()) "
            "ORDER BY p.due_at LIMIT batch",
            reads={"publishing_handover": "id, workspace_id, publication_id, next_at"},
        ),
        # What people post by hand, no machine asks the network about.
        migrations.RunSQL(f"GRANT SELECT (by_hand) ON publishing_publication TO {SWEEP_ROLE}", migrations.RunSQL.noop),
        migrations.RunSQL(AUDIT, migrations.RunSQL.noop),
        migrations.RunSQL(MEASURE, migrations.RunSQL.noop),
        migrations.RunSQL(SILENT, migrations.RunSQL.noop),
    ]
