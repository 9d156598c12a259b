"""What the site keeps of a ledger's sources, imports and versions.

Replaces every step up to it: a workspace that has taken all of them has taken this one.
"""

import django.core.serializers.json
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

from openkam.app.people.migrations._tables import Tables


class Migration(migrations.Migration):
    replaces = [("ledger", "0001_initial")]

    initial = True

    dependencies = [
        ("people", "0001_tables"),
        ("runs", "0001_tables"),
    ]

    operations = [
        Tables(
            [
                migrations.CreateModel(
                    name="Source",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("name", models.CharField(max_length=120)),
                        ("business_unit", models.CharField(blank=True, max_length=120)),
                        ("system", models.CharField(blank=True, max_length=120)),
                        (
                            "default_currency",
                            models.CharField(
                                blank=True,
                                max_length=3,
                                validators=[
                                    django.core.validators.RegexValidator(
                                        "^[A-Z]{3}$", "Write the three letters of ISO 4217, such as EUR."
                                    )
                                ],
                            ),
                        ),
                        ("note", models.TextField(blank=True, max_length=2000)),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                    ],
                    options={
                        "ordering": ["name"],
                        "constraints": [
                            models.UniqueConstraint(
                                django.db.models.functions.text.Lower("name"),
                                name="ledger_source_name_once",
                                violation_error_message="There is a source of this name already.",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MappingTemplate",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("name", models.CharField(max_length=120)),
                        (
                            "source",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="templates", to="ledger.source"
                            ),
                        ),
                        ("table", models.CharField(max_length=40)),
                        ("mapping", models.TextField(max_length=100000)),
                        ("saved_at", models.DateTimeField(auto_now=True)),
                    ],
                    options={
                        "ordering": ["source__name", "table", "name"],
                        "constraints": [
                            models.UniqueConstraint(
                                models.F("source"),
                                models.F("table"),
                                django.db.models.functions.text.Lower("name"),
                                name="ledger_template_name_once",
                                violation_error_message="This source has a template of this name for this table already.",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ImportDraft",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "source",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="drafts", to="ledger.source"
                            ),
                        ),
                        ("table", models.CharField(max_length=40)),
                        ("mapping", models.TextField(blank=True, max_length=100000)),
                        ("guesses", models.JSONField(default=list)),
                        (
                            "step",
                            models.CharField(
                                choices=[
                                    ("files", "Files"),
                                    ("detect", "Reading"),
                                    ("map", "Columns"),
                                    ("preview", "Check"),
                                    ("run", "Import"),
                                ],
                                default="files",
                                max_length=10,
                            ),
                        ),
                        (
                            "counts_again",
                            models.BooleanField(default=False, verbose_name="count files that were imported before once more"),
                        ),
                        (
                            "begun_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                            ),
                        ),
                        ("begun_at", models.DateTimeField(auto_now_add=True)),
                        ("changed_at", models.DateTimeField(auto_now=True)),
                        (
                            "dry_run",
                            models.ForeignKey(
                                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="runs.run"
                            ),
                        ),
                        (
                            "import_run",
                            models.ForeignKey(
                                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="runs.run"
                            ),
                        ),
                        ("dry_run_rejects", models.CharField(blank=True, max_length=200)),
                        ("carried_out_since", models.DateTimeField(null=True)),
                        ("batch_id", models.CharField(blank=True, db_index=True, max_length=64)),
                    ],
                    options={
                        "ordering": ["-changed_at"],
                    },
                ),
                migrations.CreateModel(
                    name="Upload",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "draft",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="uploads", to="ledger.importdraft"
                            ),
                        ),
                        ("name", models.CharField(max_length=200)),
                        ("stored", models.CharField(max_length=300, unique=True)),
                        ("bytes", models.PositiveBigIntegerField()),
                        ("sha256", models.CharField(max_length=64)),
                        ("detection", models.JSONField(default=list, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                        (
                            "received_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                            ),
                        ),
                        ("received_at", models.DateTimeField(auto_now_add=True)),
                        ("expires_at", models.DateTimeField(db_index=True)),
                    ],
                    options={
                        "ordering": ["id"],
                    },
                ),
                migrations.CreateModel(
                    name="LedgerBatch",
                    fields=[
                        ("batch_id", models.CharField(max_length=64, primary_key=True, serialize=False)),
                    ],
                    options={
                        "verbose_name": "batch",
                        "verbose_name_plural": "batches",
                        "managed": False,
                    },
                ),
            ],
        ),
    ]
