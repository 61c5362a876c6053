"""What the database keeps of the queue by itself: places, numbers, labels' copies; search; and the new walls."""

from django.contrib.postgres.operations import BtreeGinExtension
from django.db import migrations

from workspaces.tenancy import APP_ROLE, SWEEP_ROLE, sweep_function, walls

CONVERSATION = {"conversation_id": "social_crm_conversation"}
MEMBER = {"member_id": "workspaces_member"}

# A place in the queue is one number: what is due soonest has the highest, then what is due never by its newest word.
PLACE = """
CREATE FUNCTION social_crm_microseconds(moment timestamptz) RETURNS bigint LANGUAGE sql STABLE AS
$$ SELECT (extract(epoch FROM moment) * 1000000)::bigint $$;

CREATE FUNCTION social_crm_place_conversation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.network := coalesce((SELECT network FROM networks_account WHERE id = NEW.account_id), NEW.network);
    END IF;
    NEW.lane := CASE NEW.status WHEN 'snoozed' THEN 2 WHEN 'resolved' THEN 3 WHEN 'spam' THEN 4 ELSE 1 END;
    NEW.urgency := CASE
        WHEN NEW.lane = 2 THEN 10000000000000000 - social_crm_microseconds(NEW.snoozed_until)
        WHEN NEW.lane = 1 AND NEW.due_at IS NOT NULL THEN 10000000000000000 - social_crm_microseconds(NEW.due_at)
        ELSE social_crm_microseconds(NEW.last_activity) END;
    RETURN NEW;
END $$;
CREATE TRIGGER place_conversation BEFORE INSERT OR UPDATE ON social_crm_conversation
    FOR EACH ROW EXECUTE FUNCTION social_crm_place_conversation();

CREATE FUNCTION social_crm_place_labelled() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT lane, urgency INTO NEW.lane, NEW.urgency FROM social_crm_conversation WHERE id = NEW.conversation_id;
    RETURN NEW;
END $$;
CREATE TRIGGER place_labelled BEFORE INSERT ON social_crm_labelled
    FOR EACH ROW EXECUTE FUNCTION social_crm_place_labelled();
"""

# The views a conversation counts in. One row a change is added and folded later: writers never wait for each other.
COUNT = """
CREATE FUNCTION social_crm_facets(c social_crm_conversation) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
SELECT CASE c.lane WHEN 1 THEN array_remove(ARRAY[
        'all', 'status:' || c.status, 'net:' || c.network, 'kind:' || c.kind,
        CASE WHEN c.assignee_id IS NULL THEN 'unassigned' ELSE 'mine:' || c.assignee_id END,
        'team:' || c.team_id,
        CASE WHEN c.unread > 0 THEN 'unread' END,
        CASE WHEN c.priority > 0 THEN 'pressing' END,
        CASE WHEN c.escalated_to <> '' THEN 'escalated' END,
        CASE WHEN c.to_approve THEN 'to_approve' END], NULL)
    WHEN 2 THEN ARRAY['snoozed'] WHEN 3 THEN ARRAY['resolved'] ELSE ARRAY['spam'] END $$;

CREATE FUNCTION social_crm_count_in() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO social_crm_tally (workspace_id, facet, n)
    SELECT workspace_id, facet, count(*) FROM came, unnest(social_crm_facets(came)) AS facet GROUP BY 1, 2;
    RETURN NULL;
END $$;
CREATE FUNCTION social_crm_count_out() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO social_crm_tally (workspace_id, facet, n)
    SELECT workspace_id, facet, -count(*) FROM went, unnest(social_crm_facets(went)) AS facet GROUP BY 1, 2;
    RETURN NULL;
END $$;
CREATE FUNCTION social_crm_count_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO social_crm_tally (workspace_id, facet, n)
    SELECT workspace_id, facet, sum(step) FROM (
        SELECT workspace_id, facet, 1 AS step FROM came, unnest(social_crm_facets(came)) AS facet
        UNION ALL SELECT workspace_id, facet, -1 FROM went, unnest(social_crm_facets(went)) AS facet) AS steps
    GROUP BY 1, 2 HAVING sum(step) <> 0;
    UPDATE social_crm_labelled AS l SET lane = came.lane, urgency = came.urgency FROM came
    WHERE l.conversation_id = came.id AND (l.lane <> came.lane OR l.urgency <> came.urgency);
    RETURN NULL;
END $$;
CREATE TRIGGER count_in AFTER INSERT ON social_crm_conversation REFERENCING NEW TABLE AS came
    FOR EACH STATEMENT EXECUTE FUNCTION social_crm_count_in();
CREATE TRIGGER count_out AFTER DELETE ON social_crm_conversation REFERENCING OLD TABLE AS went
    FOR EACH STATEMENT EXECUTE FUNCTION social_crm_count_out();
CREATE TRIGGER count_on AFTER UPDATE ON social_crm_conversation REFERENCING NEW TABLE AS came OLD TABLE AS went
    FOR EACH STATEMENT EXECUTE FUNCTION social_crm_count_on();

CREATE FUNCTION social_crm_count_labels() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO social_crm_tally (workspace_id, facet, n)
        SELECT workspace_id, 'label:' || label_id, count(*) FROM came WHERE lane = 1 GROUP BY 1, 2;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        INSERT INTO social_crm_tally (workspace_id, facet, n)
        SELECT workspace_id, 'label:' || label_id, -count(*) FROM went WHERE lane = 1 GROUP BY 1, 2;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER count_in AFTER INSERT ON social_crm_labelled REFERENCING NEW TABLE AS came
    FOR EACH STATEMENT EXECUTE FUNCTION social_crm_count_labels();
CREATE TRIGGER count_out AFTER DELETE ON social_crm_labelled REFERENCING OLD TABLE AS went
    FOR EACH STATEMENT EXECUTE FUNCTION social_crm_count_labels();
CREATE TRIGGER count_on AFTER UPDATE ON social_crm_labelled REFERENCING NEW TABLE AS came OLD TABLE AS went
    FOR EACH STATEMENT EXECUTE FUNCTION social_crm_count_labels();
"""

# Row security hides an index from operators that could leak, and @@ is one of them. So a function looks, with the
# sweep's eyes, in the workspace entered and nowhere else, and answers numbers only. First among the newest messages,
# one by one: a common word is found there at once. A word that is rare there has a short list in the index.
SEARCH = f"""
CREATE INDEX message_words ON social_crm_message USING gin (workspace_id, to_tsvector('simple', text));
CREATE INDEX identity_words ON social_crm_identity
    USING gin (workspace_id, to_tsvector('simple', name || ' ' || handle));

CREATE FUNCTION search_messages(words text, most integer, before bigint, newest integer, deep boolean)
RETURNS TABLE (message_id bigint, conversation_id bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $search$
DECLARE
    here bigint := NULLIF(current_setting('app.workspace', true), '')::bigint;
    bottom bigint;
    found integer;
BEGIN
    IF here IS NULL THEN RETURN; END IF;
    SELECT min(id) INTO bottom FROM (
        SELECT m.id FROM social_crm_message m WHERE m.workspace_id = here AND m.id < before
        ORDER BY m.id DESC LIMIT newest) AS window_of_newest;
    IF bottom IS NULL THEN RETURN; END IF;
    RETURN QUERY EXECUTE
        'SELECT near.id, near.conversation_id FROM (
            SELECT m.id, m.conversation_id, m.text FROM social_crm_message m
            WHERE m.workspace_id = $1 AND m.id < $2 ORDER BY m.id DESC LIMIT $3) AS near
         WHERE to_tsvector(''simple'', near.text) @@ $4::tsquery LIMIT $5'
        USING here, before, newest, words, most;
    GET DIAGNOSTICS found = ROW_COUNT;
    IF found >= most OR NOT deep THEN RETURN; END IF;
    RETURN QUERY EXECUTE
        'SELECT m.id, m.conversation_id FROM social_crm_message m
         WHERE m.workspace_id = $1 AND to_tsvector(''simple'', m.text) @@ $2::tsquery AND m.id < $3
         ORDER BY m.id + 0 DESC LIMIT $4'
        USING here, words, bottom, most - found;
END $search$;

CREATE FUNCTION search_people(words text, most integer)
RETURNS TABLE (contact_id bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $search$
DECLARE here bigint := NULLIF(current_setting('app.workspace', true), '')::bigint;
BEGIN
    IF here IS NULL THEN RETURN; END IF;
    RETURN QUERY EXECUTE
        'SELECT i.contact_id FROM (SELECT contact_id FROM social_crm_identity
         WHERE workspace_id = $1 AND to_tsvector(''simple'', name || '' '' || handle) @@ $2::tsquery LIMIT $3) AS i'
        USING here, words, most;
END $search$;

GRANT SELECT (id, workspace_id, conversation_id, text) ON social_crm_message TO {SWEEP_ROLE};
GRANT SELECT (workspace_id, contact_id, name, handle) ON social_crm_identity TO {SWEEP_ROLE};
CREATE POLICY sweep ON social_crm_identity FOR SELECT TO {SWEEP_ROLE} USING (true);
ALTER FUNCTION search_messages OWNER TO {SWEEP_ROLE};
ALTER FUNCTION search_people OWNER TO {SWEEP_ROLE};
REVOKE ALL ON FUNCTION search_messages, search_people FROM PUBLIC;
GRANT EXECUTE ON FUNCTION search_messages, search_people TO {APP_ROLE};
"""

FOR_THE_CLOCK = {"social_crm_conversation": "id, workspace_id, status, lane, due_at, missed_at, snoozed_until"}

# What was there before: places, numbers, and what a reply must have seen.
FILL = """
DO $$
DECLARE one record;
BEGIN
    FOR one IN SELECT id FROM workspaces_workspace LOOP
        PERFORM set_config('app.workspace', one.id::text, true);
        INSERT INTO social_crm_tally (workspace_id, facet, n)
        SELECT c.workspace_id, facet, count(*)
        FROM social_crm_conversation c, unnest(social_crm_facets(c)) AS facet GROUP BY 1, 2;
        UPDATE social_crm_conversation c SET
            network = a.network, opened_at = c.created_at,
            newest_message = coalesce((SELECT max(m.id) FROM social_crm_message m WHERE m.conversation_id = c.id), 0),
            customer_at = (SELECT max(m.network_at) FROM social_crm_message m
                           WHERE m.conversation_id = c.id AND m.direction = 'in'),
            resolved_at = CASE WHEN c.status = 'resolved' THEN now() END
        FROM networks_account a WHERE a.id = c.account_id;
    END LOOP;
    PERFORM set_config('app.workspace', '', true);
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("social_crm", "0003_the_queue"), ("workspaces", "0004_more_walls")]
    operations = [
        BtreeGinExtension(),
        *walls("social_crm_deskrules"),
        *walls("social_crm_promise"),
        *walls("social_crm_team"),
        *walls("social_crm_teammate", links={"team_id": "social_crm_team", **MEMBER}),
        *walls("social_crm_agent", links=MEMBER),
        *walls("social_crm_label"),
        *walls("social_crm_labelled", links={**CONVERSATION, "label_id": "social_crm_label"}),
        *walls("social_crm_tally"),
        *walls("social_crm_savedview", links=MEMBER),
        *walls("social_crm_savedreply", links={"made_by_id": "workspaces_member"}),
        *walls("social_crm_deed", links=MEMBER),
        *walls("social_crm_rating", links={**CONVERSATION, "agent_id": "workspaces_member"}),
        *walls("social_crm_seen", links={**CONVERSATION, **MEMBER}),
        migrations.RunSQL(
            "ALTER TABLE social_crm_conversation "
            "ADD CONSTRAINT social_crm_conversation_team_id_same_workspace FOREIGN KEY (workspace_id, team_id) "
            "REFERENCES social_crm_team (workspace_id, id) DEFERRABLE INITIALLY DEFERRED, "
            "ADD CONSTRAINT social_crm_conversation_snoozed_by_id_same_workspace "
            "FOREIGN KEY (workspace_id, snoozed_by_id) "
            "REFERENCES workspaces_member (workspace_id, id) DEFERRABLE INITIALLY DEFERRED",
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(PLACE, migrations.RunSQL.noop),
        migrations.RunSQL(COUNT, migrations.RunSQL.noop),
        migrations.RunSQL(SEARCH, migrations.RunSQL.noop),
        *sweep_function(
            "conversations_overdue(most integer)",
            "workspace_id bigint, conversation_id bigint",
            "SELECT workspace_id, id FROM social_crm_conversation "
            "WHERE lane = 1 AND due_at IS NOT NULL AND missed_at IS NULL AND due_at <= now() ORDER BY due_at LIMIT most",
            reads=FOR_THE_CLOCK,
        ),
        *sweep_function(
            "conversations_to_wake(most integer)",
            "workspace_id bigint, conversation_id bigint",
            "SELECT workspace_id, id FROM social_crm_conversation "
            "WHERE status = 'snoozed' AND snoozed_until <= now() ORDER BY snoozed_until LIMIT most",
            reads={},
        ),
        *sweep_function(
            "answers_to_settle(most integer)",
            "workspace_id bigint, message_id bigint",
            "SELECT m.workspace_id, m.id FROM social_crm_message m "
            "JOIN publishing_publication p ON p.id = m.publication_id "
            "WHERE m.direction = 'out' AND m.remote_id IS NULL AND m.failed_at IS NULL AND m.publication_id IS NOT NULL "
            "AND p.state IN ('published', 'refused', 'needs_attention', 'held', 'missed') LIMIT most",
            reads={
                "social_crm_message": "id, workspace_id, publication_id, direction, remote_id, failed_at",
                "publishing_publication": "id, state",
            },
        ),
        *sweep_function(
            "tallies_to_fold(most integer)",
            "workspace_id bigint",
            "SELECT workspace_id FROM social_crm_tally GROUP BY workspace_id HAVING count(*) > most",
            reads={"social_crm_tally": "workspace_id"},
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
