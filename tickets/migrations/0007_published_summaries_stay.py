"""A published summary, its pain points and quotes cannot be changed by any road.

Raw SQL: a rule that must hold for ``QuerySet.update()``, for the shell and for the next programmer is a trigger.
Two things stay possible: a login that is deleted leaves the summary, and erasure empties a quote.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION summary_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'published' AND (
        TG_OP = 'DELETE'
        OR to_jsonb(OLD) - 'made_by_id' - 'published_by_id' <> to_jsonb(NEW) - 'made_by_id' - 'published_by_id'
        OR NEW.made_by_id <> OLD.made_by_id
        OR NEW.published_by_id <> OLD.published_by_id
    ) THEN
        RAISE EXCEPTION 'summary % is published and stays as it is', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE TRIGGER summary_stays BEFORE UPDATE OR DELETE ON tickets_summary
FOR EACH ROW EXECUTE FUNCTION summary_stays();

CREATE FUNCTION pain_point_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    of_summary bigint := CASE TG_OP WHEN 'INSERT' THEN NEW.summary_id ELSE OLD.summary_id END;
BEGIN
    IF EXISTS (SELECT FROM tickets_summary WHERE id = of_summary AND state = 'published') THEN
        RAISE EXCEPTION 'summary % is published and stays as it is', of_summary
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE TRIGGER pain_point_stays BEFORE INSERT OR UPDATE OR DELETE ON tickets_painpoint
FOR EACH ROW EXECUTE FUNCTION pain_point_stays();

CREATE FUNCTION quote_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    of_point bigint := CASE TG_OP WHEN 'INSERT' THEN NEW.pain_point_id ELSE OLD.pain_point_id END;
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.text = '' AND to_jsonb(OLD) - 'text' = to_jsonb(NEW) - 'text' THEN
        RETURN NEW;
    END IF;
    IF EXISTS (
        SELECT FROM tickets_painpoint p JOIN tickets_summary s ON s.id = p.summary_id
        WHERE p.id = of_point AND s.state = 'published'
    ) THEN
        RAISE EXCEPTION 'the quotes of a published summary stay as they are'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE TRIGGER quote_stays BEFORE INSERT OR UPDATE OR DELETE ON tickets_quote
FOR EACH ROW EXECUTE FUNCTION quote_stays();
"""

BACKWARD = """
DROP TRIGGER quote_stays ON tickets_quote;
DROP TRIGGER pain_point_stays ON tickets_painpoint;
DROP TRIGGER summary_stays ON tickets_summary;
DROP FUNCTION quote_stays();
DROP FUNCTION pain_point_stays();
DROP FUNCTION summary_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("tickets", "0006_summaries")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
