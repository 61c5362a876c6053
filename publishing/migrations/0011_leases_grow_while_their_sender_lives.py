"""A process that is still sending makes its leases longer, over all workspaces at once; one that is gone does not."""

from django.db import migrations

from workspaces.tenancy import APP_ROLE, SWEEP_ROLE

# A lease that has ended is not begun again: the reaper may be looking at it just now.
EXTEND = f"""
CREATE FUNCTION extend_leases(ids bigint[], fences bigint[], longer interval)
RETURNS TABLE (id bigint)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $sweep$
UPDATE publishing_publication p SET lease_until = greatest(p.lease_until, now() + longer)
FROM unnest(ids, fences) AS held (id, fence)
WHERE p.id = held.id AND p.fence = held.fence AND p.state = 'publishing' AND p.lease_until > now()
RETURNING p.id
$sweep$;
GRANT SELECT (fence), UPDATE (lease_until) ON publishing_publication TO {SWEEP_ROLE};
ALTER FUNCTION extend_leases OWNER TO {SWEEP_ROLE};
REVOKE ALL ON FUNCTION extend_leases FROM PUBLIC;
GRANT EXECUTE ON FUNCTION extend_leases TO {APP_ROLE};
"""


class Migration(migrations.Migration):
    dependencies = [("publishing", "0010_no_way_around_an_open_attempt")]
    operations = [migrations.RunSQL(EXTEND, "DROP FUNCTION extend_leases")]
