"""A legal hold on a post keeps its picture as well."""

from django.db import migrations

GOES = """
CREATE OR REPLACE FUNCTION compliance_body_goes() RETURNS trigger LANGUAGE plpgsql AS $$
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
        AND (h.subject = '' OR h.subject = link.subject OR EXISTS (SELECT 1 FROM compliance_evidence post
            WHERE post.workspace_id = OLD.workspace_id AND post.subject = h.subject
            AND link.subject = 'evidence:' || post.number))) THEN
        RAISE EXCEPTION 'a legal hold keeps evidence %', link.number USING ERRCODE = 'restrict_violation';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM compliance_evidence t WHERE t.workspace_id = OLD.workspace_id
        AND t.kind = 'tombstone' AND t.subject = 'evidence:' || link.number) THEN
        RAISE EXCEPTION 'evidence % has no tombstone', link.number USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN OLD;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("compliance", "0011_the_database_keeps_the_records")]
    operations = [migrations.RunSQL(GOES, migrations.RunSQL.noop)]
