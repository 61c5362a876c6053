"""While a send is open, nobody may call the publication unsent: first the attempt is settled, then the state."""

from django.db import migrations

GUARD = """
CREATE FUNCTION guard_open_attempt() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM publishing_attempt
        WHERE publication_id = NEW.id AND workspace_id = NEW.workspace_id AND result IN ('sending', 'unknown')) THEN
        RAISE EXCEPTION 'publication % has an open attempt and cannot be called %', NEW.id, NEW.state
            USING ERRCODE = 'check_violation', CONSTRAINT = 'the_attempt_is_settled_first';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_open_attempt BEFORE UPDATE OF state ON publishing_publication FOR EACH ROW
    WHEN (OLD.state IN ('publishing', 'reconciling', 'needs_attention')
          AND NEW.state NOT IN ('publishing', 'reconciling', 'needs_attention'))
    EXECUTE FUNCTION guard_open_attempt();
"""
UNDO = """
DROP TRIGGER guard_open_attempt ON publishing_publication;
DROP FUNCTION guard_open_attempt();
"""


class Migration(migrations.Migration):
    dependencies = [("publishing", "0009_questions_belong_to_a_send")]
    operations = [migrations.RunSQL(GUARD, UNDO)]
