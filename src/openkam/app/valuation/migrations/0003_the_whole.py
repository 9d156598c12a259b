"""Keep with a valuation what all accounts add up to, and the way of each from a year before."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

REFUSAL = "Valuations and rates are append-only"
TABLE = "valuation_accountbridge"


def forward(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """The bridges may no more be changed than the valuations that they belong to."""
    if schema_editor.connection.vendor == "sqlite":
        refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        schema_editor.execute(f"CREATE TRIGGER {TABLE}_no_update BEFORE UPDATE ON {TABLE} {refuse}")
        schema_editor.execute(f"CREATE TRIGGER {TABLE}_no_delete BEFORE DELETE ON {TABLE} {refuse}")
        exists = f"WHEN EXISTS (SELECT 1 FROM {TABLE} WHERE id = NEW.id)"
        schema_editor.execute(f"CREATE TRIGGER {TABLE}_no_replace BEFORE INSERT ON {TABLE} {exists} {refuse}")
        return
    call = "EXECUTE FUNCTION valuation_refuse()"
    schema_editor.execute(f"CREATE TRIGGER {TABLE}_no_change BEFORE UPDATE OR DELETE ON {TABLE} FOR EACH ROW {call}")
    schema_editor.execute(f"CREATE TRIGGER {TABLE}_no_truncate BEFORE TRUNCATE ON {TABLE} FOR EACH STATEMENT {call}")


def backward(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Let go of the table again."""
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    for act in ("update", "delete", "replace") if is_sqlite else ("change", "truncate"):
        schema_editor.execute(f"DROP TRIGGER {TABLE}_no_{act}" + ("" if is_sqlite else f" ON {TABLE}"))


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_kind_and_manager"),
        ("valuation", "0002_append_only"),
    ]

    operations = [
        migrations.CreateModel(
            name="AccountBridge",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ledger_account", models.CharField(max_length=400)),
                ("name", models.CharField(max_length=300)),
                ("of", models.CharField(choices=[("net sales", "Net sales"), ("contribution", "Contribution")], max_length=20)),
                ("before", models.BigIntegerField()),
                ("lost_accounts", models.BigIntegerField()),
                ("new_accounts", models.BigIntegerField()),
                ("lost_sites", models.BigIntegerField()),
                ("new_sites", models.BigIntegerField()),
                ("lost_products", models.BigIntegerField()),
                ("new_products", models.BigIntegerField()),
                ("price", models.BigIntegerField()),
                ("unit_cost", models.BigIntegerField()),
                ("volume", models.BigIntegerField()),
                ("mix", models.BigIntegerField()),
                ("other", models.BigIntegerField()),
                ("after", models.BigIntegerField()),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.AddField(
            model_name="valuation",
            name="band",
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name="valuation",
            name="before_end_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="valuation",
            name="before_start_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="valuation",
            name="internal_sales",
            field=models.DecimalField(decimal_places=2, max_digits=20, null=True),
        ),
        migrations.AddField(
            model_name="valuation",
            name="mix",
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name="valuation",
            name="own_units",
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name="valuation",
            name="portfolio",
            field=models.JSONField(null=True),
        ),
        migrations.AddIndex(
            model_name="accountworth",
            index=models.Index(fields=["valuation", "sales_rank"], name="valuation_worth_sales_rank"),
        ),
        migrations.AddIndex(
            model_name="accountworth",
            index=models.Index(fields=["valuation", "margin_rank"], name="valuation_worth_margin_rank"),
        ),
        migrations.AddIndex(
            model_name="accountworth",
            index=models.Index(
                condition=models.Q(("is_overdue", True)), fields=["valuation", "lifetime_value"], name="valuation_worth_overdue"
            ),
        ),
        migrations.AddField(
            model_name="accountbridge",
            name="account",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.account"
            ),
        ),
        migrations.AddField(
            model_name="accountbridge",
            name="valuation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="bridges", to="valuation.valuation"
            ),
        ),
        migrations.AddIndex(
            model_name="accountbridge",
            index=models.Index(fields=["valuation", "of", "account"], name="valuation_bridge_account"),
        ),
        migrations.AddConstraint(
            model_name="accountbridge",
            constraint=models.UniqueConstraint(fields=("valuation", "of", "ledger_account"), name="valuation_bridge_once"),
        ),
        migrations.RunPython(forward, backward),
    ]
