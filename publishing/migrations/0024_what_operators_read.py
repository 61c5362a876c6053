"""What operators read costs what is due, as the clock's own questions do: not a look at all that is scheduled."""

from django.db import migrations

# Both ask for `greatest(due_at, not_before)`, which is what the index `publication_ready` holds.
WAITING = """
CREATE OR REPLACE FUNCTION publications_waiting()
RETURNS TABLE (due bigint, questioned bigint, asked bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $sweep$
SELECT
    (SELECT count(*) FROM publishing_publication
        WHERE state = 'scheduled' AND greatest(due_at, not_before) <= now()),
    (SELECT count(*) FROM publishing_publication WHERE state = 'reconciling'),
    (SELECT count(*) FROM publishing_publication WHERE state = 'needs_attention')
$sweep$
"""
FIGURES = """
CREATE OR REPLACE FUNCTION publishing_figures()
RETURNS TABLE (name text, label text, figure double precision)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $sweep$
SELECT 'waiting', p.state::text, count(*)::float8 FROM publishing_publication p
WHERE p.state IN ('needs_attention', 'held', 'missed') GROUP BY p.state
UNION ALL SELECT 'waiting', 'publishing', count(*)::float8 FROM publishing_publication p
WHERE p.state = 'publishing'
UNION ALL SELECT 'waiting', 'reconciling', count(*)::float8 FROM publishing_publication p
WHERE p.state = 'reconciling'
UNION ALL SELECT 'overdue', '', count(*)::float8 FROM publishing_publication p
WHERE p.state = 'scheduled' AND greatest(p.due_at, p.not_before) < now() - interval '1 minute'
UNION ALL SELECT 'published_last_hour', '', count(*)::float8 FROM publishing_publication p
WHERE p.state = 'published' AND p.published_at > now() - interval '1 hour'
UNION ALL SELECT 'lateness_last_hour', 'p50', coalesce(percentile_cont(0.5) WITHIN GROUP
(ORDER BY extract(epoch FROM p.published_at - p.due_at)), 0)::float8 FROM publishing_publication p
WHERE p.state = 'published' AND p.published_at > now() - interval '1 hour' AND p.parent_id IS NULL
UNION ALL SELECT 'lateness_last_hour', 'p99', coalesce(percentile_cont(0.99) WITHIN GROUP
(ORDER BY extract(epoch FROM p.published_at - p.due_at)), 0)::float8 FROM publishing_publication p
WHERE p.state = 'published' AND p.published_at > now() - interval '1 hour' AND p.parent_id IS NULL
UNION ALL SELECT 'audit_open', d.kind::text, count(*)::float8 FROM publishing_discrepancy d
WHERE d.state = 'open' GROUP BY d.kind
UNION ALL SELECT 'audit_accounts', 'connected', count(*)::float8 FROM networks_account a
WHERE a.health = 'connected'
UNION ALL SELECT 'audit_accounts', 'looked_at', count(*)::float8 FROM publishing_audit d
JOIN networks_account a ON a.id = d.account_id AND a.health = 'connected'
WHERE d.finished_at > now() - interval '36 hours'
UNION ALL SELECT 'audit_posts', '', coalesce(sum(d.posts), 0)::float8 FROM publishing_audit d
UNION ALL SELECT 'audit_publications', '', coalesce(sum(d.publications), 0)::float8 FROM publishing_audit d
$sweep$
"""


class Migration(migrations.Migration):
    dependencies = [("publishing", "0023_by_hand")]
    operations = [
        migrations.RunSQL(WAITING, migrations.RunSQL.noop),
        migrations.RunSQL(FIGURES, migrations.RunSQL.noop),
    ]
