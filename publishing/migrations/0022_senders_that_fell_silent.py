"""Sends whose lease was not made longer lately: their sender is dead, frozen or cut off, and one may look already."""

from django.db import migrations

from workspaces.tenancy import APP_ROLE, SWEEP_ROLE

SILENT = f"""
CREATE FUNCTION silent_publications(batch integer, nearer interval, blind text[])
RETURNS TABLE (id bigint, workspace_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $sweep$
SELECT p.id, p.workspace_id FROM publishing_publication p JOIN networks_account a ON a.id = p.account_id
WHERE p.state = 'publishing' AND p.lease_until < now() + nearer AND a.network <> ALL (blind)
ORDER BY p.lease_until LIMIT batch
$sweep$;
ALTER FUNCTION silent_publications OWNER TO {SWEEP_ROLE};
REVOKE ALL ON FUNCTION silent_publications FROM PUBLIC;
GRANT EXECUTE ON FUNCTION silent_publications TO {APP_ROLE};
"""


class Migration(migrations.Migration):
    dependencies = [("publishing", "0021_what_the_networks_show")]
    operations = [migrations.RunSQL(SILENT, "DROP FUNCTION silent_publications")]
