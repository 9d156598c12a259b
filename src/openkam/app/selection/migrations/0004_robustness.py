"""What other weightings choose; closed rounds keep it as it is."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

REFUSAL = "The round is closed and cannot change"
CLOSED = {
    "selection_robustness": (
        "EXISTS (SELECT 1 FROM selection_scenario s JOIN selection_round r ON r.id = s.round_id "
        "WHERE s.id = {row}.scenario_id AND r.status = 'closed')"
    ),
    "selection_candidateshare": (
        "EXISTS (SELECT 1 FROM selection_robustness b JOIN selection_scenario s ON s.id = b.scenario_id "
        "JOIN selection_round r ON r.id = s.round_id WHERE b.id = {row}.robustness_id AND r.status = 'closed')"
    ),
}
ROWS_OF_ACT = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}


def refused(table: str, act: str) -> str:
    """When an act on a row is refused."""
    return " OR ".join(CLOSED[table].format(row=row) for row in ROWS_OF_ACT[act])


def sqlite_statements(table: str) -> list[str]:
    found = [
        f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} WHEN {refused(table, act)} "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        for act in ROWS_OF_ACT
    ]
    # INSERT OR REPLACE removes old rows without asking the trigger on DELETE.
    replaced = f"EXISTS (SELECT 1 FROM {table} o WHERE o.id = NEW.id AND {CLOSED[table].format(row='o')})"
    return [
        *found,
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {replaced} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
    ]


def postgresql_statements(table: str) -> list[str]:
    refuse = f"RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'"
    branches = "".join(f"IF TG_OP = '{act}' THEN IF {refused(table, act)} THEN {refuse}; END IF; END IF; " for act in ROWS_OF_ACT)
    return [
        (
            f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {branches} IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
        ),
        (
            f"CREATE TRIGGER {table}_closed BEFORE INSERT OR UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {table}_refuse()"
        ),
        (
            f"CREATE FUNCTION {table}_refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN IF EXISTS (SELECT 1 FROM selection_round WHERE status = 'closed') THEN {refuse}; END IF; RETURN NULL; END $$"
        ),
        (
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse_truncate()"
        ),
    ]


def forward(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    statements = {"sqlite": sqlite_statements, "postgresql": postgresql_statements}[schema_editor.connection.vendor]
    for table in CLOSED:
        for statement in statements(table):
            schema_editor.execute(statement)


def backward(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for table in CLOSED:
        if schema_editor.connection.vendor == "sqlite":
            for act in (*ROWS_OF_ACT, "REPLACE"):
                schema_editor.execute(f"DROP TRIGGER {table}_no_{act.lower()}")
            continue
        schema_editor.execute(f"DROP TRIGGER {table}_closed ON {table}")
        schema_editor.execute(f"DROP TRIGGER {table}_no_truncate ON {table}")
        schema_editor.execute(f"DROP FUNCTION {table}_refuse()")
        schema_editor.execute(f"DROP FUNCTION {table}_refuse_truncate()")


class Migration(migrations.Migration):
    dependencies = [
        ("runs", "0002_worker_and_schedules"),
        ("selection", "0003_rating_scales"),
    ]

    operations = [
        migrations.AddField(
            model_name="scenario",
            name="robustness_run",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="runs.run"),
        ),
        migrations.CreateModel(
            name="Robustness",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "weightings",
                    models.CharField(
                        choices=[("in order", "That keep the order of the criteria"), ("any", "Any at all")], max_length=10
                    ),
                ),
                ("draw_count", models.PositiveIntegerField()),
                ("unproven_count", models.PositiveIntegerField()),
                ("same_share", models.FloatField()),
                ("overlap", models.FloatField()),
                ("mean_weights", models.JSONField()),
                ("made_at", models.DateTimeField()),
                (
                    "scenario",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="robustness", to="selection.scenario"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("scenario", "weightings"), name="selection_robustness_once")],
            },
        ),
        migrations.CreateModel(
            name="CandidateShare",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("share", models.FloatField()),
                ("lower", models.FloatField()),
                ("upper", models.FloatField()),
                ("central_weights", models.JSONField()),
                (
                    "candidate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.DO_NOTHING, related_name="shares", to="selection.candidate"
                    ),
                ),
                (
                    "robustness",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="shares", to="selection.robustness"
                    ),
                ),
            ],
            options={
                "ordering": ["-share", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("robustness", "candidate"), name="selection_candidate_share_once")
                ],
            },
        ),
        migrations.RunPython(forward, backward),
    ]
