"""Erasures and clocks of retention; and decisions about stages, which nobody may change, give up a person's words and nothing else.

The triggers let a decision's reason, and the source of a piece of its evidence, become the mark `[erased]` right behind an erasure in the
audit (see the audit's migration 0003 for why that is the only time).
"""

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

TABLE = "relationships_stagechange"
REFUSAL = "Decisions about stages are append-only"
MARK = "[erased]"
KEPT = ("id", "account_id", "kind", "from_stage", "to_stage", "decided_by_id", "decided_on", "recorded_at")
WARRANT = "(SELECT verb FROM audit_entry WHERE id = (SELECT max(id) FROM audit_entry)) = 'erased by request'"
REASON = f"(NEW.reason = OLD.reason OR NEW.reason = '{MARK}')"
EVIDENCE = {
    "sqlite": (
        "json_valid(NEW.evidence) AND json_array_length(NEW.evidence) = json_array_length(OLD.evidence) AND NOT EXISTS ("
        "SELECT 1 FROM json_each(OLD.evidence) AS o LEFT JOIN json_each(NEW.evidence) AS n ON n.key = o.key WHERE NOT coalesce("
        "json_remove(n.value, '$.source') = json_remove(o.value, '$.source') AND (json_extract(n.value, '$.source') = json_extract(o.value, '$.source') "
        f"OR json_extract(n.value, '$.source') = '{MARK}'), 0))"
    ),
    "postgresql": (
        "jsonb_array_length(NEW.evidence) = jsonb_array_length(OLD.evidence) AND NOT EXISTS ("
        "SELECT 1 FROM jsonb_array_elements(OLD.evidence) WITH ORDINALITY AS o(value, place) "
        "LEFT JOIN jsonb_array_elements(NEW.evidence) WITH ORDINALITY AS n(value, place) USING (place) WHERE NOT coalesce("
        "n.value - 'source' = o.value - 'source' AND (n.value -> 'source' = o.value -> 'source' "
        f"OR n.value ->> 'source' = '{MARK}'), false))"
    ),
}


def lawful(vendor: str) -> str:
    same = "IS" if vendor == "sqlite" else "IS NOT DISTINCT FROM"
    return " AND ".join([*(f"NEW.{column} {same} OLD.{column}" for column in KEPT), REASON, EVIDENCE[vendor], WARRANT])


def forward(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(f"DROP TRIGGER {TABLE}_no_update")
        schema_editor.execute(
            f"CREATE TRIGGER {TABLE}_no_update BEFORE UPDATE ON {TABLE} WHEN NOT coalesce({lawful('sqlite')}, 0) "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        )
        return
    schema_editor.execute(
        f"CREATE FUNCTION {TABLE}_refuse_but_erasure() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF coalesce({lawful('postgresql')}, false) THEN RETURN NEW; END IF; "
        f"RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    schema_editor.execute(f"DROP TRIGGER {TABLE}_no_change ON {TABLE}")
    schema_editor.execute(
        f"CREATE TRIGGER {TABLE}_no_delete BEFORE DELETE ON {TABLE} FOR EACH ROW EXECUTE FUNCTION {TABLE}_refuse()"
    )
    schema_editor.execute(
        f"CREATE TRIGGER {TABLE}_no_change BEFORE UPDATE ON {TABLE} FOR EACH ROW EXECUTE FUNCTION {TABLE}_refuse_but_erasure()"
    )


def backward(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(f"DROP TRIGGER {TABLE}_no_update")
        schema_editor.execute(
            f"CREATE TRIGGER {TABLE}_no_update BEFORE UPDATE ON {TABLE} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        )
        return
    for act in ("change", "delete"):
        schema_editor.execute(f"DROP TRIGGER {TABLE}_no_{act} ON {TABLE}")
    schema_editor.execute(f"DROP FUNCTION {TABLE}_refuse_but_erasure()")
    schema_editor.execute(
        f"CREATE TRIGGER {TABLE}_no_change BEFORE UPDATE OR DELETE ON {TABLE} FOR EACH ROW EXECUTE FUNCTION {TABLE}_refuse()"
    )


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0003_lawful_erasure"),
        ("accounts", "0003_kind_and_manager"),
        ("relationships", "0009_surveys"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="contact",
            name="erased_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.CreateModel(
            name="Erasure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name_digest", models.CharField(max_length=64)),
                ("reason", models.CharField(max_length=500)),
                ("counts", models.JSONField(default=dict)),
                ("erased_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "contact",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="erasure", to="relationships.contact"
                    ),
                ),
                (
                    "erased_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="ErasedAddress",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64, unique=True)),
                (
                    "erasure",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="addresses",
                        to="relationships.erasure",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="RetentionClock",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("contacts", "Contacts"),
                            ("correspondence", "Mails and appointments (metadata)"),
                            ("interactions", "Logged calls, meetings, visits and notes"),
                            ("answers", "Answers to surveys"),
                        ],
                        max_length=20,
                        unique=True,
                    ),
                ),
                (
                    "months",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(600)],
                    ),
                ),
                ("goes_by_itself", models.BooleanField(default=False, verbose_name="goes without being asked about")),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("goes_by_itself", False), ("kind", "correspondence"), _connector="OR"),
                        name="relationships_goes_by_itself",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RetentionCase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("contacts", "Contacts"),
                            ("correspondence", "Mails and appointments (metadata)"),
                            ("interactions", "Logged calls, meetings, visits and notes"),
                            ("answers", "Answers to surveys"),
                        ],
                        max_length=20,
                    ),
                ),
                ("due_since_on", models.DateField()),
                ("count", models.PositiveIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "To decide"), ("kept", "Kept"), ("erased", "Erased")], default="open", max_length=10
                    ),
                ),
                ("kept_until_on", models.DateField(null=True)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("listed_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("decided_at", models.DateTimeField(editable=False, null=True)),
                (
                    "account",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.account"
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="relationships.contact"
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["due_since_on", "id"],
                "indexes": [models.Index(fields=["state", "due_since_on"], name="relationships_cases")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("account", None), ("contact__isnull", False)),
                            models.Q(("account__isnull", False), ("contact", None)),
                            _connector="OR",
                        ),
                        name="relationships_case_of_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "kept"), _negated=True),
                            models.Q(("kept_until_on__isnull", False), models.Q(("reason", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="relationships_case_kept_for_a_reason",
                    ),
                    models.UniqueConstraint(fields=("kind", "contact"), name="relationships_case_once_by_contact"),
                    models.UniqueConstraint(fields=("kind", "account"), name="relationships_case_once_by_account"),
                ],
            },
        ),
        migrations.RunPython(forward, backward),
    ]
