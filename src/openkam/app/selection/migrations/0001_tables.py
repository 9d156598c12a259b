"""Rounds, scenarios, decisions and key status; the database itself keeps closed rounds as they are.

Replaces every step up to it: a workspace that has taken all of them has taken this one.
"""

import django.core.serializers.json
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from openkam.app.people.migrations._tables import Tables
from openkam.app.selection.migrations import _guards


class Migration(migrations.Migration):
    replaces = [
        ("selection", "0001_initial"),
        ("selection", "0002_closed_rounds"),
        ("selection", "0003_rating_scales"),
        ("selection", "0004_robustness"),
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
                    name="Round",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("name", models.CharField(max_length=100, unique=True)),
                        (
                            "status",
                            models.CharField(choices=[("open", "Open"), ("closed", "Closed")], default="open", max_length=10),
                        ),
                        ("as_of_on", models.DateField(verbose_name="as of")),
                        ("currency", models.CharField(max_length=3)),
                        ("ledger_version", models.PositiveIntegerField()),
                        ("programme", models.TextField()),
                        ("programme_digest", models.CharField(max_length=64)),
                        ("code_version", models.CharField(max_length=40)),
                        ("measures_file", models.CharField(max_length=200)),
                        ("account_count", models.PositiveIntegerField()),
                        ("illustrative", models.JSONField(default=list)),
                        ("notes", models.JSONField(default=list)),
                        (
                            "run",
                            models.ForeignKey(
                                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="runs.run"
                            ),
                        ),
                        ("opened_at", models.DateTimeField()),
                        (
                            "opened_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("closed_at", models.DateTimeField(null=True)),
                        (
                            "closed_by",
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
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("closed_at", None), ("closed_by", None), ("status", "open")),
                                    models.Q(("closed_at__isnull", False), ("closed_by__isnull", False), ("status", "closed")),
                                    _connector="OR",
                                ),
                                name="selection_round_closed_by_somebody",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Decision",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "round",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="decisions", to="selection.round"
                            ),
                        ),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.account"
                            ),
                        ),
                        ("proposed", models.BooleanField()),
                        (
                            "choice",
                            models.CharField(
                                choices=[("approve", "Approve"), ("override", "Override"), ("defer", "Defer")], max_length=10
                            ),
                        ),
                        ("in_key", models.BooleanField(null=True)),
                        (
                            "tier",
                            models.CharField(
                                blank=True,
                                choices=[("strategic", "Strategic"), ("key", "Key"), ("prospective", "Prospective key")],
                                max_length=20,
                            ),
                        ),
                        ("reason", models.TextField(blank=True)),
                        ("price_percent", models.FloatField(null=True)),
                        ("valid_from", models.DateField()),
                        ("valid_until", models.DateField(null=True)),
                        (
                            "decided_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                            ),
                        ),
                        ("decided_at", models.DateTimeField()),
                    ],
                    options={
                        "ordering": ["-decided_at", "-id"],
                        "constraints": [
                            models.UniqueConstraint(fields=("round", "account"), name="selection_decision_once"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("choice", "approve"), ("in_key", models.F("proposed")), ("in_key__isnull", False)),
                                    models.Q(
                                        ("choice", "override"),
                                        ("in_key", True),
                                        ("in_key__isnull", False),
                                        ("proposed", False),
                                        models.Q(("reason", ""), _negated=True),
                                    ),
                                    models.Q(
                                        ("choice", "override"),
                                        ("in_key", False),
                                        ("in_key__isnull", False),
                                        ("proposed", True),
                                        models.Q(("reason", ""), _negated=True),
                                    ),
                                    models.Q(("choice", "defer"), ("in_key", None)),
                                    _connector="OR",
                                ),
                                name="selection_decision_says_what",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("in_key", True), ("in_key__isnull", False), models.Q(("tier", ""), _negated=True)),
                                    models.Q(models.Q(("in_key", False), ("in_key", None), _connector="OR"), ("tier", "")),
                                    _connector="OR",
                                ),
                                name="selection_tier_of_key_accounts",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valid_until", None), ("valid_until__gte", models.F("valid_from")), _connector="OR"
                                ),
                                name="selection_decision_days",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="KeyStatus",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.account"
                            ),
                        ),
                        (
                            "tier",
                            models.CharField(
                                choices=[("strategic", "Strategic"), ("key", "Key"), ("prospective", "Prospective key")],
                                max_length=20,
                            ),
                        ),
                        ("from_on", models.DateField()),
                        ("until_on", models.DateField(null=True)),
                        ("ended_on", models.DateField(null=True)),
                        (
                            "ended_by",
                            models.ForeignKey(
                                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="selection.decision"
                            ),
                        ),
                        (
                            "round",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="selection.round"
                            ),
                        ),
                        (
                            "decision",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT, related_name="status", to="selection.decision"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "key statuses",
                        "ordering": ["-from_on", "-id"],
                        "indexes": [models.Index(fields=["account", "-from_on"], name="selection_status_account")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("ended_by", None), ("ended_on", None)),
                                    models.Q(("ended_by__isnull", False), ("ended_on__isnull", False)),
                                    _connector="OR",
                                ),
                                name="selection_status_ended_by_decision",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("until_on", None), ("until_on__gte", models.F("from_on")), _connector="OR"),
                                name="selection_status_days",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ProgrammeText",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("text", models.TextField()),
                        ("changed_at", models.DateTimeField()),
                        (
                            "changed_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "programme",
                    },
                ),
                migrations.CreateModel(
                    name="RatingScale",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "name",
                            models.CharField(
                                error_messages={"unique": "There is a scale of this name already."},
                                max_length=60,
                                unique=True,
                                validators=[
                                    django.core.validators.RegexValidator(
                                        "\\A[a-z][a-z0-9_]*\\Z", "Small letters, digits and _ only, a letter first."
                                    )
                                ],
                            ),
                        ),
                        ("label", models.CharField(max_length=80)),
                        ("question", models.CharField(blank=True, max_length=500)),
                        (
                            "shelf_life_months",
                            models.PositiveSmallIntegerField(
                                default=12,
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(120),
                                ],
                            ),
                        ),
                        ("made_at", models.DateTimeField()),
                        (
                            "made_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                            ),
                        ),
                        ("archived_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["label", "id"],
                    },
                ),
                migrations.CreateModel(
                    name="ScaleVersion",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "scale",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="selection.ratingscale"
                            ),
                        ),
                        ("number", models.PositiveSmallIntegerField()),
                        ("anchors", models.JSONField()),
                        ("made_at", models.DateTimeField()),
                        (
                            "made_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["scale", "-number"],
                        "constraints": [models.UniqueConstraint(fields=("scale", "number"), name="selection_scale_version_once")],
                    },
                ),
                migrations.CreateModel(
                    name="AccountRating",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.account"
                            ),
                        ),
                        (
                            "scale",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="ratings", to="selection.ratingscale"
                            ),
                        ),
                        (
                            "version",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="ratings", to="selection.scaleversion"
                            ),
                        ),
                        ("level", models.PositiveSmallIntegerField()),
                        ("evidence", models.TextField(blank=True)),
                        ("evidence_link", models.URLField(blank=True, max_length=500)),
                        (
                            "rated_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                            ),
                        ),
                        ("rated_on", models.DateField()),
                        ("fades_on", models.DateField()),
                        ("given_at", models.DateTimeField()),
                        ("ended_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["-rated_on", "-id"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("ended_at", None)), fields=["account"], name="selection_rating_of_account"
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("ended_at", None)),
                                fields=("account", "scale", "rated_by"),
                                name="selection_rating_once_per_rater",
                            ),
                            models.CheckConstraint(condition=models.Q(("level__lte", 4)), name="selection_rating_level"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("evidence", ""), _negated=True),
                                    models.Q(("evidence_link", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="selection_rating_has_evidence",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Scenario",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "round",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="scenarios", to="selection.round"
                            ),
                        ),
                        ("name", models.CharField(max_length=100)),
                        ("is_baseline", models.BooleanField(default=False)),
                        ("programme", models.TextField()),
                        ("objective", models.FloatField()),
                        ("gap", models.FloatField()),
                        ("solver_seconds", models.FloatField()),
                        ("candidate_count", models.PositiveIntegerField()),
                        ("selected_count", models.PositiveIntegerField()),
                        ("criteria", models.JSONField(default=list, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                        ("limits", models.JSONField(default=list, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                        ("notes", models.JSONField(default=list)),
                        ("is_explained", models.BooleanField(default=False)),
                        (
                            "explanation_run",
                            models.ForeignKey(
                                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="runs.run"
                            ),
                        ),
                        (
                            "robustness_run",
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
                        "ordering": ["-is_baseline", "id"],
                        "constraints": [
                            models.UniqueConstraint(fields=("round", "name"), name="selection_scenario_name_once"),
                            models.UniqueConstraint(
                                condition=models.Q(("is_baseline", True)), fields=("round",), name="selection_one_baseline"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Candidate",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "scenario",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="candidates", to="selection.scenario"
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
                        ("rank", models.PositiveIntegerField()),
                        ("utility", models.FloatField()),
                        ("is_selected", models.BooleanField()),
                        ("manager_name", models.CharField(blank=True, max_length=150)),
                        ("region", models.CharField(blank=True, max_length=200)),
                        ("hours", models.FloatField(null=True)),
                        ("cost", models.FloatField(null=True)),
                        ("contributions", models.JSONField(default=list)),
                        ("levels", models.JSONField(default=list)),
                        ("measures", models.JSONField(default=dict)),
                        ("pin", models.CharField(blank=True, max_length=10)),
                        ("regret_percent", models.FloatField(null=True)),
                        ("is_explained", models.BooleanField(default=False)),
                        ("binding", models.TextField(blank=True)),
                        ("displaces", models.JSONField(default=list)),
                        ("brings_in", models.JSONField(default=list)),
                        ("needs", models.JSONField(default=list)),
                        ("partners", models.JSONField(default=list)),
                    ],
                    options={
                        "ordering": ["-is_selected", "rank"],
                        "indexes": [models.Index(fields=["scenario", "-is_selected", "rank"], name="selection_candidate_rank")],
                        "constraints": [
                            models.UniqueConstraint(fields=("scenario", "ledger_account"), name="selection_candidate_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Robustness",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "scenario",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="robustness", to="selection.scenario"
                            ),
                        ),
                        (
                            "weightings",
                            models.CharField(
                                choices=[("in order", "That keep the order of the criteria"), ("any", "Any at all")],
                                max_length=10,
                            ),
                        ),
                        ("draw_count", models.PositiveIntegerField()),
                        ("unproven_count", models.PositiveIntegerField()),
                        ("same_share", models.FloatField()),
                        ("overlap", models.FloatField()),
                        ("mean_weights", models.JSONField()),
                        ("made_at", models.DateTimeField()),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("scenario", "weightings"), name="selection_robustness_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CandidateShare",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "robustness",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="shares", to="selection.robustness"
                            ),
                        ),
                        (
                            "candidate",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.DO_NOTHING, related_name="shares", to="selection.candidate"
                            ),
                        ),
                        ("share", models.FloatField()),
                        ("lower", models.FloatField()),
                        ("upper", models.FloatField()),
                        ("central_weights", models.JSONField()),
                    ],
                    options={
                        "ordering": ["-share", "id"],
                        "constraints": [
                            models.UniqueConstraint(fields=("robustness", "candidate"), name="selection_candidate_share_once")
                        ],
                    },
                ),
            ],
        ),
        migrations.RunPython(_guards.forward, _guards.backward),
    ]
