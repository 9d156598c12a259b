"""Accounts with their facts, tags, views and shares, searched by trigrams.

Replaces every step up to it: a workspace that has taken all of them has taken this one.
"""

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import openkam.app.accounts.models.search_text
from openkam.app.accounts.migrations import _search
from openkam.app.people.migrations._tables import Tables


class Migration(migrations.Migration):
    replaces = [("accounts", "0001_initial"), ("accounts", "0002_search"), ("accounts", "0003_kind_and_manager")]

    initial = True

    dependencies = [
        ("people", "0001_tables"),
    ]

    operations = [
        Tables(
            [
                migrations.CreateModel(
                    name="Tag",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("name", models.CharField(max_length=60, unique=True)),
                    ],
                    options={
                        "ordering": ["name"],
                    },
                ),
                migrations.CreateModel(
                    name="Account",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "kind",
                            models.CharField(
                                choices=[("customer", "Customer"), ("prospect", "Prospect"), ("supplier", "Supplier")],
                                default="customer",
                                max_length=10,
                            ),
                        ),
                        ("name", models.CharField(max_length=300)),
                        ("legal_name", models.CharField(blank=True, max_length=300)),
                        ("sort_name", models.CharField(editable=False, max_length=300)),
                        ("search_text", openkam.app.accounts.models.search_text.SearchText(editable=False)),
                        (
                            "manager",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "team",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="people.team",
                            ),
                        ),
                        (
                            "parent",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="children",
                                to="accounts.account",
                            ),
                        ),
                        ("country", models.CharField(blank=True, max_length=2)),
                        ("industry", models.CharField(blank=True, max_length=8, verbose_name="industry (ISIC/NACE)")),
                        ("employees", models.PositiveIntegerField(blank=True, null=True)),
                        ("annual_turnover", models.DecimalField(blank=True, decimal_places=2, max_digits=20, null=True)),
                        ("turnover_currency", models.CharField(blank=True, max_length=3)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        (
                            "created_by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("changed_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ("deleted_at", models.DateTimeField(editable=False, null=True)),
                        (
                            "deleted_by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("tags", models.ManyToManyField(blank=True, related_name="accounts", to="accounts.tag")),
                    ],
                    options={
                        "ordering": ["sort_name", "id"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("deleted_at", None)), fields=["sort_name", "id"], name="accounts_by_name"
                            ),
                            models.Index(
                                condition=models.Q(("deleted_at", None)),
                                fields=["kind", "sort_name", "id"],
                                name="accounts_by_kind",
                            ),
                            models.Index(
                                condition=models.Q(("deleted_at", None)),
                                fields=["country", "sort_name", "id"],
                                name="accounts_by_country",
                            ),
                            models.Index(
                                condition=models.Q(("deleted_at", None)),
                                fields=["kind", "manager"],
                                name="accounts_by_kind_and_manager",
                            ),
                            models.Index(
                                condition=models.Q(("deleted_at", None)), fields=["industry"], name="accounts_by_industry"
                            ),
                            models.Index(
                                condition=models.Q(("deleted_at", None)), fields=["changed_at", "id"], name="accounts_by_change"
                            ),
                            models.Index(fields=["manager", "sort_name", "id"], name="accounts_by_manager"),
                            models.Index(
                                condition=models.Q(("deleted_at", None), _negated=True),
                                fields=["deleted_at", "id"],
                                name="accounts_in_bin",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("parent", models.F("id")), _negated=True),
                                name="accounts_account_not_own_parent",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AccountKey",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="keys", to="accounts.account"
                            ),
                        ),
                        ("source", models.CharField(max_length=200)),
                        ("customer_key", models.CharField(max_length=200)),
                        ("ledger_account", models.CharField(max_length=400)),
                    ],
                    options={
                        "ordering": ["source", "customer_key"],
                        "indexes": [models.Index(fields=["ledger_account"], name="accounts_key_ledger_account")],
                        "constraints": [models.UniqueConstraint(fields=("source", "customer_key"), name="accounts_key_once")],
                    },
                ),
                migrations.CreateModel(
                    name="Share",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="shares", to="accounts.account"
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                            ),
                        ),
                        (
                            "shared_by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("shared_at", models.DateTimeField(auto_now_add=True)),
                    ],
                    options={
                        "constraints": [models.UniqueConstraint(fields=("account", "user"), name="accounts_share_once")],
                    },
                ),
                migrations.CreateModel(
                    name="Fact",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("source", models.CharField(max_length=300)),
                        ("as_of_on", models.DateField(verbose_name="as of")),
                        (
                            "certainty",
                            models.CharField(
                                choices=[("confirmed", "Confirmed"), ("assumed", "Assumed")], default="confirmed", max_length=10
                            ),
                        ),
                        (
                            "shelf_life_days",
                            models.PositiveIntegerField(
                                blank=True,
                                help_text="Empty: it keeps.",
                                null=True,
                                validators=[django.core.validators.MinValueValidator(1)],
                                verbose_name="shelf life (days)",
                            ),
                        ),
                        (
                            "author",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("recorded_at", models.DateTimeField(auto_now_add=True)),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="facts", to="accounts.account"
                            ),
                        ),
                        (
                            "field",
                            models.CharField(
                                choices=[
                                    ("legal_name", "Legal name"),
                                    ("industry", "Industry (ISIC/NACE)"),
                                    ("industry_structure", "Industry structure"),
                                    ("employees", "Employees"),
                                    ("annual_turnover", "Annual turnover"),
                                    ("country", "Country of the head office"),
                                    ("countries", "Countries it works in"),
                                    ("geographic_spread", "Geographic spread"),
                                    ("locations", "Locations"),
                                    ("product_characteristics", "Product characteristics"),
                                    ("outlet_type", "Outlet type"),
                                    ("sales_region", "Sales region"),
                                    ("buying_group", "Buying group"),
                                ],
                                max_length=30,
                            ),
                        ),
                        ("value", models.TextField()),
                        ("unit", models.CharField(blank=True, max_length=10)),
                    ],
                    options={
                        "ordering": ["-as_of_on", "-id"],
                        "abstract": False,
                        "indexes": [models.Index(fields=["account", "field", "-as_of_on", "-id"], name="accounts_fact_latest")],
                    },
                ),
                migrations.CreateModel(
                    name="TradeName",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("source", models.CharField(max_length=300)),
                        ("as_of_on", models.DateField(verbose_name="as of")),
                        (
                            "certainty",
                            models.CharField(
                                choices=[("confirmed", "Confirmed"), ("assumed", "Assumed")], default="confirmed", max_length=10
                            ),
                        ),
                        (
                            "shelf_life_days",
                            models.PositiveIntegerField(
                                blank=True,
                                help_text="Empty: it keeps.",
                                null=True,
                                validators=[django.core.validators.MinValueValidator(1)],
                                verbose_name="shelf life (days)",
                            ),
                        ),
                        (
                            "author",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("recorded_at", models.DateTimeField(auto_now_add=True)),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="trade_names", to="accounts.account"
                            ),
                        ),
                        ("name", models.CharField(max_length=300)),
                    ],
                    options={
                        "ordering": ["name"],
                        "abstract": False,
                        "constraints": [models.UniqueConstraint(fields=("account", "name"), name="accounts_trade_name_once")],
                    },
                ),
                migrations.CreateModel(
                    name="Identifier",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("source", models.CharField(max_length=300)),
                        ("as_of_on", models.DateField(verbose_name="as of")),
                        (
                            "certainty",
                            models.CharField(
                                choices=[("confirmed", "Confirmed"), ("assumed", "Assumed")], default="confirmed", max_length=10
                            ),
                        ),
                        (
                            "shelf_life_days",
                            models.PositiveIntegerField(
                                blank=True,
                                help_text="Empty: it keeps.",
                                null=True,
                                validators=[django.core.validators.MinValueValidator(1)],
                                verbose_name="shelf life (days)",
                            ),
                        ),
                        (
                            "author",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("recorded_at", models.DateTimeField(auto_now_add=True)),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="identifiers", to="accounts.account"
                            ),
                        ),
                        (
                            "scheme",
                            models.CharField(
                                choices=[
                                    ("vat", "VAT number"),
                                    ("tax", "Tax number"),
                                    ("duns", "D-U-N-S"),
                                    ("lei", "LEI"),
                                    ("register", "Register number"),
                                    ("own", "Own number"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("value", models.CharField(max_length=60)),
                    ],
                    options={
                        "ordering": ["scheme", "value"],
                        "abstract": False,
                        "indexes": [models.Index(fields=["scheme", "value"], name="accounts_identifier_value")],
                        "constraints": [
                            models.UniqueConstraint(fields=("account", "scheme", "value"), name="accounts_identifier_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Address",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("source", models.CharField(max_length=300)),
                        ("as_of_on", models.DateField(verbose_name="as of")),
                        (
                            "certainty",
                            models.CharField(
                                choices=[("confirmed", "Confirmed"), ("assumed", "Assumed")], default="confirmed", max_length=10
                            ),
                        ),
                        (
                            "shelf_life_days",
                            models.PositiveIntegerField(
                                blank=True,
                                help_text="Empty: it keeps.",
                                null=True,
                                validators=[django.core.validators.MinValueValidator(1)],
                                verbose_name="shelf life (days)",
                            ),
                        ),
                        (
                            "author",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("recorded_at", models.DateTimeField(auto_now_add=True)),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="addresses", to="accounts.account"
                            ),
                        ),
                        (
                            "type",
                            models.CharField(
                                choices=[
                                    ("head_office", "Head office"),
                                    ("site", "Site"),
                                    ("billing", "Billing"),
                                    ("delivery", "Delivery"),
                                ],
                                default="head_office",
                                max_length=12,
                            ),
                        ),
                        ("street", models.CharField(blank=True, max_length=300)),
                        ("postal_code", models.CharField(blank=True, max_length=20)),
                        ("city", models.CharField(blank=True, max_length=100)),
                        ("region", models.CharField(blank=True, max_length=100, verbose_name="state or region")),
                        ("country", models.CharField(max_length=2)),
                    ],
                    options={
                        "verbose_name_plural": "addresses",
                        "ordering": ["type", "id"],
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="CustomField",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("name", models.CharField(max_length=60, unique=True)),
                        (
                            "type",
                            models.CharField(
                                choices=[
                                    ("text", "Text"),
                                    ("number", "Number"),
                                    ("date", "Date"),
                                    ("choice", "Choice"),
                                    ("yes_no", "Yes or no"),
                                    ("money", "Money"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("choices", models.JSONField(blank=True, default=list)),
                        ("kinds", models.JSONField(blank=True, default=list)),
                        ("help_text", models.CharField(blank=True, max_length=200)),
                        ("position", models.PositiveSmallIntegerField(default=0)),
                        ("archived_at", models.DateTimeField(editable=False, null=True)),
                    ],
                    options={
                        "ordering": ["position", "id"],
                    },
                ),
                migrations.CreateModel(
                    name="CustomValue",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="custom_values", to="accounts.account"
                            ),
                        ),
                        (
                            "field",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.customfield"
                            ),
                        ),
                        ("text", models.TextField(blank=True)),
                        ("number", models.DecimalField(blank=True, decimal_places=4, max_digits=20, null=True)),
                        ("currency", models.CharField(blank=True, max_length=3)),
                        ("day", models.DateField(blank=True, null=True)),
                        ("flag", models.BooleanField(blank=True, null=True)),
                    ],
                    options={
                        "constraints": [models.UniqueConstraint(fields=("account", "field"), name="accounts_custom_value_once")],
                    },
                ),
                migrations.CreateModel(
                    name="Descent",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "ancestor",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="accounts.account",
                            ),
                        ),
                        (
                            "descendant",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="accounts.account",
                            ),
                        ),
                        ("levels", models.PositiveSmallIntegerField()),
                    ],
                    options={
                        "indexes": [models.Index(fields=["descendant", "ancestor", "levels"], name="accounts_descent_upward")],
                        "constraints": [models.UniqueConstraint(fields=("ancestor", "descendant"), name="accounts_descent_once")],
                    },
                ),
                migrations.CreateModel(
                    name="SavedView",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("name", models.CharField(max_length=100)),
                        (
                            "owner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                            ),
                        ),
                        ("filters", models.JSONField(default=dict)),
                        ("columns", models.JSONField(default=list)),
                        ("sort", models.CharField(blank=True, max_length=40)),
                        ("is_shared", models.BooleanField(default=False, verbose_name="for everybody")),
                        ("is_default", models.BooleanField(default=False, verbose_name="opens first for me")),
                    ],
                    options={
                        "ordering": ["name", "id"],
                        "constraints": [
                            models.UniqueConstraint(fields=("owner", "name"), name="accounts_view_once"),
                            models.UniqueConstraint(
                                condition=models.Q(("is_default", True)), fields=("owner",), name="accounts_view_one_default"
                            ),
                        ],
                    },
                ),
                migrations.AddField(
                    model_name="account",
                    name="shared_with",
                    field=models.ManyToManyField(
                        related_name="+",
                        through="accounts.Share",
                        through_fields=("account", "user"),
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.RunPython(_search.forward, _search.backward),
    ]
