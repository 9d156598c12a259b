"""Contacts, claims, interactions, maps, stages, surveys and rights; decisions about stages are append-only, names searched by trigrams.

Replaces every step up to it: a workspace that has taken all of them has taken this one.
"""

import django.core.serializers.json
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import openkam.app.accounts.models.search_text
import openkam.app.people.terms
import openkam.app.relationships.models.survey
from openkam.app.people.migrations._tables import Tables
from openkam.app.relationships.migrations import _guards, _search


class Migration(migrations.Migration):
    replaces = [
        ("relationships", "0001_initial"),
        ("relationships", "0002_claims"),
        ("relationships", "0003_interactions"),
        ("relationships", "0004_people_map"),
        ("relationships", "0005_commitments"),
        ("relationships", "0006_correspondence"),
        ("relationships", "0007_mailbox"),
        ("relationships", "0008_stages"),
        ("relationships", "0009_surveys"),
        ("relationships", "0010_rights"),
        ("relationships", "0011_contact_search"),
        ("relationships", "0012_erasure_runs_and_post_indexes"),
        ("relationships", "0013_survey_letters_by_a_run"),
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
                    name="Contact",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("name", models.CharField(max_length=200)),
                        ("honorific", models.CharField(blank=True, max_length=40)),
                        ("language", models.CharField(blank=True, max_length=35)),
                        (
                            "time_zone",
                            models.CharField(blank=True, max_length=64, validators=[openkam.app.people.terms.check_time_zone]),
                        ),
                        ("sort_name", openkam.app.accounts.models.search_text.SearchText(editable=False)),
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
                        ("archived_at", models.DateTimeField(editable=False, null=True)),
                        (
                            "archived_by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("erased_at", models.DateTimeField(editable=False, null=True)),
                    ],
                    options={
                        "ordering": ["sort_name", "id"],
                        "indexes": [
                            models.Index(fields=["sort_name", "id"], name="relationships_contact_by_name"),
                            models.Index(
                                condition=models.Q(("archived_at__isnull", False)),
                                fields=["id"],
                                name="relationships_contact_archived",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ContactPoint",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "contact",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="points", to="relationships.contact"
                            ),
                        ),
                        ("kind", models.CharField(choices=[("mail", "E-mail"), ("phone", "Phone")], max_length=10)),
                        ("value", models.CharField(max_length=254)),
                        ("label", models.CharField(blank=True, max_length=60)),
                    ],
                    options={
                        "verbose_name": "way to reach a contact",
                        "verbose_name_plural": "ways to reach contacts",
                        "ordering": ["kind", "id"],
                        "constraints": [
                            models.UniqueConstraint(fields=("contact", "kind", "value"), name="relationships_point_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Claim",
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
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.account"
                            ),
                        ),
                        (
                            "contact",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="relationships.contact",
                            ),
                        ),
                        (
                            "topic",
                            models.CharField(
                                choices=[
                                    ("stance", "Stance towards us"),
                                    ("power", "Power over what is bought"),
                                    ("interest", "Interest in what we offer"),
                                    ("access", "Our access"),
                                    ("influence", "Influence"),
                                    ("interests", "Interests and aims"),
                                    ("manner", "Way of deciding"),
                                    ("potential", "Potential"),
                                    ("share_of_wallet", "Share of wallet"),
                                    ("rivals", "Other suppliers"),
                                    ("other", "Other"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("text", models.TextField(max_length=2000)),
                        ("value", models.SmallIntegerField(blank=True, null=True, verbose_name="grade")),
                        ("shelf_life_days", models.PositiveIntegerField(default=180, verbose_name="shelf life (days)")),
                        ("is_private", models.BooleanField(default=False, verbose_name="for manager and team only")),
                        ("withdrawn_at", models.DateTimeField(editable=False, null=True)),
                    ],
                    options={
                        "ordering": ["-as_of_on", "-id"],
                        "abstract": False,
                        "indexes": [models.Index(fields=["account", "-as_of_on", "-id"], name="relationships_claim_latest")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("shelf_life_days__gte", 1)), name="relationships_claim_keeps"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CorrespondenceImport",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("name", models.CharField(max_length=200)),
                        ("stored", models.CharField(blank=True, editable=False, max_length=300)),
                        ("bytes", models.PositiveBigIntegerField(default=0)),
                        ("sha256", models.CharField(blank=True, max_length=64)),
                        ("keeps_subjects", models.BooleanField(default=False, verbose_name="keep the subjects too")),
                        (
                            "begun_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                            ),
                        ),
                        ("begun_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        (
                            "run",
                            models.ForeignKey(
                                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="runs.run"
                            ),
                        ),
                        ("counts", models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                        ("taken_in_at", models.DateTimeField(editable=False, null=True)),
                        ("undone_at", models.DateTimeField(editable=False, null=True)),
                    ],
                    options={
                        "verbose_name": "import of correspondence",
                        "verbose_name_plural": "imports of correspondence",
                        "ordering": ["-id"],
                    },
                ),
                migrations.CreateModel(
                    name="RefusedItem",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "brought_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="refused_items",
                                to="relationships.correspondenceimport",
                            ),
                        ),
                        ("place", models.PositiveBigIntegerField()),
                        ("reason", models.CharField(max_length=100)),
                        ("key", models.CharField(blank=True, max_length=500)),
                        ("found", models.CharField(blank=True, max_length=200)),
                    ],
                    options={
                        "ordering": ["id"],
                    },
                ),
                migrations.CreateModel(
                    name="Interaction",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.account"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("meeting", "Meeting"),
                                    ("call", "Call"),
                                    ("mail", "Mail"),
                                    ("visit", "Visit"),
                                    ("note", "Note"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        ("is_time_known", models.BooleanField(default=True)),
                        (
                            "duration_minutes",
                            models.PositiveIntegerField(blank=True, null=True, verbose_name="duration (minutes)"),
                        ),
                        (
                            "began_by",
                            models.CharField(blank=True, choices=[("ours", "Ours"), ("theirs", "Theirs")], max_length=6),
                        ),
                        ("subject", models.CharField(blank=True, max_length=300)),
                        ("note", models.TextField(blank=True, max_length=10000)),
                        (
                            "our_talk_minutes",
                            models.PositiveIntegerField(blank=True, null=True, verbose_name="we talked (minutes)"),
                        ),
                        (
                            "their_talk_minutes",
                            models.PositiveIntegerField(blank=True, null=True, verbose_name="they talked (minutes)"),
                        ),
                        (
                            "our_agenda_points",
                            models.PositiveIntegerField(blank=True, null=True, verbose_name="our points on the agenda"),
                        ),
                        (
                            "their_agenda_points",
                            models.PositiveIntegerField(blank=True, null=True, verbose_name="their points on the agenda"),
                        ),
                        ("thread_key", models.CharField(blank=True, editable=False, max_length=500)),
                        (
                            "origin",
                            models.CharField(
                                choices=[
                                    ("entered", "Entered by hand"),
                                    ("imported", "Imported from a file"),
                                    ("mailbox", "Read from a mailbox"),
                                ],
                                default="entered",
                                editable=False,
                                max_length=10,
                            ),
                        ),
                        ("external_id", models.CharField(blank=True, editable=False, max_length=500)),
                        (
                            "brought_by",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="interactions",
                                to="relationships.correspondenceimport",
                            ),
                        ),
                        ("is_private", models.BooleanField(default=False, verbose_name="for manager and team only")),
                        ("recorded_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("removed_at", models.DateTimeField(editable=False, null=True)),
                    ],
                    options={
                        "ordering": ["-at", "-id"],
                        "indexes": [models.Index(fields=["account", "-at", "-id"], name="relationships_timeline")],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("external_id", ""), _negated=True),
                                fields=("account", "external_id"),
                                name="relationships_interaction_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Participant",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "interaction",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="participants",
                                to="relationships.interaction",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "contact",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="relationships.contact",
                            ),
                        ),
                        ("address", models.CharField(blank=True, max_length=254)),
                        ("side", models.CharField(choices=[("ours", "Ours"), ("theirs", "Theirs")], max_length=6)),
                        (
                            "part",
                            models.CharField(
                                choices=[("from", "From"), ("to", "To"), ("cc", "Copy"), ("present", "Present")], max_length=7
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["id"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("address", ""), _negated=True),
                                fields=["address"],
                                name="relationships_by_address",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("address", ""), ("contact", None), ("side", "ours"), ("user__isnull", False)),
                                    models.Q(("address", ""), ("contact__isnull", False), ("side", "theirs"), ("user", None)),
                                    models.Q(("contact", None), ("user", None), models.Q(("address", ""), _negated=True)),
                                    _connector="OR",
                                ),
                                name="relationships_participant_is_one",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("user__isnull", False)),
                                fields=("interaction", "user"),
                                name="relationships_user_once",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("contact__isnull", False)),
                                fields=("interaction", "contact"),
                                name="relationships_contact_once",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("address", ""), _negated=True),
                                fields=("interaction", "address"),
                                name="relationships_address_once",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Commitment",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.account"
                            ),
                        ),
                        ("side", models.CharField(choices=[("ours", "Ours"), ("theirs", "Theirs")], max_length=6)),
                        ("text", models.CharField(max_length=500)),
                        (
                            "interaction",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="commitments",
                                to="relationships.interaction",
                            ),
                        ),
                        (
                            "by_user",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "by_contact",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="relationships.contact",
                            ),
                        ),
                        ("promised_on", models.DateField(verbose_name="promised on")),
                        ("due_on", models.DateField(blank=True, null=True, verbose_name="due on")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("open", "Open"),
                                    ("kept", "Kept in time"),
                                    ("kept_late", "Kept late"),
                                    ("broken", "Broken"),
                                    ("withdrawn", "Withdrawn"),
                                ],
                                default="open",
                                max_length=10,
                            ),
                        ),
                        ("closed_on", models.DateField(blank=True, null=True, verbose_name="closed on")),
                        ("reason", models.CharField(blank=True, max_length=500)),
                        ("recorded_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "promise",
                        "ordering": [models.OrderBy(models.F("due_on"), nulls_last=True), models.OrderBy(models.F("id"))],
                        "indexes": [
                            models.Index(fields=["account", "state", "due_on"], name="relationships_promises"),
                            models.Index(
                                condition=models.Q(("state", "open")), fields=["due_on"], name="relationships_promises_due"
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("closed_on", None), ("state", "open")),
                                    models.Q(models.Q(("state", "open"), _negated=True), ("closed_on__isnull", False)),
                                    _connector="OR",
                                ),
                                name="relationships_promise_closes_on_a_day",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("by_contact", None), ("side", "ours")),
                                    models.Q(("by_user", None), ("side", "theirs")),
                                    _connector="OR",
                                ),
                                name="relationships_promise_by_its_side",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("due_on", None), ("due_on__gte", models.F("promised_on")), _connector="OR"),
                                name="relationships_promise_due_after_made",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ExitPlan",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.account"
                            ),
                        ),
                        ("reason", models.TextField(max_length=2000)),
                        (
                            "owner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                            ),
                        ),
                        ("ends_on", models.DateField(verbose_name="ends on")),
                        ("closed_on", models.DateField(editable=False, null=True)),
                        ("drawn_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        (
                            "drawn_by",
                            models.ForeignKey(
                                db_index=False,
                                editable=False,
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
                            models.UniqueConstraint(
                                condition=models.Q(("closed_on", None)), fields=("account",), name="relationships_exit_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ExitValue",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "plan",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="values", to="relationships.exitplan"
                            ),
                        ),
                        ("name", models.CharField(max_length=200, verbose_name="what")),
                        (
                            "expected",
                            models.DecimalField(
                                decimal_places=2,
                                max_digits=18,
                                validators=[django.core.validators.MinValueValidator(0)],
                                verbose_name="worth",
                            ),
                        ),
                        (
                            "currency",
                            models.CharField(
                                max_length=3,
                                validators=[django.core.validators.RegexValidator("^[A-Z]{3}$", "Three letters, as in EUR.")],
                            ),
                        ),
                        (
                            "recovered",
                            models.DecimalField(
                                decimal_places=2,
                                default=0,
                                max_digits=18,
                                validators=[django.core.validators.MinValueValidator(0)],
                                verbose_name="came back",
                            ),
                        ),
                        ("given_up_because", models.CharField(blank=True, max_length=500, verbose_name="given up because")),
                    ],
                    options={
                        "verbose_name": "value to recover",
                        "verbose_name_plural": "values to recover",
                        "ordering": ["id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("expected__gte", 0), ("recovered__gte", 0)),
                                name="relationships_exit_value_positive",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ExitRisk",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "plan",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="risks", to="relationships.exitplan"
                            ),
                        ),
                        ("text", models.CharField(max_length=500, verbose_name="what could go wrong")),
                        (
                            "owner",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("response", models.CharField(blank=True, max_length=500, verbose_name="what is done")),
                    ],
                    options={
                        "verbose_name": "risk of an exit",
                        "verbose_name_plural": "risks of an exit",
                        "ordering": ["id"],
                    },
                ),
                migrations.CreateModel(
                    name="ReportingLine",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.account"
                            ),
                        ),
                        (
                            "contact",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="relationships.contact"
                            ),
                        ),
                        (
                            "superior",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="relationships.contact"
                            ),
                        ),
                        ("from_on", models.DateField(blank=True, null=True, verbose_name="since")),
                        ("until_on", models.DateField(blank=True, null=True, verbose_name="until")),
                    ],
                    options={
                        "ordering": ["id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("until_on", None), ("from_on", None), ("until_on__gte", models.F("from_on")), _connector="OR"
                                ),
                                name="relationships_reports_days",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("contact", models.F("superior")), _negated=True),
                                name="relationships_reports_to_another",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("until_on", None)),
                                fields=("account", "contact"),
                                name="relationships_reports_to_one",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="InfluenceLine",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.account"
                            ),
                        ),
                        (
                            "contact",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="relationships.contact"
                            ),
                        ),
                        (
                            "target",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="relationships.contact"
                            ),
                        ),
                        (
                            "strength",
                            models.PositiveSmallIntegerField(
                                choices=[(1, "Slightly"), (2, "Clearly"), (3, "Strongly")], default=2
                            ),
                        ),
                        ("from_on", models.DateField(blank=True, null=True, verbose_name="since")),
                        ("until_on", models.DateField(blank=True, null=True, verbose_name="until")),
                    ],
                    options={
                        "ordering": ["id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("until_on", None), ("from_on", None), ("until_on__gte", models.F("from_on")), _connector="OR"
                                ),
                                name="relationships_sways_days",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("contact", models.F("target")), _negated=True),
                                name="relationships_sways_another",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("strength__gte", 1), ("strength__lte", 3)),
                                name="relationships_sways_strength",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("until_on", None)),
                                fields=("account", "contact", "target"),
                                name="relationships_sways_once",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LoyaltyEvidence",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.account"
                            ),
                        ),
                        (
                            "contact",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="relationships.contact",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("fit", "It fits us"),
                                    ("attitude", "Somebody's attitude"),
                                    ("recommendation", "A recommendation of us"),
                                    ("contract", "A contract"),
                                    ("plan", "A plan of both sides"),
                                ],
                                max_length=16,
                            ),
                        ),
                        ("on", models.DateField(verbose_name="on")),
                        ("until_on", models.DateField(blank=True, null=True, verbose_name="until")),
                        (
                            "recommends",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                null=True,
                                validators=[django.core.validators.MaxValueValidator(10)],
                                verbose_name="attitude",
                            ),
                        ),
                        (
                            "confirmed_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("confirmed_by_them", models.CharField(blank=True, max_length=200)),
                        ("source", models.CharField(max_length=300)),
                        (
                            "author",
                            models.ForeignKey(
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("recorded_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ("withdrawn_at", models.DateTimeField(editable=False, null=True)),
                    ],
                    options={
                        "verbose_name": "evidence of loyalty",
                        "verbose_name_plural": "evidence of loyalty",
                        "ordering": ["-on", "-id"],
                        "indexes": [models.Index(fields=["account", "kind"], name="relationships_loyalty")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("until_on", None), ("until_on__gte", models.F("on")), _connector="OR"),
                                name="relationships_loyalty_days",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("kind", "attitude"), _negated=True), ("recommends__isnull", False), _connector="OR"
                                ),
                                name="relationships_attitude_scored",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LadderPlace",
                    fields=[
                        (
                            "account",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="+",
                                serialize=False,
                                to="accounts.account",
                            ),
                        ),
                        ("place", models.PositiveSmallIntegerField()),
                        ("reckoned_on", models.DateField()),
                    ],
                    options={
                        "indexes": [models.Index(fields=["place"], name="relationships_ladder_place")],
                    },
                ),
                migrations.CreateModel(
                    name="Mailbox",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "owner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                            ),
                        ),
                        ("host", models.CharField(max_length=253, verbose_name="server")),
                        (
                            "port",
                            models.PositiveIntegerField(
                                default=993,
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(65535),
                                ],
                            ),
                        ),
                        ("user_name", models.CharField(max_length=254, verbose_name="user")),
                        ("sealed_password", models.TextField(editable=False)),
                        ("keeps_subjects", models.BooleanField(default=False, verbose_name="keep the subjects too")),
                        ("connected_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        (
                            "run",
                            models.ForeignKey(
                                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="runs.run"
                            ),
                        ),
                        ("read_at", models.DateTimeField(editable=False, null=True)),
                        ("counts", models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                        ("failure", models.CharField(blank=True, max_length=500)),
                    ],
                    options={
                        "verbose_name_plural": "mailboxes",
                        "ordering": ["user_name", "id"],
                        "constraints": [
                            models.UniqueConstraint(fields=("owner", "host", "user_name"), name="relationships_mailbox_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MailboxFolder",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "mailbox",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="folders", to="relationships.mailbox"
                            ),
                        ),
                        ("name", models.CharField(max_length=500)),
                        ("label", models.CharField(max_length=500)),
                        ("is_chosen", models.BooleanField(default=False)),
                        ("uid_validity", models.PositiveBigIntegerField(editable=False, null=True)),
                        ("last_uid", models.PositiveBigIntegerField(default=0, editable=False)),
                    ],
                    options={
                        "ordering": ["id"],
                        "constraints": [models.UniqueConstraint(fields=("mailbox", "name"), name="relationships_folder_once")],
                    },
                ),
                migrations.CreateModel(
                    name="Mention",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "interaction",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="mentions",
                                to="relationships.interaction",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "contact",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="relationships.contact",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("contact__isnull", False), ("user", None)),
                                    models.Q(("contact", None), ("user__isnull", False)),
                                    _connector="OR",
                                ),
                                name="relationships_mention_is_one",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("user__isnull", False)),
                                fields=("interaction", "user"),
                                name="relationships_user_mentioned_once",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("contact__isnull", False)),
                                fields=("interaction", "contact"),
                                name="relationships_contact_mentioned_once",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PeopleMap",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.account"
                            ),
                        ),
                        ("name", models.CharField(blank=True, max_length=120)),
                        ("category", models.CharField(blank=True, max_length=120, verbose_name="purchase category")),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                        (
                            "created_by",
                            models.ForeignKey(
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["name", "category", "id"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("name", "")),
                                fields=("account", "category"),
                                name="relationships_map_by_itself",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("name", ""), _negated=True),
                                fields=("account", "name"),
                                name="relationships_map_named_once",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MapPlace",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "map",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="relationships.peoplemap"
                            ),
                        ),
                        (
                            "contact",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="relationships.contact"
                            ),
                        ),
                        ("x", models.IntegerField()),
                        ("y", models.IntegerField()),
                    ],
                    options={
                        "constraints": [models.UniqueConstraint(fields=("map", "contact"), name="relationships_place_once")],
                    },
                ),
                migrations.CreateModel(
                    name="Employment",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "contact",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="employments",
                                to="relationships.contact",
                            ),
                        ),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.account"
                            ),
                        ),
                        ("job_title", models.CharField(blank=True, max_length=200)),
                        (
                            "function",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("management", "General management"),
                                    ("purchasing", "Purchasing"),
                                    ("operations", "Operations and logistics"),
                                    ("technology", "Technology and engineering"),
                                    ("quality", "Quality"),
                                    ("finance", "Finance"),
                                    ("marketing", "Marketing and sales"),
                                    ("information", "Information technology"),
                                    ("legal", "Legal and compliance"),
                                    ("other", "Other"),
                                ],
                                max_length=20,
                            ),
                        ),
                        (
                            "level",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                choices=[(1, "Working level"), (2, "Team lead"), (3, "Head of department"), (4, "Executive")],
                                null=True,
                            ),
                        ),
                        ("site", models.CharField(blank=True, max_length=200)),
                        ("from_on", models.DateField(blank=True, null=True, verbose_name="since")),
                        ("until_on", models.DateField(blank=True, null=True, verbose_name="until")),
                    ],
                    options={
                        "verbose_name": "post",
                        "ordering": [
                            models.OrderBy(models.F("until_on"), descending=True, nulls_first=True),
                            models.OrderBy(models.F("from_on"), descending=True, nulls_last=True),
                            models.OrderBy(models.F("id"), descending=True),
                        ],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("until_on", None)),
                                fields=["contact", "account"],
                                name="relationships_posts_held",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("until_on", None), ("from_on", None), ("until_on__gte", models.F("from_on")), _connector="OR"
                                ),
                                name="relationships_post_days",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BuyingRole",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "contact",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="buying_roles",
                                to="relationships.contact",
                            ),
                        ),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.account"
                            ),
                        ),
                        ("category", models.CharField(blank=True, max_length=120, verbose_name="purchase category")),
                        (
                            "role",
                            models.CharField(
                                choices=[
                                    ("initiator", "Initiator"),
                                    ("user", "User"),
                                    ("influencer", "Influencer"),
                                    ("buyer", "Buyer"),
                                    ("approver", "Approver"),
                                    ("decider", "Decider"),
                                    ("gatekeeper", "Gatekeeper"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("from_on", models.DateField(verbose_name="since")),
                        ("until_on", models.DateField(blank=True, null=True, verbose_name="until")),
                    ],
                    options={
                        "verbose_name": "buying role",
                        "ordering": ["category", "role", "id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("until_on", None), ("until_on__gte", models.F("from_on")), _connector="OR"),
                                name="relationships_role_days",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("until_on", None)),
                                fields=("contact", "account", "category", "role"),
                                name="relationships_role_once",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ContactProposal",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.account"
                            ),
                        ),
                        ("address", models.CharField(max_length=254)),
                        ("name", models.CharField(blank=True, max_length=200)),
                        (
                            "state",
                            models.CharField(
                                choices=[("open", "Open"), ("accepted", "Accepted"), ("ignored", "Ignored")],
                                default="open",
                                max_length=10,
                            ),
                        ),
                        (
                            "contact",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="relationships.contact",
                            ),
                        ),
                        ("proposed_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ("decided_at", models.DateTimeField(editable=False, null=True)),
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
                        "verbose_name": "proposed contact",
                        "ordering": ["account_id", "address"],
                        "constraints": [
                            models.UniqueConstraint(fields=("account", "address"), name="relationships_proposal_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Erasure",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "contact",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT, related_name="erasure", to="relationships.contact"
                            ),
                        ),
                        ("name_digest", models.CharField(max_length=64)),
                        ("reason", models.CharField(max_length=500)),
                        ("counts", models.JSONField(default=dict)),
                        ("sealed_words", models.TextField(blank=True, editable=False)),
                        (
                            "run",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="runs.run",
                            ),
                        ),
                        ("erased_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
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
                        (
                            "erasure",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="addresses",
                                to="relationships.erasure",
                            ),
                        ),
                        ("digest", models.CharField(max_length=64, unique=True)),
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
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(600),
                                ],
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
                        (
                            "contact",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="relationships.contact",
                            ),
                        ),
                        (
                            "account",
                            models.ForeignKey(
                                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.account"
                            ),
                        ),
                        ("due_since_on", models.DateField()),
                        ("count", models.PositiveIntegerField()),
                        (
                            "state",
                            models.CharField(
                                choices=[("open", "To decide"), ("kept", "Kept"), ("erased", "Erased")],
                                default="open",
                                max_length=10,
                            ),
                        ),
                        ("kept_until_on", models.DateField(null=True)),
                        ("reason", models.CharField(blank=True, max_length=500)),
                        ("listed_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ("decided_at", models.DateTimeField(editable=False, null=True)),
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
                migrations.CreateModel(
                    name="StageEvidence",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.account"
                            ),
                        ),
                        ("criterion", models.CharField(max_length=40)),
                        ("on", models.DateField(verbose_name="shown on")),
                        ("source", models.CharField(max_length=300)),
                        ("holds", models.BooleanField(default=True, verbose_name="speaks for it")),
                        ("is_claim", models.BooleanField(default=False, verbose_name="only a claim")),
                        ("expires_on", models.DateField(blank=True, null=True, verbose_name="counts until")),
                        ("is_measured", models.BooleanField(default=False, editable=False)),
                        (
                            "author",
                            models.ForeignKey(
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("recorded_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ("withdrawn_at", models.DateTimeField(editable=False, null=True)),
                    ],
                    options={
                        "verbose_name": "stage evidence",
                        "verbose_name_plural": "stage evidence",
                        "ordering": ["-on", "-id"],
                        "indexes": [models.Index(fields=["account", "criterion", "-on"], name="relationships_evidence")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("expires_on", None), ("expires_on__gte", models.F("on")), _connector="OR"),
                                name="relationships_evidence_expires_after",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StageChange",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.account"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("promotion", "Promoted"),
                                    ("demotion", "Demoted"),
                                    ("uncoupling", "Uncoupling"),
                                    ("return", "Returned"),
                                ],
                                max_length=10,
                            ),
                        ),
                        (
                            "from_stage",
                            models.CharField(
                                choices=[
                                    ("pre", "Pre"),
                                    ("early", "Early"),
                                    ("mid", "Mid"),
                                    ("partnership", "Partnership"),
                                    ("synergistic", "Synergistic"),
                                    ("uncoupling", "Uncoupling"),
                                ],
                                max_length=12,
                                verbose_name="from",
                            ),
                        ),
                        (
                            "to_stage",
                            models.CharField(
                                choices=[
                                    ("pre", "Pre"),
                                    ("early", "Early"),
                                    ("mid", "Mid"),
                                    ("partnership", "Partnership"),
                                    ("synergistic", "Synergistic"),
                                    ("uncoupling", "Uncoupling"),
                                ],
                                max_length=12,
                                verbose_name="to",
                            ),
                        ),
                        (
                            "decided_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                            ),
                        ),
                        ("decided_on", models.DateField()),
                        ("reason", models.TextField(max_length=2000)),
                        ("evidence", models.JSONField(default=list)),
                        ("recorded_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                    ],
                    options={
                        "ordering": ["-id"],
                        "indexes": [models.Index(fields=["account", "-id"], name="relationships_stage_latest")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("from_stage", models.F("to_stage")), _negated=True),
                                name="relationships_stage_moves",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("reason", ""), _negated=True), name="relationships_stage_has_reason"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Survey",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.account"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("trust", "Trust and commitment"),
                                    ("nps", "Would they recommend us (NPS)"),
                                    ("csat", "How satisfied they are (CSAT)"),
                                    ("ces", "How easy we make it (CES)"),
                                    ("perception", "How both sides see the same topics"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("topics", models.JSONField(blank=True, default=list)),
                        ("is_anonymous", models.BooleanField(default=False, verbose_name="answers without names")),
                        ("closes_on", models.DateField(verbose_name="closes on")),
                        ("site_address", models.CharField(editable=False, max_length=200)),
                        ("opened_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        (
                            "opened_by",
                            models.ForeignKey(
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "run",
                            models.ForeignKey(
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="runs.run",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-opened_at", "-id"],
                        "indexes": [models.Index(fields=["account", "kind"], name="relationships_surveys")],
                    },
                ),
                migrations.CreateModel(
                    name="Invitation",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "survey",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="invitations", to="relationships.survey"
                            ),
                        ),
                        (
                            "contact",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="relationships.contact",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("address", models.CharField(max_length=254)),
                        ("language", models.CharField(max_length=5)),
                        (
                            "nonce",
                            models.CharField(
                                default=openkam.app.relationships.models.survey.new_nonce, editable=False, max_length=22
                            ),
                        ),
                        ("token_digest", models.CharField(blank=True, db_index=True, editable=False, max_length=64)),
                        ("sent_at", models.DateTimeField(null=True)),
                        ("reminded_at", models.DateTimeField(null=True)),
                        ("failure", models.CharField(blank=True, max_length=300)),
                        ("is_refused", models.BooleanField(default=False)),
                        ("used_on", models.DateField(null=True)),
                    ],
                    options={
                        "ordering": ["id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("contact__isnull", False), ("user", None)),
                                    models.Q(("contact", None), ("user__isnull", False)),
                                    _connector="OR",
                                ),
                                name="relationships_invitation_of_one",
                            ),
                            models.UniqueConstraint(fields=("survey", "contact"), name="relationships_contact_asked_once"),
                            models.UniqueConstraint(fields=("survey", "user"), name="relationships_user_asked_once"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Response",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "survey",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="responses", to="relationships.survey"
                            ),
                        ),
                        (
                            "invitation",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="response",
                                to="relationships.invitation",
                            ),
                        ),
                        ("viewer", models.CharField(max_length=10)),
                        ("answered_on", models.DateField()),
                        ("comment", models.TextField(blank=True, max_length=2000)),
                    ],
                    options={
                        "ordering": ["id"],
                    },
                ),
                migrations.CreateModel(
                    name="Answer",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "response",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="answers", to="relationships.response"
                            ),
                        ),
                        ("question", models.CharField(max_length=80)),
                        ("value", models.PositiveSmallIntegerField()),
                    ],
                    options={
                        "ordering": ["id"],
                        "constraints": [
                            models.UniqueConstraint(fields=("response", "question"), name="relationships_answer_once")
                        ],
                    },
                ),
            ],
        ),
        migrations.RunPython(_guards.forward, _guards.backward),
        migrations.RunPython(_search.forward, _search.backward),
    ]
