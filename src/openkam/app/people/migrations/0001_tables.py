"""Users, teams, the organisation and links that sign in once.

Replaces every step up to it: a workspace that has taken all of them has taken this one.
"""

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import openkam.app.people.terms
from openkam.app.people.migrations._tables import Tables


class Migration(migrations.Migration):
    replaces = [
        ("people", "0001_initial"),
        ("people", "0002_sign_in_link"),
        ("people", "0003_organisation"),
        ("people", "0004_level_and_function"),
    ]

    initial = True

    dependencies = []

    operations = [
        Tables(
            [
                migrations.CreateModel(
                    name="User",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("password", models.CharField(max_length=128, verbose_name="password")),
                        ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                        (
                            "email",
                            models.EmailField(
                                error_messages={"unique": "Somebody has this address already."},
                                max_length=254,
                                unique=True,
                                verbose_name="e-mail address",
                            ),
                        ),
                        ("name", models.CharField(max_length=150)),
                        (
                            "role",
                            models.CharField(
                                choices=[
                                    ("administrator", "Administrator"),
                                    ("head", "Head of key accounts"),
                                    ("manager", "Key account manager"),
                                    ("analyst", "Analyst"),
                                    ("team_member", "Account team member"),
                                    ("read_only", "Read only"),
                                ],
                                default="read_only",
                                max_length=20,
                            ),
                        ),
                        (
                            "scope",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("own", "Own and shared with me"),
                                    ("team", "My teams"),
                                    ("subtree", "Everybody who reports to me"),
                                    ("all", "All"),
                                ],
                                max_length=10,
                            ),
                        ),
                        (
                            "reports_to",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
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
                            "hours_per_year",
                            models.PositiveIntegerField(
                                default=0,
                                validators=[django.core.validators.MinValueValidator(0)],
                                verbose_name="hours a year for key accounts",
                            ),
                        ),
                        (
                            "time_zone",
                            models.CharField(blank=True, max_length=64, validators=[openkam.app.people.terms.check_time_zone]),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="may sign in")),
                        ("joined_at", models.DateTimeField(auto_now_add=True)),
                    ],
                    options={
                        "ordering": ["name", "email"],
                        "constraints": [
                            models.UniqueConstraint(
                                django.db.models.functions.text.Lower("email"),
                                name="people_user_email_once",
                                violation_error_message="Somebody has this address already.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("reports_to", models.F("id")), _negated=True),
                                name="people_user_not_own_manager",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Organisation",
                    fields=[
                        ("id", models.PositiveSmallIntegerField(default=1, editable=False, primary_key=True, serialize=False)),
                        ("name", models.CharField(max_length=150)),
                        ("legal_name", models.CharField(blank=True, max_length=300)),
                        (
                            "country",
                            models.CharField(
                                blank=True,
                                max_length=2,
                                validators=[django.core.validators.RegexValidator("\\A[A-Z]{2}\\Z", "Two capitals, such as DE.")],
                            ),
                        ),
                        (
                            "currency",
                            models.CharField(
                                max_length=3,
                                validators=[
                                    django.core.validators.RegexValidator("\\A[A-Z]{3}\\Z", "Three capitals, such as EUR.")
                                ],
                                verbose_name="reporting currency",
                            ),
                        ),
                        (
                            "fiscal_year_start_month",
                            models.PositiveSmallIntegerField(
                                choices=[
                                    (1, "January"),
                                    (2, "February"),
                                    (3, "March"),
                                    (4, "April"),
                                    (5, "May"),
                                    (6, "June"),
                                    (7, "July"),
                                    (8, "August"),
                                    (9, "September"),
                                    (10, "October"),
                                    (11, "November"),
                                    (12, "December"),
                                ],
                                default=1,
                            ),
                        ),
                        (
                            "fiscal_year_start_day",
                            models.PositiveSmallIntegerField(
                                default=1,
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(31),
                                ],
                            ),
                        ),
                        (
                            "week_start",
                            models.PositiveSmallIntegerField(choices=[(0, "Monday"), (5, "Saturday"), (6, "Sunday")], default=0),
                        ),
                        (
                            "time_zone",
                            models.CharField(blank=True, max_length=64, validators=[openkam.app.people.terms.check_time_zone]),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(condition=models.Q(("id", 1)), name="people_one_organisation"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("fiscal_year_start_day__range", (1, 31)), ("fiscal_year_start_month__range", (1, 12))
                                ),
                                name="people_organisation_fiscal_start",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Team",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "name",
                            models.CharField(
                                error_messages={"unique": "There is a team of this name already."}, max_length=150, unique=True
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["name"],
                    },
                ),
                migrations.CreateModel(
                    name="Membership",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "team",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="memberships", to="people.team"
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="memberships",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("is_lead", models.BooleanField(default=False, verbose_name="leads the team")),
                    ],
                    options={
                        "constraints": [models.UniqueConstraint(fields=("team", "user"), name="people_membership_once")],
                    },
                ),
                migrations.CreateModel(
                    name="SignInLink",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                            ),
                        ),
                        ("digest", models.CharField(max_length=64, unique=True)),
                        ("made_at", models.DateTimeField(auto_now_add=True)),
                        ("expires_at", models.DateTimeField()),
                        ("used_at", models.DateTimeField(null=True)),
                    ],
                ),
                migrations.AddField(
                    model_name="team",
                    name="members",
                    field=models.ManyToManyField(related_name="+", through="people.Membership", to=settings.AUTH_USER_MODEL),
                ),
            ],
        ),
    ]
