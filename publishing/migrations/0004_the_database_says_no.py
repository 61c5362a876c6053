"""The database's own refusals: illegal steps, an old fence, changed content, an unscreened post, a lost attempt."""

from django.db import migrations

MAY_GO = """
CREATE FUNCTION publication_may_go(from_state text, to_state text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT (from_state, to_state) IN (
    ('draft', 'awaiting_approval'), ('draft', 'scheduled'), ('draft', 'held'), ('draft', 'cancelled'),
    ('awaiting_approval', 'draft'), ('awaiting_approval', 'scheduled'), ('awaiting_approval', 'held'),
    ('awaiting_approval', 'cancelled'),
    ('scheduled', 'draft'), ('scheduled', 'awaiting_approval'), ('scheduled', 'publishing'), ('scheduled', 'held'),
    ('scheduled', 'cancelled'), ('scheduled', 'missed'),
    ('publishing', 'published'), ('publishing', 'refused'), ('publishing', 'reconciling'),
    ('publishing', 'scheduled'), ('publishing', 'held'),
    ('reconciling', 'published'), ('reconciling', 'scheduled'), ('reconciling', 'needs_attention'),
    ('needs_attention', 'published'), ('needs_attention', 'scheduled'), ('needs_attention', 'cancelled'),
    ('held', 'draft'), ('held', 'awaiting_approval'), ('held', 'scheduled'), ('held', 'cancelled'),
    ('refused', 'scheduled'), ('refused', 'held'), ('refused', 'cancelled'),
    ('missed', 'scheduled'), ('missed', 'held'), ('missed', 'cancelled'),
    ('cancelled', 'scheduled'), ('cancelled', 'held'),
    ('published', 'deleted_remote'))
$$
"""

PUBLICATION_GUARD = """
CREATE FUNCTION guard_publication() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state NOT IN ('draft', 'awaiting_approval', 'scheduled', 'held') THEN
            RAISE EXCEPTION 'a publication cannot begin as %', NEW.state
                USING ERRCODE = 'check_violation', CONSTRAINT = 'a_publication_begins_unsent';
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.fence < OLD.fence THEN
        RAISE EXCEPTION 'the fence of publication % went back', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'the_fence_only_grows';
    END IF;
    IF NEW.account_id <> OLD.account_id OR NEW.workspace_id <> OLD.workspace_id THEN
        RAISE EXCEPTION 'publication % belongs to its account', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'a_publication_keeps_its_account';
    END IF;
    IF (OLD.state IN ('publishing', 'reconciling', 'needs_attention', 'published', 'deleted_remote')
            OR NEW.state = 'publishing')
        AND (NEW.fingerprint <> OLD.fingerprint OR NEW.content <> OLD.content) THEN
        RAISE EXCEPTION 'the content of publication % is frozen', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'content_is_frozen_once_publishing';
    END IF;
    IF NEW.remote_id IS DISTINCT FROM OLD.remote_id AND OLD.remote_id IS NOT NULL THEN
        RAISE EXCEPTION 'publication % already has its receipt', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'a_receipt_is_never_changed';
    END IF;
    IF NEW.state = OLD.state THEN
        RETURN NEW;
    END IF;
    IF NOT publication_may_go(OLD.state, NEW.state) THEN
        RAISE EXCEPTION 'publication % may not go from % to %', OLD.id, OLD.state, NEW.state
            USING ERRCODE = 'check_violation', CONSTRAINT = 'only_legal_steps';
    END IF;
    IF NEW.state = 'publishing' THEN
        PERFORM guard_claim(NEW, OLD.fence);
    END IF;
    RETURN NEW;
END $$
"""

CLAIM_GUARD = """
CREATE FUNCTION guard_claim(claimed publishing_publication, old_fence bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF claimed.fence <= old_fence THEN
        RAISE EXCEPTION 'publication % was claimed without a new fence', claimed.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'a_claim_takes_a_new_fence';
    END IF;
    IF NOT verdict_passes(claimed.verdict_id, claimed.fingerprint, claimed.workspace_id,
        (SELECT network FROM networks_account WHERE id = claimed.account_id)) THEN
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

ATTEMPT_GUARD = """
CREATE FUNCTION guard_attempt() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'attempt % stays on record', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'attempts_are_never_deleted';
    ELSIF TG_OP = 'INSERT' THEN
        IF NEW.result <> 'sending' OR NOT EXISTS (SELECT FROM publishing_publication p
            WHERE p.id = NEW.publication_id AND p.state = 'publishing' AND p.fence = NEW.fence
              AND p.fingerprint = NEW.fingerprint AND p.verdict_id = NEW.verdict_id) THEN
            RAISE EXCEPTION 'an attempt begins with its claim'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'an_attempt_begins_with_its_claim';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.result NOT IN ('sending', 'unknown') OR NEW.result = 'sending'
        OR (OLD.result = 'unknown' AND NEW.result NOT IN ('succeeded', 'absent'))
        OR (NEW.id, NEW.workspace_id, NEW.publication_id, NEW.fence, NEW.fingerprint, NEW.verdict_id, NEW.started_at)
            IS DISTINCT FROM
           (OLD.id, OLD.workspace_id, OLD.publication_id, OLD.fence, OLD.fingerprint, OLD.verdict_id, OLD.started_at)
    THEN
        RAISE EXCEPTION 'attempt % is settled', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'an_attempt_is_settled_once';
    END IF;
    RETURN NEW;
END $$
"""

TRIGGERS = """
CREATE TRIGGER guard_publication BEFORE INSERT OR UPDATE OF
    state, fence, content, fingerprint, account_id, workspace_id, parent_id, verdict_id, remote_id
    ON publishing_publication FOR EACH ROW EXECUTE FUNCTION guard_publication();
CREATE TRIGGER guard_attempt BEFORE INSERT OR UPDATE OR DELETE
    ON publishing_attempt FOR EACH ROW EXECUTE FUNCTION guard_attempt();
"""


class Migration(migrations.Migration):
    dependencies = [("publishing", "0003_questions_and_holds"), ("compliance", "0004_append_only_and_walls")]
    operations = [
        migrations.RunSQL(MAY_GO, "DROP FUNCTION publication_may_go(text, text)"),
        migrations.RunSQL(CLAIM_GUARD, "DROP FUNCTION guard_claim(publishing_publication, bigint)"),
        migrations.RunSQL(PUBLICATION_GUARD, "DROP FUNCTION guard_publication()"),
        migrations.RunSQL(ATTEMPT_GUARD, "DROP FUNCTION guard_attempt()"),
        migrations.RunSQL(
            TRIGGERS,
            "DROP TRIGGER guard_publication ON publishing_publication; DROP TRIGGER guard_attempt ON publishing_attempt",
        ),
    ]
