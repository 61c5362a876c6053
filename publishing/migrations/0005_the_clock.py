"""What the clock may see over all workspaces: ids of what is due, expired, in question or free again. Nothing else."""

from django.db import migrations

from workspaces.tenancy import APP_ROLE, SWEEP_ROLE, sweep_function

# Each workspace in turn gives its earliest, so that ten thousand posts of one do not delay the single one of another.
# The recursive part hops from workspace to workspace on the index instead of reading all that is due.
HINT = f"""
CREATE FUNCTION hint_publications(batch integer, lasts interval)
RETURNS TABLE (id bigint, workspace_id bigint, network varchar, again boolean)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $sweep$
WITH RECURSIVE house AS (
    SELECT min(p.workspace_id) AS id FROM publishing_publication p WHERE p.state = 'scheduled'
    UNION ALL
    SELECT (SELECT min(p.workspace_id) FROM publishing_publication p
            WHERE p.state = 'scheduled' AND p.workspace_id > house.id)
    FROM house WHERE house.id IS NOT NULL
), due AS (
    SELECT one.id, one.due_at, one.turn
    FROM house JOIN workspaces_workspace w ON w.id = house.id AND NOT w.publishing_paused
    CROSS JOIN LATERAL (
        SELECT p.id, p.due_at, row_number() OVER (PARTITION BY p.workspace_id ORDER BY p.due_at, p.id) AS turn
        FROM publishing_publication p JOIN networks_account a ON a.id = p.account_id
        WHERE p.workspace_id = house.id AND p.state = 'scheduled' AND p.due_at <= now()
          AND (p.not_before IS NULL OR p.not_before <= now())
          AND (p.hinted_at IS NULL OR p.hinted_at < now() - lasts)
          AND NOT a.paused
          AND (p.parent_id IS NULL OR EXISTS (
              SELECT FROM publishing_publication parent WHERE parent.id = p.parent_id AND parent.state = 'published'))
        ORDER BY p.due_at, p.id LIMIT batch
    ) one
    ORDER BY one.turn, one.due_at LIMIT batch
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
FROM hinted JOIN networks_account a ON a.id = hinted.account_id ORDER BY hinted.turn, hinted.due_at
$sweep$;
GRANT SELECT (id, workspace_id, account_id, parent_id, state, due_at, not_before, hinted_at, lease_until, held_for),
    UPDATE (hinted_at) ON publishing_publication TO {SWEEP_ROLE};
CREATE POLICY sweep_hints ON publishing_publication FOR UPDATE TO {SWEEP_ROLE} USING (true) WITH CHECK (true);
ALTER FUNCTION hint_publications OWNER TO {SWEEP_ROLE};
REVOKE ALL ON FUNCTION hint_publications FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hint_publications TO {APP_ROLE};
"""

PUBLICATION = "id, workspace_id, account_id, parent_id, state, due_at, not_before, hinted_at, lease_until, held_for"


class Migration(migrations.Migration):
    dependencies = [("publishing", "0004_the_database_says_no"), ("networks", "0002_walls"), ("workspaces", "0002_walls")]
    operations = [
        *sweep_function(
            "expired_publications(batch integer)",
            "id bigint, workspace_id bigint",
            "SELECT id, workspace_id FROM publishing_publication "
            "WHERE state = 'publishing' AND lease_until < now() ORDER BY lease_until LIMIT batch",
            reads={"publishing_publication": PUBLICATION},
        ),
        *sweep_function(
            "questioned_publications(batch integer)",
            "id bigint, workspace_id bigint",
            "SELECT id, workspace_id FROM publishing_publication WHERE state = 'reconciling' "
            "AND (not_before IS NULL OR not_before <= now()) ORDER BY not_before NULLS FIRST LIMIT batch",
            reads={"publishing_publication": PUBLICATION},
        ),
        *sweep_function(
            "releasable_publications(batch integer)",
            "id bigint, workspace_id bigint",
            "SELECT p.id, p.workspace_id FROM publishing_publication p JOIN networks_account a ON a.id = p.account_id "
            "WHERE p.state = 'held' AND p.held_for = 'account' AND a.health = 'connected' LIMIT batch",
            reads={
                "publishing_publication": PUBLICATION,
                "networks_account": "id, workspace_id, network, health, paused",
            },
        ),
        *sweep_function(
            "publication_clock(lasts interval)",
            "right_now timestamptz, next_due timestamptz, hinted bigint",
            "SELECT now(), (SELECT min(due_at) FROM publishing_publication WHERE state = 'scheduled' AND due_at > now()),"
            " (SELECT count(*) FROM publishing_publication WHERE state = 'scheduled' AND hinted_at >= now() - lasts)",
            reads={"publishing_publication": PUBLICATION},
        ),
        migrations.RunSQL(
            f"GRANT SELECT (id, publishing_paused) ON workspaces_workspace TO {SWEEP_ROLE}", migrations.RunSQL.noop
        ),
        migrations.RunSQL(HINT, "DROP FUNCTION hint_publications"),
    ]
