"""What the clock asks costs what is due, not what is scheduled: ten million rows for later are not looked at."""

import django.contrib.postgres.indexes
import django.db.models.functions.comparison
from django.db import migrations, models

from workspaces.tenancy import APP_ROLE, SWEEP_ROLE, sweep_function

# What may be handed out now; the index `publication_ready` holds exactly its first two lines.
READY = """
    p.state = 'scheduled' AND greatest(p.due_at, p.not_before) <= now()
    AND (p.hinted_at IS NULL OR p.hinted_at < now() - lasts)
    AND NOT a.paused AND a.network <> ALL (busy)
    AND (p.lot = '' OR NOT EXISTS (SELECT FROM publishing_brake b WHERE b.workspace_id = p.workspace_id
        AND b.scope = 'lot' AND b.lot = p.lot AND b.released_at IS NULL))
    AND (p.parent_id IS NULL OR EXISTS (
        SELECT FROM publishing_publication parent WHERE parent.id = p.parent_id AND parent.state = 'published'))
"""
# Each workspace in turn gives its earliest, so that ten thousand posts of one do not delay the single one of another.
# Usually everything that is due fits into one look at the earliest; only when it does not is there a crowd, and each
# workspace is asked by itself (hopping from one to the next on the index).
HINT = f"""
DROP FUNCTION hint_publications(integer, interval);
CREATE FUNCTION hint_publications(batch integer, lasts interval, busy text[])
RETURNS TABLE (id bigint, workspace_id bigint, network varchar, again boolean)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = public, pg_temp SET plan_cache_mode = force_custom_plan AS $sweep$
#variable_conflict use_column
DECLARE
    chosen bigint[];
    most integer := 4 * batch;
BEGIN
    IF batch <= 0 THEN
        RETURN;
    END IF;
    SELECT array_agg(one.id) INTO chosen FROM (
        SELECT p.id FROM publishing_publication p JOIN networks_account a ON a.id = p.account_id
        JOIN workspaces_workspace w ON w.id = p.workspace_id AND NOT w.publishing_paused
        WHERE {READY} ORDER BY greatest(p.due_at, p.not_before) LIMIT most) one;
    IF cardinality(chosen) >= most THEN
        WITH RECURSIVE house AS (
            SELECT min(p.workspace_id) AS id FROM publishing_publication p WHERE p.state = 'scheduled'
            UNION ALL
            SELECT (SELECT min(p.workspace_id) FROM publishing_publication p
                    WHERE p.state = 'scheduled' AND p.workspace_id > house.id)
            FROM house WHERE house.id IS NOT NULL
        )
        SELECT array_agg(one.id) INTO chosen FROM house
        JOIN workspaces_workspace w ON w.id = house.id AND NOT w.publishing_paused
        CROSS JOIN LATERAL (
            SELECT p.id FROM publishing_publication p JOIN networks_account a ON a.id = p.account_id
            WHERE p.workspace_id = house.id AND {READY} ORDER BY greatest(p.due_at, p.not_before) LIMIT batch
        ) one;
    END IF;
    RETURN QUERY
    WITH turns AS (
        SELECT p.id, p.due_at, row_number() OVER (PARTITION BY p.workspace_id ORDER BY p.due_at, p.id) AS turn
        FROM publishing_publication p WHERE p.id = ANY (chosen)
    ), due AS (
        SELECT * FROM turns ORDER BY turn, due_at, id LIMIT batch
    ), locked AS (
        SELECT p.id, p.hinted_at IS NOT NULL AS again, due.turn, due.due_at
        FROM publishing_publication p JOIN due ON due.id = p.id
        WHERE p.state = 'scheduled' AND (p.hinted_at IS NULL OR p.hinted_at < now() - lasts)
        FOR UPDATE OF p SKIP LOCKED
    ), hinted AS (
        UPDATE publishing_publication p SET hinted_at = now() FROM locked WHERE p.id = locked.id
        RETURNING p.id, p.workspace_id, p.account_id, locked.again, locked.turn, locked.due_at
    )
    SELECT hinted.id, hinted.workspace_id, a.network, hinted.again
    FROM hinted JOIN networks_account a ON a.id = hinted.account_id ORDER BY hinted.turn, hinted.due_at;
END $sweep$;
ALTER FUNCTION hint_publications OWNER TO {SWEEP_ROLE};
REVOKE ALL ON FUNCTION hint_publications FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hint_publications TO {APP_ROLE};
"""
PUBLICATION = "id, workspace_id, account_id, parent_id, state, due_at, not_before, hinted_at, lease_until, held_for, lot"
SCHEDULED = models.Q(("state", "scheduled"))
FOR_A_PERSON = models.Q(("state__in", ("needs_attention", "refused", "missed", "held")))


def ready() -> models.Func:
    return django.db.models.functions.comparison.Greatest("due_at", "not_before")


class Migration(migrations.Migration):
    dependencies = [("publishing", "0018_publisher")]
    operations = [
        migrations.RemoveIndex(model_name="publication", name="publication_due"),
        migrations.RemoveIndex(model_name="publication", name="publication_due_fairly"),
        migrations.AddIndex(
            model_name="publication", index=models.Index(ready(), condition=SCHEDULED, name="publication_ready")
        ),
        migrations.AddIndex(
            model_name="publication",
            index=models.Index(models.F("workspace"), ready(), condition=SCHEDULED, name="publication_ready_fairly"),
        ),
        migrations.AddIndex(
            model_name="publication",
            index=models.Index(fields=["workspace", "due_at"], condition=FOR_A_PERSON, name="publication_for_a_person"),
        ),
        migrations.AddIndex(
            model_name="attempt",
            index=django.contrib.postgres.indexes.BrinIndex(fields=["started_at"], name="attempt_lately"),
        ),
        migrations.RunSQL(HINT, migrations.RunSQL.noop),
        migrations.RunSQL("DROP FUNCTION publication_clock", migrations.RunSQL.noop),
        *sweep_function(
            "publication_clock(lasts interval)",
            "right_now timestamptz, next_due timestamptz, hinted bigint",
            "SELECT now(), (SELECT min(greatest(due_at, not_before)) FROM publishing_publication "
            "WHERE state = 'scheduled' AND greatest(due_at, not_before) > now()),"
            " (SELECT count(*) FROM publishing_publication WHERE state = 'scheduled' AND hinted_at >= now() - lasts)",
            reads={"publishing_publication": PUBLICATION},
        ),
        *sweep_function(
            "publications_under_way(lasts interval)",
            "network varchar, hinted bigint",
            "SELECT a.network, count(*) FROM publishing_publication p JOIN networks_account a ON a.id = p.account_id "
            "WHERE p.state = 'scheduled' AND p.hinted_at >= now() - lasts GROUP BY a.network",
            reads={"publishing_publication": PUBLICATION},
        ),
    ]
