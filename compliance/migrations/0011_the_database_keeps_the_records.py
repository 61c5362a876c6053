"""Versions, the chain of evidence and its walls: what the database itself does and refuses, whoever asks."""

from django.db import migrations

from workspaces.tenancy import append_only, sweep_function, walls

VERSIONS = """
CREATE FUNCTION compliance_keep_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.version := 1;
    ELSIF to_jsonb(NEW) - 'version' - 'recorded_by_id' = to_jsonb(OLD) - 'version' - 'recorded_by_id' THEN
        NEW.version := OLD.version;
        RETURN NEW;
    ELSE
        NEW.version := OLD.version + 1;
    END IF;
    INSERT INTO compliance_recordversion (workspace_id, kind, record, number, what, at)
    VALUES (NEW.workspace_id, TG_ARGV[0], NEW.id, NEW.version, to_jsonb(NEW), clock_timestamp());
    RETURN NEW;
END $$;
CREATE FUNCTION compliance_stays_on_record() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    RAISE EXCEPTION '% stays on record: it ends, it is not deleted', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
"""
KEPT = ("endorser", "connection", "substantiation")
# What was there before this migration becomes its first version. The owner is behind the wall as well, so it enters.
FIRST = """
DO $$
DECLARE house bigint;
BEGIN
    FOR house IN SELECT id FROM workspaces_workspace LOOP
        PERFORM set_config('app.workspace', house::text, true);
        INSERT INTO compliance_recordversion (workspace_id, kind, record, number, what, at)
        SELECT workspace_id, 'endorser', id, version, to_jsonb(r), created_at FROM compliance_endorser r
        UNION ALL SELECT workspace_id, 'connection', id, version, to_jsonb(r), recorded_at FROM compliance_connection r
        UNION ALL SELECT workspace_id, 'substantiation', id, version, to_jsonb(r), recorded_at
            FROM compliance_substantiation r;
    END LOOP;
    PERFORM set_config('app.workspace', '', true);
END $$;
"""
CHAIN = """
CREATE FUNCTION compliance_chain_evidence() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE head compliance_evidencehead;
BEGIN
    SELECT * INTO head FROM compliance_evidencehead WHERE workspace_id = NEW.workspace_id FOR UPDATE;
    IF NOT FOUND THEN
        INSERT INTO compliance_evidencehead (workspace_id, number, digest)
        VALUES (NEW.workspace_id, 0, repeat('0', 64)) ON CONFLICT (workspace_id) DO NOTHING;
        SELECT * INTO head FROM compliance_evidencehead WHERE workspace_id = NEW.workspace_id FOR UPDATE;
    END IF;
    NEW.number := head.number + 1;
    NEW.previous := head.digest;
    NEW.at := clock_timestamp();
    NEW.digest := encode(sha256(convert_to(concat_ws(E'\\n', 'gardu-evidence-1', NEW.previous, NEW.workspace_id,
        NEW.number, NEW.kind, NEW.subject, to_char(NEW.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        NEW.body_sha256), 'UTF8')), 'hex');
    UPDATE compliance_evidencehead SET number = NEW.number, digest = NEW.digest WHERE id = head.id;
    RETURN NEW;
END $$;
CREATE TRIGGER chain BEFORE INSERT ON compliance_evidence FOR EACH ROW EXECUTE FUNCTION compliance_chain_evidence();
"""
# What a verdict, an endorser and a day have on record, as one JSON: the seal's second half, read where it is written.
ON_RECORD = """
CREATE FUNCTION compliance_on_record(verdict bigint, endorser bigint, day date) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT jsonb_build_object(
        'verdict', (SELECT to_jsonb(v) FROM compliance_verdict v WHERE v.id = $1),
        'decisions', (SELECT coalesce(jsonb_agg(to_jsonb(d) ORDER BY d.id), '[]')
            FROM compliance_decision d WHERE d.verdict_id = $1),
        'endorser', (SELECT to_jsonb(e) - 'notes' - 'email' FROM compliance_endorser e WHERE e.id = $2),
        'connections', (SELECT coalesce(jsonb_agg(to_jsonb(c) ORDER BY c.id), '[]') FROM compliance_connection c
            WHERE c.endorser_id = $2 AND c.starts_on <= $3 AND (c.ends_on IS NULL OR c.ends_on >= $3)),
        'signatures', (SELECT coalesce(jsonb_agg(to_jsonb(s) ORDER BY s.id), '[]') FROM compliance_signature s
            WHERE s.endorser_id = $2),
        'substantiation', (SELECT coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'version', p.version,
            'brand', p.brand, 'claim', p.claim, 'kind', p.kind) ORDER BY p.id), '[]') FROM compliance_substantiation p
            WHERE p.starts_on <= $3 AND (p.ends_on IS NULL OR p.ends_on >= $3)),
        'policies', (SELECT coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'rule', p.rule, 'on', p.on,
            'places', p.places, 'parameters', p.parameters) ORDER BY p.id), '[]') FROM compliance_policy p
            WHERE p.starts_on <= $3 AND (p.ends_on IS NULL OR p.ends_on >= $3)))
$$;
"""
RETENTION = """
CREATE FUNCTION compliance_body_goes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE link compliance_evidence;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        RAISE EXCEPTION '% is never changed', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    SELECT * INTO link FROM compliance_evidence WHERE id = OLD.evidence_id;
    IF link.at > clock_timestamp() - make_interval(days => coalesce(
        (SELECT evidence_days FROM compliance_keeping WHERE workspace_id = OLD.workspace_id), 2557)) THEN
        RAISE EXCEPTION 'evidence % is still to be kept', link.number USING ERRCODE = 'restrict_violation';
    END IF;
    IF EXISTS (SELECT 1 FROM compliance_legalhold h WHERE h.workspace_id = OLD.workspace_id AND h.lifted_at IS NULL
        AND (h.until IS NULL OR h.until >= current_date)
        AND (h.endorser_number IS NULL OR h.endorser_number = link.endorser_number)
        AND (h.subject = '' OR h.subject = link.subject)) THEN
        RAISE EXCEPTION 'a legal hold keeps evidence %', link.number USING ERRCODE = 'restrict_violation';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM compliance_evidence t WHERE t.workspace_id = OLD.workspace_id
        AND t.kind = 'tombstone' AND t.subject = 'evidence:' || link.number) THEN
        RAISE EXCEPTION 'evidence % has no tombstone', link.number USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER goes BEFORE UPDATE OR DELETE ON compliance_evidencebody
    FOR EACH ROW EXECUTE FUNCTION compliance_body_goes();
CREATE TRIGGER goes BEFORE UPDATE OR DELETE ON compliance_evidencefile
    FOR EACH ROW EXECUTE FUNCTION compliance_body_goes();
CREATE FUNCTION compliance_hold_is_lifted_once() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP = 'DELETE' OR OLD.lifted_at IS NOT NULL
        OR to_jsonb(NEW) - 'lifted_at' - 'lifted_by_name' - 'lifted_because'
        <> to_jsonb(OLD) - 'lifted_at' - 'lifted_by_name' - 'lifted_because' THEN
        RAISE EXCEPTION 'a legal hold is lifted once and otherwise never changed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER lifted_once BEFORE UPDATE OR DELETE ON compliance_legalhold
    FOR EACH ROW EXECUTE FUNCTION compliance_hold_is_lifted_once();
"""


def _kept(kind: str) -> str:
    table = f"compliance_{kind}"
    stays = "" if kind == "substantiation" else (
        f"CREATE TRIGGER stays_on_record BEFORE DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION compliance_stays_on_record();"
    )
    return (
        f"CREATE TRIGGER keep_version BEFORE INSERT OR UPDATE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION compliance_keep_version('{kind}'); {stays}"
    )


class Migration(migrations.Migration):
    dependencies = [("compliance", "0010_records_that_stand_up"), ("workspaces", "0004_more_walls")]
    operations = [
        *walls("compliance_recordversion"),
        *walls("compliance_document"),
        *walls(
            "compliance_exhibit",
            links={"substantiation_id": "compliance_substantiation", "document_id": "compliance_document"},
        ),
        *walls("compliance_letter", links={"endorser_id": "compliance_endorser", "sent_by_id": "workspaces_member"}),
        *walls(
            "compliance_signature",
            links={"letter_id": "compliance_letter", "endorser_id": "compliance_endorser"},
        ),
        *walls("compliance_evidence"),
        *walls("compliance_evidencebody", links={"evidence_id": "compliance_evidence"}),
        *walls("compliance_evidencefile", links={"evidence_id": "compliance_evidence"}),
        *walls("compliance_evidencehead"),
        *walls("compliance_evidencework"),
        *walls("compliance_keeping"),
        *walls("compliance_legalhold"),
        *walls("compliance_look"),
        *walls("compliance_pack", links={"asked_by_id": "workspaces_member"}),
        *walls("compliance_connectionimport", links={"by_id": "workspaces_member"}),
        migrations.RunSQL(
            "ALTER TABLE compliance_connection ADD CONSTRAINT compliance_connection_contract_id_same_workspace "
            "FOREIGN KEY (workspace_id, contract_id) REFERENCES compliance_document (workspace_id, id) "
            "DEFERRABLE INITIALLY DEFERRED",
            migrations.RunSQL.noop,
        ),
        *append_only("compliance_recordversion"),
        *append_only("compliance_document"),
        *append_only("compliance_signature"),
        *append_only("compliance_evidence"),
        *append_only("compliance_look"),
        migrations.RunSQL(VERSIONS, migrations.RunSQL.noop),
        migrations.RunSQL(FIRST, migrations.RunSQL.noop),
        *[migrations.RunSQL(_kept(kind), migrations.RunSQL.noop) for kind in KEPT],
        migrations.RunSQL(CHAIN, migrations.RunSQL.noop),
        migrations.RunSQL(ON_RECORD, migrations.RunSQL.noop),
        migrations.RunSQL(RETENTION, migrations.RunSQL.noop),
        *sweep_function(
            "evidence_behind(batch integer)",
            "workspace_id bigint",
            "SELECT h.workspace_id FROM compliance_evidencehead h LEFT JOIN compliance_evidencework w "
            "ON w.workspace_id = h.workspace_id "
            "WHERE h.number > least(coalesce(w.drawn, 0), coalesce(w.anchored, 0)) ORDER BY w.drawn NULLS FIRST LIMIT $1",
            reads={
                "compliance_evidencehead": "workspace_id, number",
                "compliance_evidencework": "workspace_id, drawn, anchored",
            },
        ),
    ]
