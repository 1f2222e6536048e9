"""Checksums of rows in force, their sums in the log; and what takes a value out keeps both right."""

from importlib import import_module

from django.db import migrations, models

REMOVE = "DROP FUNCTION changes_take_out(bigint, regclass, regclass)"
REMOVE_NEW = "DROP FUNCTION changes_take_out(bigint, regclass, regclass, jsonb)"
BEFORE = import_module("landgis.changes.migrations.0006_redaction").MAKE
MAKE = """
CREATE FUNCTION changes_take_out(redaction bigint, kept regclass, items regclass, sums jsonb) RETURNS bigint[]
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  asked public.changes_redaction;
  kind text;
  value jsonb;
  needle text;
  taken bigint[];
  touched bigint[];
  subjects text[];
BEGIN
  -- Two people have decided: the table has a rule for that.
  SELECT * INTO STRICT asked FROM public.changes_redaction WHERE id = redaction AND state = 'done' AND revisions = '{}';
  SELECT format_type(a.atttypid, NULL) INTO STRICT kind FROM pg_attribute a WHERE a.attrelid = kept
    AND a.attname = asked.field AND a.attname <> 'ref' AND NOT a.attisdropped
    AND EXISTS (SELECT FROM pg_attribute u WHERE u.attrelid = kept AND u.attname = 'until_revision');
  IF kind NOT IN ('character varying', 'text', 'jsonb') THEN
    RAISE EXCEPTION 'no value can be taken out of a column of this kind';
  END IF;
  EXECUTE format('SELECT to_jsonb(%I) FROM %s WHERE ref = $1 AND from_revision <= $2 AND until_revision > $2',
    asked.field, kept) INTO STRICT value USING asked.ref, asked.seen_in;
  -- Only rows that have ended, only that value, and nothing is put in its place. Their checksums, and what the log adds them up
  -- to, follow: else they would be taken for damaged, and of the old ones somebody could try out which value it was.
  EXECUTE format('WITH known AS (SELECT id, from_revision, until_revision, checksum, ($3 ->> id::text)::bigint AS sum FROM %1$s'
    ' WHERE ref = $1 AND until_revision IS NOT NULL AND to_jsonb(%2$I) = $2),'
    ' gone AS (UPDATE %1$s k SET %2$I = %3$L, checksum = known.sum FROM known WHERE k.id = known.id),'
    ' moved AS (SELECT revision, coalesce(bit_xor(by) FILTER (WHERE begins), 0) AS begun,'
    ' coalesce(bit_xor(by) FILTER (WHERE NOT begins), 0) AS ended FROM ('
    ' SELECT from_revision AS revision, true AS begins, checksum # sum AS by FROM known'
    ' UNION ALL SELECT until_revision, false, checksum # sum FROM known) m GROUP BY revision),'
    ' logged AS (UPDATE public.changes_logentry l SET begun_sum = begun_sum # moved.begun, ended_sum = ended_sum # moved.ended'
    ' FROM moved WHERE l.revision = moved.revision AND l.dataset = $4)'
    ' SELECT array_agg(from_revision ORDER BY from_revision) FROM known',
    kept, asked.field, CASE kind WHEN 'jsonb' THEN '[]' ELSE '' END) INTO taken USING asked.ref, value, sums, asked.dataset;
  EXECUTE format('SELECT array_agg(n) FROM (SELECT from_revision AS n FROM %1$s WHERE ref = $1'
    ' UNION SELECT until_revision FROM %1$s WHERE ref = $1) r', kept) INTO touched USING asked.ref;
  EXECUTE format('SELECT array_agg(DISTINCT ''change-set '' || change_set_id) FROM %s WHERE ref = $1', items)
    INTO subjects USING asked.ref;
  subjects := subjects || (asked.dataset || ' ' || asked.ref);
  FOR needle IN SELECT DISTINCT v #>> '{}' FROM jsonb_path_query(value, 'strict $.**') v
    WHERE jsonb_typeof(v) = 'string' AND length(v #>> '{}') >= 3
  LOOP
    UPDATE public.catalog_revision SET source = regexp_replace(source, '***=' || needle, '███', 'gi')
      WHERE number = ANY (touched);
    UPDATE public.changes_auditentry SET details = jsonb_set(details, '{reason}',
      to_jsonb(regexp_replace(details->>'reason', '***=' || needle, '███', 'gi')))
      WHERE subject = ANY (subjects) AND details ? 'reason';
  END LOOP;
  RETURN taken;
END
$$;
REVOKE ALL ON FUNCTION changes_take_out(bigint, regclass, regclass, jsonb) FROM PUBLIC;
COMMENT ON FUNCTION changes_take_out(bigint, regclass, regclass, jsonb) IS
  'Takes a value out of rows that have ended, of sources and of the audit: the application may change none of them.'
"""


class Migration(migrations.Migration):
    dependencies = [
        ("changes", "0006_redaction"),
    ]

    operations = [
        migrations.AddField(
            model_name="logentry",
            name="begun_sum",
            field=models.BigIntegerField(db_default=0, verbose_name="checksums of the rows begun"),
        ),
        migrations.AddField(
            model_name="logentry",
            name="ended_sum",
            field=models.BigIntegerField(db_default=0, verbose_name="checksums of the rows ended"),
        ),
        migrations.RunSQL(REMOVE, BEFORE),
        migrations.RunSQL(MAKE, REMOVE_NEW),
    ]
