"""Verdicts and decisions cannot be changed, and the database itself can say whether a verdict lets a text pass."""

from django.db import migrations

from workspaces.tenancy import APP_ROLE, append_only, walls

PASSES = f"""
CREATE FUNCTION verdict_passes(verdict_id bigint, content_fingerprint text, of_workspace bigint, on_network text)
RETURNS boolean LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM compliance_verdict v
        LEFT JOIN LATERAL (
            SELECT d.choice FROM compliance_decision d WHERE d.verdict_id = v.id ORDER BY d.id DESC LIMIT 1
        ) latest ON true
        WHERE v.id = $1 AND v.fingerprint = $2 AND v.workspace_id = $3 AND v.network = $4
        AND CASE
            WHEN latest.choice IS NULL THEN v.outcome = 'allow'
            ELSE latest.choice = 'approve' AND v.outcome IN ('allow', 'review')
        END
    )
$$;
CREATE FUNCTION verdict_passes(verdict_id bigint, content_fingerprint text)
RETURNS boolean LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM compliance_verdict v
        WHERE v.id = $1 AND verdict_passes(v.id, $2, v.workspace_id, v.network)
    )
$$;
GRANT EXECUTE ON FUNCTION verdict_passes(bigint, text, bigint, text), verdict_passes(bigint, text) TO {APP_ROLE};
"""
UNDO = """
DROP FUNCTION verdict_passes(bigint, text);
DROP FUNCTION verdict_passes(bigint, text, bigint, text);
"""


class Migration(migrations.Migration):
    dependencies = [("compliance", "0003_evidence_policies_and_cases"), ("workspaces", "0002_walls")]
    operations = [
        *walls("compliance_substantiation", links={"recorded_by_id": "workspaces_member"}),
        *walls("compliance_policy", links={"set_by_id": "workspaces_member"}),
        *walls(
            "compliance_case",
            links={
                "verdict_id": "compliance_verdict",
                "endorser_id": "compliance_endorser",
                "author_id": "workspaces_member",
            },
        ),
        # A decision outlives the membership of who took it, so nothing may tie its row to the member's.
        migrations.RunSQL(
            "ALTER TABLE compliance_decision DROP CONSTRAINT compliance_decision_by_id_same_workspace",
            migrations.RunSQL.noop,
        ),
        *append_only("compliance_verdict"),
        *append_only("compliance_decision"),
        migrations.RunSQL(PASSES, UNDO),
    ]
