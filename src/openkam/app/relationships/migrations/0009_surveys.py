"""Surveys by link, and what speaks for the ladder of loyalty."""

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import openkam.app.relationships.models.survey


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_kind_and_manager"),
        ("relationships", "0008_stages"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("address", models.CharField(max_length=254)),
                ("language", models.CharField(max_length=5)),
                (
                    "nonce",
                    models.CharField(default=openkam.app.relationships.models.survey.new_nonce, editable=False, max_length=22),
                ),
                ("token_digest", models.CharField(blank=True, db_index=True, editable=False, max_length=64)),
                ("sent_at", models.DateTimeField(null=True)),
                ("reminded_at", models.DateTimeField(null=True)),
                ("failure", models.CharField(blank=True, max_length=300)),
                ("used_on", models.DateField(null=True)),
                (
                    "contact",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="relationships.contact"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Survey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                    "account",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.account"),
                ),
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
            ],
            options={
                "ordering": ["-opened_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Response",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("viewer", models.CharField(max_length=10)),
                ("answered_on", models.DateField()),
                ("comment", models.TextField(blank=True, max_length=2000)),
                (
                    "invitation",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="response",
                        to="relationships.invitation",
                    ),
                ),
                (
                    "survey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="responses", to="relationships.survey"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.AddField(
            model_name="invitation",
            name="survey",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="invitations", to="relationships.survey"
            ),
        ),
        migrations.CreateModel(
            name="LoyaltyEvidence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                        blank=True, null=True, validators=[django.core.validators.MaxValueValidator(10)], verbose_name="attitude"
                    ),
                ),
                ("confirmed_by_them", models.CharField(blank=True, max_length=200)),
                ("source", models.CharField(max_length=300)),
                ("recorded_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("withdrawn_at", models.DateTimeField(editable=False, null=True)),
                (
                    "account",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.account"),
                ),
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
            name="Answer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("question", models.CharField(max_length=80)),
                ("value", models.PositiveSmallIntegerField()),
                (
                    "response",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="answers", to="relationships.response"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [models.UniqueConstraint(fields=("response", "question"), name="relationships_answer_once")],
            },
        ),
        migrations.AddIndex(
            model_name="survey",
            index=models.Index(fields=["account", "kind"], name="relationships_surveys"),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("contact__isnull", False), ("user", None)),
                    models.Q(("contact", None), ("user__isnull", False)),
                    _connector="OR",
                ),
                name="relationships_invitation_of_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.UniqueConstraint(fields=("survey", "contact"), name="relationships_contact_asked_once"),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.UniqueConstraint(fields=("survey", "user"), name="relationships_user_asked_once"),
        ),
    ]
