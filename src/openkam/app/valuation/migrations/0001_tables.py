"""Valuations, rates, assumptions and alerts, append-only.

Replaces every step up to it: a workspace that has taken all of them has taken this one.
"""

from decimal import Decimal

import django.core.serializers.json
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from openkam.app.people.migrations._tables import Tables
from openkam.app.valuation.migrations import _guards


class Migration(migrations.Migration):
    replaces = [
        ("valuation", "0001_initial"),
        ("valuation", "0002_append_only"),
        ("valuation", "0003_the_whole"),
        ("valuation", "0004_assumptions_and_rebates"),
        ("valuation", "0005_alerts_and_details"),
        ("valuation", "0006_alerts_dealt_with"),
    ]

    initial = True

    dependencies = [
        ("accounts", "0001_tables"),
        ("people", "0001_tables"),
        ("runs", "0001_tables"),
    ]

    operations = [
        Tables(
            [
                migrations.CreateModel(
                    name="Assumptions",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("valid_from", models.DateField(verbose_name="holds from")),
                        (
                            "loss_not_due",
                            models.DecimalField(
                                decimal_places=4,
                                default=Decimal("0.003"),
                                max_digits=5,
                                verbose_name="expected loss, not yet due",
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
                            models.DecimalField(
                                decimal_places=2, max_digits=18, null=True, verbose_name="least value of an order"
                            ),
                        ),
                        (
                            "freight_share",
                            models.DecimalField(
                                decimal_places=4,
                                default=Decimal("1"),
                                max_digits=5,
                                verbose_name="freight that the customer pays",
                            ),
                        ),
                        (
                            "terms_share",
                            models.DecimalField(
                                decimal_places=4,
                                default=Decimal("1"),
                                max_digits=5,
                                verbose_name="late payment that comes in time",
                            ),
                        ),
                        (
                            "discount_cut",
                            models.DecimalField(decimal_places=4, max_digits=5, null=True, verbose_name="discounts taken back"),
                        ),
                        (
                            "price_rise",
                            models.DecimalField(
                                decimal_places=4, default=Decimal("0.02"), max_digits=5, verbose_name="price rise"
                            ),
                        ),
                        (
                            "alerts_per_manager_week",
                            models.PositiveSmallIntegerField(null=True, verbose_name="alerts per manager and week"),
                        ),
                        ("is_illustrative", models.BooleanField(default=False)),
                        ("made_at", models.DateTimeField()),
                        (
                            "made_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "assumptions",
                        "verbose_name_plural": "assumptions",
                        "ordering": ["-valid_from", "-id"],
                    },
                ),
                migrations.CreateModel(
                    name="RateBook",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("currency", models.CharField(max_length=3)),
                        ("change", models.CharField(max_length=500)),
                        ("is_illustrative", models.BooleanField(default=False)),
                        ("made_at", models.DateTimeField()),
                        (
                            "made_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "book of rates",
                        "ordering": ["-id"],
                    },
                ),
                migrations.CreateModel(
                    name="PoolRate",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("valid_from", models.DateField(verbose_name="from")),
                        ("valid_until", models.DateField(null=True, verbose_name="until")),
                        (
                            "book",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="pools", to="valuation.ratebook"
                            ),
                        ),
                        ("pool", models.CharField(max_length=80)),
                        ("cost", models.DecimalField(decimal_places=2, max_digits=18)),
                        ("capacity", models.DecimalField(decimal_places=2, max_digits=18, verbose_name="practical capacity")),
                        (
                            "capacity_unit",
                            models.CharField(
                                choices=[("minutes", "Minutes"), ("hours", "Hours")], default="hours", max_length=10
                            ),
                        ),
                        ("per_months", models.PositiveSmallIntegerField(default=1, verbose_name="for so many months")),
                    ],
                    options={
                        "ordering": ["pool", "valid_from", "id"],
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="TimeEquation",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("valid_from", models.DateField(verbose_name="from")),
                        ("valid_until", models.DateField(null=True, verbose_name="until")),
                        (
                            "book",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="equations", to="valuation.ratebook"
                            ),
                        ),
                        ("activity", models.CharField(max_length=80)),
                        ("pool", models.CharField(max_length=80)),
                        ("minutes", models.CharField(max_length=500, verbose_name="minutes of one")),
                        (
                            "step",
                            models.CharField(
                                choices=[
                                    ("order and logistics", "Orders and logistics"),
                                    ("selling and service", "Selling and service"),
                                ],
                                default="order and logistics",
                                max_length=30,
                                verbose_name="step of the ladder",
                            ),
                        ),
                        ("is_per_document", models.BooleanField(default=False, verbose_name="once for every order")),
                    ],
                    options={
                        "ordering": ["activity", "valid_from", "id"],
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Valuation",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("digest", models.CharField(max_length=64, unique=True)),
                        ("ledger_version", models.PositiveIntegerField()),
                        ("as_of_on", models.DateField(verbose_name="as of")),
                        ("period_start_on", models.DateField()),
                        ("currency", models.CharField(max_length=3)),
                        ("settings", models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                        (
                            "book",
                            models.ForeignKey(
                                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="valuation.ratebook"
                            ),
                        ),
                        (
                            "assumptions",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="valuation.assumptions",
                            ),
                        ),
                        ("code_version", models.CharField(max_length=40)),
                        ("account_count", models.PositiveIntegerField()),
                        ("lifetime_model", models.CharField(blank=True, max_length=40)),
                        ("lifetime_why", models.JSONField(default=list)),
                        ("lifetime_considered", models.JSONField(default=list)),
                        ("holdouts", models.JSONField(default=list)),
                        ("medians", models.JSONField(default=list)),
                        ("sources", models.JSONField(default=dict)),
                        ("pools", models.JSONField(default=list)),
                        ("beneath", models.JSONField(default=dict)),
                        ("not_computed", models.JSONField(default=list)),
                        ("illustrative", models.JSONField(default=list)),
                        ("notes", models.JSONField(default=list)),
                        ("portfolio", models.JSONField(null=True)),
                        ("band", models.JSONField(null=True)),
                        ("mix", models.JSONField(null=True)),
                        ("before_start_on", models.DateField(null=True)),
                        ("before_end_on", models.DateField(null=True)),
                        ("own_units", models.JSONField(null=True)),
                        ("internal_sales", models.DecimalField(decimal_places=2, max_digits=20, null=True)),
                        (
                            "run",
                            models.ForeignKey(
                                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="runs.run"
                            ),
                        ),
                        ("made_at", models.DateTimeField()),
                        (
                            "made_by",
                            models.ForeignKey(
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
                    name="AccountBridge",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "valuation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="bridges", to="valuation.valuation"
                            ),
                        ),
                        (
                            "account",
                            models.ForeignKey(
                                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.account"
                            ),
                        ),
                        ("ledger_account", models.CharField(max_length=400)),
                        ("name", models.CharField(max_length=300)),
                        (
                            "of",
                            models.CharField(
                                choices=[("net sales", "Net sales"), ("contribution", "Contribution")], max_length=20
                            ),
                        ),
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
                        "indexes": [models.Index(fields=["valuation", "of", "account"], name="valuation_bridge_account")],
                        "constraints": [
                            models.UniqueConstraint(fields=("valuation", "of", "ledger_account"), name="valuation_bridge_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ValuationDetail",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "valuation",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT, related_name="detail", to="valuation.valuation"
                            ),
                        ),
                        ("outlook", models.JSONField(null=True)),
                        ("payments", models.JSONField(null=True)),
                        ("alerts", models.JSONField(null=True)),
                        ("not_computed", models.JSONField(default=list)),
                        (
                            "run",
                            models.ForeignKey(
                                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="runs.run"
                            ),
                        ),
                        ("made_at", models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name="AccountDetail",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "valuation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="account_details",
                                to="valuation.valuation",
                            ),
                        ),
                        (
                            "account",
                            models.ForeignKey(
                                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.account"
                            ),
                        ),
                        ("ledger_account", models.CharField(max_length=400)),
                        ("name", models.CharField(max_length=300)),
                        ("usage", models.JSONField(null=True)),
                        ("ahead", models.JSONField(default=list)),
                        ("payments", models.JSONField(null=True)),
                    ],
                    options={
                        "indexes": [models.Index(fields=["valuation", "account"], name="valuation_detail_account")],
                        "constraints": [
                            models.UniqueConstraint(fields=("valuation", "ledger_account"), name="valuation_detail_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RebateSchedule",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.account"
                            ),
                        ),
                        ("name", models.CharField(max_length=120)),
                        ("currency", models.CharField(max_length=3)),
                        ("starts_on", models.DateField(verbose_name="starts")),
                        ("ends_on", models.DateField(verbose_name="ends")),
                        (
                            "is_retroactive",
                            models.BooleanField(default=True, verbose_name="the rate reached holds for all turnover"),
                        ),
                        ("tiers", models.JSONField(default=list)),
                        ("made_at", models.DateTimeField()),
                        (
                            "made_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("removed_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "ordering": ["-ends_on", "-id"],
                        "indexes": [models.Index(fields=["account", "ends_on"], name="valuation_rebate_account")],
                    },
                ),
                migrations.CreateModel(
                    name="RebateTurnover",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "valuation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="valuation.valuation"
                            ),
                        ),
                        (
                            "schedule",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="turnovers",
                                to="valuation.rebateschedule",
                            ),
                        ),
                        ("starts_on", models.DateField()),
                        ("ends_on", models.DateField()),
                        ("sold", models.DecimalField(decimal_places=2, max_digits=20)),
                    ],
                    options={
                        "ordering": ["-id"],
                        "constraints": [
                            models.UniqueConstraint(fields=("valuation", "schedule"), name="valuation_rebate_turnover_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AccountWorth",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "valuation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="worths", to="valuation.valuation"
                            ),
                        ),
                        (
                            "account",
                            models.ForeignKey(
                                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.account"
                            ),
                        ),
                        ("ledger_account", models.CharField(max_length=400)),
                        ("name", models.CharField(max_length=300)),
                        ("segment", models.CharField(blank=True, max_length=200)),
                        ("group_name", models.CharField(blank=True, max_length=200)),
                        ("gross_sales", models.DecimalField(decimal_places=2, max_digits=20, null=True)),
                        ("invoice_reductions", models.DecimalField(decimal_places=2, max_digits=20, null=True)),
                        ("unlisted_sales", models.DecimalField(decimal_places=2, max_digits=20, null=True)),
                        ("net_invoice", models.DecimalField(decimal_places=2, max_digits=20, null=True)),
                        ("off_invoice", models.DecimalField(decimal_places=2, max_digits=20, null=True)),
                        ("charges", models.DecimalField(decimal_places=2, max_digits=20, null=True)),
                        ("pocket", models.DecimalField(decimal_places=2, max_digits=20, null=True)),
                        ("uncosted_sales", models.DecimalField(decimal_places=2, max_digits=20, null=True)),
                        ("cost_of_goods", models.DecimalField(decimal_places=2, max_digits=20, null=True)),
                        ("cm1", models.DecimalField(decimal_places=2, max_digits=20, null=True)),
                        ("order_and_logistics", models.DecimalField(decimal_places=2, max_digits=20, null=True)),
                        ("freight_cost", models.DecimalField(decimal_places=2, max_digits=20, null=True)),
                        ("cm2", models.DecimalField(decimal_places=2, max_digits=20, null=True)),
                        ("selling_and_service", models.DecimalField(decimal_places=2, max_digits=20, null=True)),
                        ("cm3", models.DecimalField(decimal_places=2, max_digits=20, null=True)),
                        ("capital_charge", models.DecimalField(decimal_places=2, max_digits=20, null=True)),
                        ("expected_loss", models.DecimalField(decimal_places=2, max_digits=20, null=True)),
                        ("cm4", models.DecimalField(decimal_places=2, max_digits=20, null=True)),
                        ("step_sources", models.JSONField(default=list)),
                        ("contribution", models.DecimalField(decimal_places=2, max_digits=20, null=True)),
                        ("contribution_basis", models.CharField(blank=True, max_length=10)),
                        ("cost_to_serve", models.DecimalField(decimal_places=2, max_digits=20, null=True)),
                        ("capacity_cost", models.DecimalField(decimal_places=2, max_digits=20, null=True)),
                        ("service_by_volume", models.DecimalField(decimal_places=2, max_digits=20, null=True)),
                        ("contribution_by_volume", models.DecimalField(decimal_places=2, max_digits=20, null=True)),
                        ("sales_rank", models.PositiveIntegerField(null=True)),
                        ("margin_rank", models.PositiveIntegerField(null=True)),
                        ("levers", models.JSONField(default=list)),
                        ("change_told", models.CharField(blank=True, max_length=1000)),
                        ("lifetime_value", models.DecimalField(decimal_places=2, max_digits=20, null=True)),
                        ("lifetime_low", models.DecimalField(decimal_places=2, max_digits=20, null=True)),
                        ("lifetime_high", models.DecimalField(decimal_places=2, max_digits=20, null=True)),
                        ("units_ahead", models.FloatField(null=True)),
                        ("unit_net", models.DecimalField(decimal_places=2, max_digits=20, null=True)),
                        ("probability_alive", models.FloatField(null=True)),
                        ("lifetime_reason", models.CharField(blank=True, max_length=1000)),
                        ("last_order_on", models.DateField(null=True)),
                        ("expected_on", models.DateField(null=True)),
                        ("window_from_on", models.DateField(null=True)),
                        ("window_to_on", models.DateField(null=True)),
                        ("overdue_on", models.DateField(null=True)),
                        ("silence_probability", models.FloatField(null=True)),
                        ("gap_count", models.PositiveIntegerField(null=True)),
                        ("is_overdue", models.BooleanField(null=True)),
                        ("is_thin", models.BooleanField(null=True)),
                        ("at_stake", models.DecimalField(decimal_places=2, max_digits=20, null=True)),
                        ("recent_orders", models.JSONField(default=list, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                        ("owed", models.DecimalField(decimal_places=2, max_digits=20, null=True)),
                        ("owed_not_due", models.DecimalField(decimal_places=2, max_digits=20, null=True)),
                        ("owed_1_30", models.DecimalField(decimal_places=2, max_digits=20, null=True)),
                        ("owed_31_60", models.DecimalField(decimal_places=2, max_digits=20, null=True)),
                        ("owed_61_90", models.DecimalField(decimal_places=2, max_digits=20, null=True)),
                        ("owed_over_90", models.DecimalField(decimal_places=2, max_digits=20, null=True)),
                        ("median_days_to_pay", models.FloatField(null=True)),
                        ("lateness_probability", models.FloatField(null=True)),
                        ("expected_credit_loss", models.DecimalField(decimal_places=2, max_digits=20, null=True)),
                        ("credit_limit", models.DecimalField(decimal_places=2, max_digits=20, null=True)),
                        ("credit_limit_use", models.FloatField(null=True)),
                    ],
                    options={
                        "ordering": ["margin_rank", "id"],
                        "indexes": [
                            models.Index(fields=["valuation", "account"], name="valuation_worth_account"),
                            models.Index(fields=["valuation", "contribution"], name="valuation_worth_margin"),
                            models.Index(fields=["valuation", "sales_rank"], name="valuation_worth_sales_rank"),
                            models.Index(fields=["valuation", "margin_rank"], name="valuation_worth_margin_rank"),
                            models.Index(
                                condition=models.Q(("is_overdue", True)),
                                fields=["valuation", "at_stake"],
                                name="valuation_worth_at_stake",
                            ),
                            models.Index(
                                condition=models.Q(("is_overdue", True)),
                                fields=["valuation", "lifetime_value"],
                                name="valuation_worth_overdue",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("valuation", "ledger_account"), name="valuation_worth_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AlertVerdict",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.account"
                            ),
                        ),
                        (
                            "valuation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="valuation.valuation"
                            ),
                        ),
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
                            "made_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "finding about an alert",
                        "verbose_name_plural": "findings about alerts",
                        "ordering": ["-id"],
                        "indexes": [models.Index(fields=["account", "-last_order_on"], name="valuation_verdict_account")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("silent_until_on__gt", models.F("last_order_on"))),
                                name="valuation_verdict_looks_ahead",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="VerdictWithdrawal",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "verdict",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="withdrawals",
                                to="valuation.alertverdict",
                            ),
                        ),
                        ("reason", models.CharField(blank=True, max_length=500)),
                        ("made_at", models.DateTimeField()),
                        (
                            "made_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "finding taken back",
                        "verbose_name_plural": "findings taken back",
                        "ordering": ["-id"],
                        "constraints": [models.UniqueConstraint(fields=("verdict",), name="valuation_verdict_taken_back_once")],
                    },
                ),
            ],
        ),
        migrations.RunPython(_guards.forward, _guards.backward),
    ]
