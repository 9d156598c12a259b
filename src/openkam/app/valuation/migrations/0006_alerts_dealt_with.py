"""Keep what people found about alerts; the database refuses to change it, but for a person's words right behind an erasure in the audit.

Then a note and a reason become the mark `[erased]`, and nothing else does (see the audit's migration 0003 for why that is the only time).
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

REFUSAL = "What was found about alerts is append-only"
MARK = "[erased]"
WARRANT = "(SELECT verb FROM audit_entry WHERE id = (SELECT max(id) FROM audit_entry)) = 'erased by request'"
TOLD = ("last_order_on", "expected_on", "overdue_on", "silence_probability", "gap_count", "is_thin", "at_stake")
FOUND = ("found", "order_expected_on", "silent_until_on")
MADE = ("id", "made_at", "made_by_id")
KEPT = {
    "valuation_alertverdict": (*MADE, "account_id", "valuation_id", *TOLD, *FOUND),
    "valuation_verdictwithdrawal": (*MADE, "verdict_id"),
}
WORDS = {"valuation_alertverdict": "note", "valuation_verdictwithdrawal": "reason"}


def lawful(table: str, same: str) -> str:
    word = WORDS[table]
    kept = (f"NEW.{column} {same} OLD.{column}" for column in KEPT[table])
    return " AND ".join([*kept, f"(NEW.{word} = OLD.{word} OR NEW.{word} = '{MARK}')", WARRANT])


def forward(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    for table in KEPT:
        if schema_editor.connection.vendor == "sqlite":
            update = f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} WHEN NOT coalesce({lawful(table, 'IS')}, 0)"
            schema_editor.execute(f"{update} {refuse}")
            schema_editor.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}")
            # INSERT OR REPLACE removes the old row without asking the trigger above.
            exists = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id)"
            schema_editor.execute(f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} {exists} {refuse}")
            continue
        schema_editor.execute(
            f"CREATE FUNCTION {table}_refuse_but_erasure() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN IF coalesce({lawful(table, 'IS NOT DISTINCT FROM')}, false) THEN RETURN NEW; END IF; "
            f"RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
        )
        but, never = f"EXECUTE FUNCTION {table}_refuse_but_erasure()", "EXECUTE FUNCTION valuation_refuse()"
        schema_editor.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} FOR EACH ROW {but}")
        schema_editor.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW {never}")
        schema_editor.execute(f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {never}")


def backward(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    for table in KEPT:
        for act in ("update", "delete", "replace" if is_sqlite else "truncate"):
            schema_editor.execute(f"DROP TRIGGER {table}_no_{act}" + ("" if is_sqlite else f" ON {table}"))
        if not is_sqlite:
            schema_editor.execute(f"DROP FUNCTION {table}_refuse_but_erasure()")


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0003_lawful_erasure"),
        ("accounts", "0003_kind_and_manager"),
        ("valuation", "0005_alerts_and_details"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AlertVerdict",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("last_order_on", models.DateField()),
                ("expected_on", models.DateField()),
                ("overdue_on", models.DateField()),
                ("silence_probability", models.FloatField(null=True)),
                ("gap_count", models.PositiveIntegerField()),
                ("is_thin", models.BooleanField()),
                ("at_stake", models.DecimalField(decimal_places=2, max_digits=20, null=True)),
                (
                    "found",
                    models.CharField(
                        choices=[
                            ("expected", "The order comes later"),
                            ("watch", "No cause found, watch on"),
                            ("competitor", "Business lost to a competitor"),
                            ("ended", "Business ended"),
                            ("wrong data", "Wrong data"),
                        ],
                        max_length=12,
                        verbose_name="what was found",
                    ),
                ),
                ("order_expected_on", models.DateField(null=True, verbose_name="order expected on")),
                ("note", models.TextField(blank=True, max_length=2000)),
                ("silent_until_on", models.DateField(verbose_name="silent until")),
                ("made_at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.account"),
                ),
                (
                    "made_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                (
                    "valuation",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="valuation.valuation"),
                ),
            ],
            options={
                "verbose_name": "finding about an alert",
                "verbose_name_plural": "findings about alerts",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="VerdictWithdrawal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("made_at", models.DateTimeField()),
                (
                    "made_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                (
                    "verdict",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="withdrawals", to="valuation.alertverdict"
                    ),
                ),
            ],
            options={
                "verbose_name": "finding taken back",
                "verbose_name_plural": "findings taken back",
                "ordering": ["-id"],
            },
        ),
        migrations.AddIndex(
            model_name="alertverdict",
            index=models.Index(fields=["account", "-last_order_on"], name="valuation_verdict_account"),
        ),
        migrations.AddConstraint(
            model_name="alertverdict",
            constraint=models.CheckConstraint(
                condition=models.Q(("silent_until_on__gt", models.F("last_order_on"))), name="valuation_verdict_looks_ahead"
            ),
        ),
        migrations.AddConstraint(
            model_name="verdictwithdrawal",
            constraint=models.UniqueConstraint(fields=("verdict",), name="valuation_verdict_taken_back_once"),
        ),
        migrations.RunPython(forward, backward),
    ]
