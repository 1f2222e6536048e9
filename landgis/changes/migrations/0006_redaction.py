"""Values that are taken out; and the one way in which a row that has ended, or a line of the audit, is changed."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

MAKE = """
CREATE FUNCTION changes_take_out(redaction bigint, kept regclass, items regclass) RETURNS bigint[]
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
  -- Only rows that have ended, only that value, and nothing is put in its place.
  EXECUTE format('WITH gone AS (UPDATE %1$s SET %2$I = %3$L WHERE ref = $1 AND until_revision IS NOT NULL'
    ' AND to_jsonb(%2$I) = $2 RETURNING from_revision) SELECT array_agg(from_revision ORDER BY from_revision) FROM gone',
    kept, asked.field, CASE kind WHEN 'jsonb' THEN '[]' ELSE '' END) INTO taken USING asked.ref, value;
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
REVOKE ALL ON FUNCTION changes_take_out(bigint, regclass, regclass) FROM PUBLIC;
COMMENT ON FUNCTION changes_take_out(bigint, regclass, regclass) IS
  'Takes a value out of rows that have ended, of sources and of the audit: the application may change none of them.'
"""


class Migration(migrations.Migration):
    dependencies = [
        ("changes", "0005_who_submitted"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Redaction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("dataset", models.CharField(max_length=64, verbose_name="dataset")),
                ("ref", models.CharField(max_length=64, verbose_name="reference")),
                ("field", models.CharField(max_length=64, verbose_name="field")),
                ("seen_in", models.BigIntegerField(verbose_name="seen in revision")),
                ("reason", models.TextField(verbose_name="reason")),
                ("public_reason", models.CharField(max_length=200, verbose_name="reason in public words")),
                (
                    "fate",
                    models.CharField(
                        choices=[("seal", "Seal them: only the office can restore them"), ("destroy", "Destroy them")],
                        max_length=8,
                        verbose_name="files that held it",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "Waits for a second person"),
                            ("done", "Taken out"),
                            ("declined", "Declined"),
                        ],
                        default="asked",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                (
                    "asked_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="asked at"),
                ),
                ("decided_at", models.DateTimeField(null=True, verbose_name="decided at")),
                (
                    "revisions",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                (
                    "checksums",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=64), default=list, size=None
                    ),
                ),
                ("finished_at", models.DateTimeField(null=True, verbose_name="finished at")),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="asked by",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                    ),
                ),
            ],
            options={
                "verbose_name": "redaction",
                "verbose_name_plural": "redactions",
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "done"), _negated=True),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                models.Q(("decided_by", models.F("asked_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="redaction_two_people",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("public_reason__regex", "\\S"), ("reason__regex", "\\S")),
                        name="redaction_has_reasons",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("fate__in", ["seal", "destroy"]), ("state__in", ["asked", "done", "declined"])
                        ),
                        name="redaction_words_known",
                    ),
                ],
            },
        ),
        migrations.RunSQL(MAKE, "DROP FUNCTION changes_take_out(bigint, regclass, regclass)"),
    ]
