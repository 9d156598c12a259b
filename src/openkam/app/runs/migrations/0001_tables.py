"""Runs and schedules.

Replaces every step up to it: a workspace that has taken all of them has taken this one.
"""

import django.core.serializers.json
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import openkam.app.people.terms
from openkam.app.people.migrations._tables import Tables


class Migration(migrations.Migration):
    replaces = [("runs", "0001_initial"), ("runs", "0002_worker_and_schedules")]

    initial = True

    dependencies = [
        ("people", "0001_tables"),
    ]

    operations = [
        Tables(
            [
                migrations.CreateModel(
                    name="Schedule",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("kind", models.CharField(max_length=40, verbose_name="what to run")),
                        ("title", models.CharField(max_length=200)),
                        (
                            "parameters",
                            models.JSONField(blank=True, default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder),
                        ),
                        ("daily_at", models.TimeField(verbose_name="every day at")),
                        ("time_zone", models.CharField(max_length=64, validators=[openkam.app.people.terms.check_time_zone])),
                        ("is_enabled", models.BooleanField(default=True, verbose_name="switched on")),
                        ("next_at", models.DateTimeField(editable=False, null=True)),
                        ("last_fired_at", models.DateTimeField(editable=False, null=True)),
                    ],
                    options={
                        "ordering": ["title", "id"],
                    },
                ),
                migrations.CreateModel(
                    name="Run",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("kind", models.CharField(max_length=40)),
                        ("title", models.CharField(max_length=200)),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("queued", "Queued"),
                                    ("running", "Running"),
                                    ("done", "Done"),
                                    ("failed", "Failed"),
                                    ("cancelled", "Cancelled"),
                                    ("lost", "Lost"),
                                ],
                                default="queued",
                                max_length=10,
                            ),
                        ),
                        (
                            "requested_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "schedule",
                            models.ForeignKey(
                                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="runs.schedule"
                            ),
                        ),
                        (
                            "again_of",
                            models.ForeignKey(
                                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="runs.run"
                            ),
                        ),
                        ("parameters", models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                        ("ledger_version", models.PositiveIntegerField(null=True)),
                        ("code_version", models.CharField(max_length=40)),
                        ("attempt", models.PositiveSmallIntegerField(default=1)),
                        ("task_id", models.UUIDField(null=True)),
                        ("worker", models.CharField(blank=True, max_length=64)),
                        ("progress_step", models.CharField(blank=True, max_length=200)),
                        ("progress_share", models.FloatField(null=True)),
                        ("queued_at", models.DateTimeField(auto_now_add=True)),
                        ("started_at", models.DateTimeField(null=True)),
                        ("heartbeat_at", models.DateTimeField(null=True)),
                        ("finished_at", models.DateTimeField(null=True)),
                        ("cancel_asked_at", models.DateTimeField(null=True)),
                        ("outcome", models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                        ("failure", models.TextField(blank=True)),
                        ("log", models.TextField(blank=True)),
                    ],
                    options={
                        "ordering": ["-id"],
                        "indexes": [models.Index(fields=["status", "heartbeat_at"], name="runs_run_open")],
                    },
                ),
            ],
        ),
    ]
