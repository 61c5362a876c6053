"""Who may decide what, how a decision is taken back, and what an override lets pass: the database's own answers."""

from django.db import migrations

from workspaces.tenancy import APP_ROLE, append_only, sweep_function, walls

LOCK = 4177  # the advisory locks of decisions: the second number is a hash of the verdict's id

# Times are the database's own, so no other clock moves a decision. Words on one text queue behind each other, and a
# claim waits for them: what is being taken back is not sent meanwhile, and what was sent is not taken back.
GUARD = f"""
CREATE FUNCTION guard_decision() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    answered compliance_decision;
    held_role text;
BEGIN
    PERFORM pg_advisory_xact_lock({LOCK}, hashint8(NEW.verdict_id));
    NEW.decided_at := clock_timestamp();
    NEW.takes_effect_at := NEW.decided_at + make_interval(secs => NEW.undo_seconds);
    SELECT m.role INTO held_role FROM workspaces_member m WHERE m.id = NEW.by_id AND m.workspace_id = NEW.workspace_id;
    IF held_role IS NULL OR held_role NOT IN ('owner', 'officer') THEN
        RAISE EXCEPTION 'only an officer decides on verdict %', NEW.verdict_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'an_officer_decides';
    END IF;
    IF EXISTS (SELECT FROM compliance_case c WHERE c.verdict_id = NEW.verdict_id
            AND c.workspace_id = NEW.workspace_id AND c.author_id = NEW.by_id) THEN
        RAISE EXCEPTION 'member % wrote the text of verdict %', NEW.by_id, NEW.verdict_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'nobody_decides_on_their_own_text';
    END IF;
    IF NEW.answers_id IS NULL THEN
        RETURN NEW;
    END IF;
    SELECT d.* INTO answered FROM compliance_decision d WHERE d.id = NEW.answers_id
        AND d.verdict_id = NEW.verdict_id AND d.workspace_id = NEW.workspace_id AND d.choice <> 'withdraw';
    IF NOT FOUND THEN
        RAISE EXCEPTION 'decision % is about another text', NEW.answers_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'an_answer_is_about_the_same_text';
    END IF;
    IF NEW.choice = 'withdraw' THEN
        IF answered.by_id IS DISTINCT FROM NEW.by_id OR answered.takes_effect_at <= NEW.decided_at THEN
            RAISE EXCEPTION 'decision % is in effect', answered.id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'what_is_in_effect_is_not_taken_back';
        END IF;
        RETURN NEW;
    END IF;
    IF answered.choice <> 'override' OR answered.by_id = NEW.by_id THEN
        RAISE EXCEPTION 'an override needs a second officer'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'an_override_needs_a_second_officer';
    END IF;
    IF answered.expires_at <= NEW.decided_at OR EXISTS (
        SELECT FROM compliance_decision d WHERE d.verdict_id = NEW.verdict_id AND d.id > answered.id
            AND (d.choice IN ('ask', 'reject', 'consent', 'decline', 'override')
                OR (d.choice = 'withdraw' AND d.answers_id = answered.id))
            AND NOT EXISTS (SELECT FROM compliance_decision w WHERE w.answers_id = d.id AND w.choice = 'withdraw'))
    THEN
        RAISE EXCEPTION 'the request % is no longer open', answered.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'an_override_is_answered_while_it_is_asked';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_decision BEFORE INSERT ON compliance_decision FOR EACH ROW EXECUTE FUNCTION guard_decision();
"""

# The same as compliance.queries.passes; a test compares them over made-up histories.
PASSES = f"""
CREATE OR REPLACE FUNCTION verdict_passes(
    verdict_id bigint, content_fingerprint text, of_workspace bigint, on_network text)
RETURNS boolean LANGUAGE plpgsql VOLATILE SET search_path = public, pg_temp AS $$
DECLARE
    said text;
    right_now timestamptz;
    word compliance_decision;
BEGIN
    SELECT v.outcome INTO said FROM compliance_verdict v
        WHERE v.id = $1 AND v.fingerprint = $2 AND v.workspace_id = $3 AND v.network = $4;
    IF NOT FOUND THEN
        RETURN false;
    ELSIF NOT EXISTS (SELECT FROM compliance_decision d WHERE d.verdict_id = $1) THEN
        RETURN said = 'allow';
    END IF;
    PERFORM pg_advisory_xact_lock_shared({LOCK}, hashint8($1));
    right_now := clock_timestamp();
    SELECT d.* INTO word FROM compliance_decision d
        WHERE d.verdict_id = $1
        AND (d.choice IN ('ask', 'reject') OR (d.choice IN ('approve', 'consent') AND d.takes_effect_at <= right_now))
        AND NOT EXISTS (SELECT FROM compliance_decision w WHERE w.answers_id = d.id AND w.choice = 'withdraw')
        ORDER BY d.id DESC LIMIT 1;
    IF word.id IS NULL THEN
        RETURN said = 'allow';
    ELSIF word.choice = 'approve' THEN
        RETURN said IN ('allow', 'review');
    ELSIF word.choice = 'consent' THEN
        RETURN EXISTS (SELECT FROM compliance_decision o
            WHERE o.id = word.answers_id AND o.choice = 'override' AND o.expires_at > right_now
            AND o.by_id <> word.by_id AND NOT EXISTS (
                SELECT FROM compliance_decision w WHERE w.answers_id = o.id AND w.choice = 'withdraw'));
    END IF;
    RETURN false;
END $$;
ALTER FUNCTION verdict_passes(bigint, text) VOLATILE;
GRANT EXECUTE ON FUNCTION verdict_passes(bigint, text, bigint, text) TO {APP_ROLE};
"""


def link(table: str, column: str, target: str) -> migrations.RunSQL:
    """A foreign key that cannot leave the workspace, for a column that came after its table's walls."""
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {table}_{column}_same_workspace FOREIGN KEY (workspace_id, {column}) "
        f"REFERENCES {target} (workspace_id, id) DEFERRABLE INITIALLY DEFERRED",
        migrations.RunSQL.noop,
    )


class Migration(migrations.Migration):
    dependencies = [("compliance", "0008_the_desk"), ("workspaces", "0002_walls")]
    operations = [
        # A policy outlives the membership of who set it, so nothing may tie its row to the member's.
        migrations.RunSQL(
            "ALTER TABLE compliance_policy DROP CONSTRAINT compliance_policy_set_by_id_same_workspace",
            migrations.RunSQL.noop,
        ),
        link("compliance_policy", "replaces_id", "compliance_policy"),
        link("compliance_case", "assignee_id", "workspaces_member"),
        link("compliance_decision", "case_id", "compliance_case"),
        link("compliance_decision", "answers_id", "compliance_decision"),
        *walls("compliance_deskterms"),
        *walls("compliance_reasontext"),
        *walls("compliance_dryrun", links={"asked_by_id": "workspaces_member"}),
        *append_only("compliance_policy"),
        migrations.RunSQL(GUARD, "DROP TRIGGER guard_decision ON compliance_decision; DROP FUNCTION guard_decision()"),
        migrations.RunSQL(PASSES, migrations.RunSQL.noop),
        *sweep_function(
            "cases_to_tend(batch integer)",
            "id bigint, workspace_id bigint",
            "SELECT id, workspace_id FROM compliance_case WHERE tend_at <= now() ORDER BY tend_at LIMIT batch",
            reads={"compliance_case": "id, workspace_id, tend_at"},
        ),
        *sweep_function(
            "dry_runs_queued(batch integer)",
            "id bigint, workspace_id bigint",
            "SELECT id, workspace_id FROM compliance_dryrun WHERE state = 'queued' ORDER BY asked_at LIMIT batch",
            reads={"compliance_dryrun": "id, workspace_id, state, asked_at"},
        ),
    ]
