"""Stages of relations: evidence, decisions that the database refuses to change, and exits."""

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

REFUSAL = "Decisions about stages are append-only"
TABLE = "relationships_stagechange"


def forward(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "sqlite":
        refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        schema_editor.execute(f"CREATE TRIGGER {TABLE}_no_update BEFORE UPDATE ON {TABLE} {refuse}")
        schema_editor.execute(f"CREATE TRIGGER {TABLE}_no_delete BEFORE DELETE ON {TABLE} {refuse}")
        # INSERT OR REPLACE removes the old row without asking the trigger above.
        schema_editor.execute(
            f"CREATE TRIGGER {TABLE}_no_replace BEFORE INSERT ON {TABLE} "
            f"WHEN EXISTS (SELECT 1 FROM {TABLE} WHERE id = NEW.id) {refuse}"
        )
        return
    schema_editor.execute(
        f"CREATE FUNCTION {TABLE}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    schema_editor.execute(
        f"CREATE TRIGGER {TABLE}_no_change BEFORE UPDATE OR DELETE ON {TABLE} FOR EACH ROW EXECUTE FUNCTION {TABLE}_refuse()"
    )
    schema_editor.execute(
        f"CREATE TRIGGER {TABLE}_no_truncate BEFORE TRUNCATE ON {TABLE} FOR EACH STATEMENT EXECUTE FUNCTION {TABLE}_refuse()"
    )


def backward(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "sqlite":
        for act in ("update", "delete", "replace"):
            schema_editor.execute(f"DROP TRIGGER {TABLE}_no_{act}")
        return
    for act in ("change", "truncate"):
        schema_editor.execute(f"DROP TRIGGER {TABLE}_no_{act} ON {TABLE}")
    schema_editor.execute(f"DROP FUNCTION {TABLE}_refuse()")


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_kind_and_manager"),
        ("relationships", "0007_mailbox"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ExitPlan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.TextField(max_length=2000)),
                ("ends_on", models.DateField(verbose_name="ends on")),
                ("closed_on", models.DateField(editable=False, null=True)),
                ("drawn_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "account",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.account"),
                ),
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
                (
                    "owner",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="ExitRisk",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.CharField(max_length=500, verbose_name="what could go wrong")),
                ("response", models.CharField(blank=True, max_length=500, verbose_name="what is done")),
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
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="risks", to="relationships.exitplan"
                    ),
                ),
            ],
            options={
                "verbose_name": "risk of an exit",
                "verbose_name_plural": "risks of an exit",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="ExitValue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="values", to="relationships.exitplan"
                    ),
                ),
            ],
            options={
                "verbose_name": "value to recover",
                "verbose_name_plural": "values to recover",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="StageChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                ("decided_on", models.DateField()),
                ("reason", models.TextField(max_length=2000)),
                ("evidence", models.JSONField(default=list)),
                ("recorded_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "account",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.account"),
                ),
                (
                    "decided_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="StageEvidence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("criterion", models.CharField(max_length=40)),
                ("on", models.DateField(verbose_name="shown on")),
                ("source", models.CharField(max_length=300)),
                ("holds", models.BooleanField(default=True, verbose_name="speaks for it")),
                ("is_claim", models.BooleanField(default=False, verbose_name="only a claim")),
                ("expires_on", models.DateField(blank=True, null=True, verbose_name="counts until")),
                ("is_measured", models.BooleanField(default=False, editable=False)),
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
            ],
            options={
                "verbose_name": "stage evidence",
                "verbose_name_plural": "stage evidence",
                "ordering": ["-on", "-id"],
            },
        ),
        migrations.AddConstraint(
            model_name="exitplan",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_on", None)), fields=("account",), name="relationships_exit_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="exitvalue",
            constraint=models.CheckConstraint(
                condition=models.Q(("expected__gte", 0), ("recovered__gte", 0)), name="relationships_exit_value_positive"
            ),
        ),
        migrations.AddIndex(
            model_name="stagechange",
            index=models.Index(fields=["account", "-id"], name="relationships_stage_latest"),
        ),
        migrations.AddConstraint(
            model_name="stagechange",
            constraint=models.CheckConstraint(
                condition=models.Q(("from_stage", models.F("to_stage")), _negated=True), name="relationships_stage_moves"
            ),
        ),
        migrations.AddConstraint(
            model_name="stagechange",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="relationships_stage_has_reason"
            ),
        ),
        migrations.AddIndex(
            model_name="stageevidence",
            index=models.Index(fields=["account", "criterion", "-on"], name="relationships_evidence"),
        ),
        migrations.AddConstraint(
            model_name="stageevidence",
            constraint=models.CheckConstraint(
                condition=models.Q(("expires_on", None), ("expires_on__gte", models.F("on")), _connector="OR"),
                name="relationships_evidence_expires_after",
            ),
        ),
        migrations.RunPython(forward, backward),
    ]
