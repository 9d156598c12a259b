"""Keep what valuations assume, rebate schedules of accounts and what was bought on them."""

from decimal import Decimal

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

REFUSAL = "Valuations and rates are append-only"
TABLES = ("valuation_assumptions", "valuation_rebateturnover")


def forward(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Assumptions and turnovers may no more be changed than the valuations that were made with them."""
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


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_kind_and_manager"),
        ("valuation", "0003_the_whole"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Assumptions",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid_from", models.DateField(verbose_name="holds from")),
                (
                    "loss_not_due",
                    models.DecimalField(
                        decimal_places=4, default=Decimal("0.003"), max_digits=5, verbose_name="expected loss, not yet due"
                    ),
                ),
                (
                    "loss_1_30",
                    models.DecimalField(
                        decimal_places=4, default=Decimal("0.016"), max_digits=5, verbose_name="1 to 30 days overdue"
                    ),
                ),
                (
                    "loss_31_60",
                    models.DecimalField(
                        decimal_places=4, default=Decimal("0.036"), max_digits=5, verbose_name="31 to 60 days overdue"
                    ),
                ),
                (
                    "loss_61_90",
                    models.DecimalField(
                        decimal_places=4, default=Decimal("0.066"), max_digits=5, verbose_name="61 to 90 days overdue"
                    ),
                ),
                (
                    "loss_over_90",
                    models.DecimalField(
                        decimal_places=4, default=Decimal("0.106"), max_digits=5, verbose_name="over 90 days overdue"
                    ),
                ),
                (
                    "order_value",
                    models.DecimalField(decimal_places=2, max_digits=18, null=True, verbose_name="least value of an order"),
                ),
                (
                    "freight_share",
                    models.DecimalField(
                        decimal_places=4, default=Decimal("1"), max_digits=5, verbose_name="freight that the customer pays"
                    ),
                ),
                (
                    "terms_share",
                    models.DecimalField(
                        decimal_places=4, default=Decimal("1"), max_digits=5, verbose_name="late payment that comes in time"
                    ),
                ),
                (
                    "discount_cut",
                    models.DecimalField(decimal_places=4, max_digits=5, null=True, verbose_name="discounts taken back"),
                ),
                (
                    "price_rise",
                    models.DecimalField(decimal_places=4, default=Decimal("0.02"), max_digits=5, verbose_name="price rise"),
                ),
                ("is_illustrative", models.BooleanField(default=False)),
                ("made_at", models.DateTimeField()),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "assumptions",
                "verbose_name_plural": "assumptions",
                "ordering": ["-valid_from", "-id"],
            },
        ),
        migrations.AddField(
            model_name="valuation",
            name="assumptions",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="valuation.assumptions"
            ),
        ),
        migrations.CreateModel(
            name="RebateSchedule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120)),
                ("currency", models.CharField(max_length=3)),
                ("starts_on", models.DateField(verbose_name="starts")),
                ("ends_on", models.DateField(verbose_name="ends")),
                ("is_retroactive", models.BooleanField(default=True, verbose_name="the rate reached holds for all turnover")),
                ("tiers", models.JSONField(default=list)),
                ("made_at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.account"),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["-ends_on", "-id"],
            },
        ),
        migrations.CreateModel(
            name="RebateTurnover",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
                ("sold", models.DecimalField(decimal_places=2, max_digits=20)),
                (
                    "schedule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="turnovers", to="valuation.rebateschedule"
                    ),
                ),
                (
                    "valuation",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="valuation.valuation"),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.AddIndex(
            model_name="rebateschedule",
            index=models.Index(fields=["account", "ends_on"], name="valuation_rebate_account"),
        ),
        migrations.AddConstraint(
            model_name="rebateturnover",
            constraint=models.UniqueConstraint(fields=("valuation", "schedule"), name="valuation_rebate_turnover_once"),
        ),
        migrations.RunPython(forward, backward),
    ]
