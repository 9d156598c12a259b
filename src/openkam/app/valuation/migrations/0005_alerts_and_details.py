"""Keep what is at stake, what a volume would bear, and the details of a valuation that are computed after it."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

REFUSAL = "Valuations and rates are append-only"
TABLES = ("valuation_accountdetail", "valuation_valuationdetail")


def forward(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Details may no more be changed than the valuation that they belong to."""
    refuse, call = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END", "EXECUTE FUNCTION valuation_refuse()"
    for table in TABLES:
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}")
            schema_editor.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}")
            exists = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id)"
            schema_editor.execute(f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} {exists} {refuse}")
        else:
            schema_editor.execute(f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW {call}")
            schema_editor.execute(f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {call}")


def backward(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Let go of the tables again."""
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    for table in TABLES:
        for act in ("update", "delete", "replace") if is_sqlite else ("change", "truncate"):
            schema_editor.execute(f"DROP TRIGGER {table}_no_{act}" + ("" if is_sqlite else f" ON {table}"))


def amount() -> "models.DecimalField[object, object]":
    return models.DecimalField(decimal_places=2, max_digits=20, null=True)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_kind_and_manager"),
        ("runs", "0002_worker_and_schedules"),
        ("valuation", "0004_assumptions_and_rebates"),
    ]

    operations = [
        migrations.AddField(model_name="accountworth", name="at_stake", field=amount()),
        migrations.AddField(model_name="accountworth", name="service_by_volume", field=amount()),
        migrations.AddField(model_name="accountworth", name="contribution_by_volume", field=amount()),
        migrations.AddIndex(
            model_name="accountworth",
            index=models.Index(
                fields=["valuation", "at_stake"], name="valuation_worth_at_stake", condition=models.Q(("is_overdue", True))
            ),
        ),
        migrations.AddField(
            model_name="assumptions",
            name="alerts_per_manager_week",
            field=models.PositiveSmallIntegerField(null=True, verbose_name="alerts per manager and week"),
        ),
        migrations.CreateModel(
            name="AccountDetail",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ledger_account", models.CharField(max_length=400)),
                ("name", models.CharField(max_length=300)),
                ("usage", models.JSONField(null=True)),
                ("ahead", models.JSONField(default=list)),
                ("payments", models.JSONField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.account"
                    ),
                ),
                (
                    "valuation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="account_details", to="valuation.valuation"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["valuation", "account"], name="valuation_detail_account")],
                "constraints": [
                    models.UniqueConstraint(fields=("valuation", "ledger_account"), name="valuation_detail_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ValuationDetail",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("outlook", models.JSONField(null=True)),
                ("payments", models.JSONField(null=True)),
                ("alerts", models.JSONField(null=True)),
                ("not_computed", models.JSONField(default=list)),
                ("made_at", models.DateTimeField()),
                (
                    "run",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="runs.run"),
                ),
                (
                    "valuation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="detail", to="valuation.valuation"
                    ),
                ),
            ],
        ),
        migrations.RunPython(forward, backward),
    ]
