"""When the holder of a post last had contact with us, beside the post, so that the list of all contacts sorts by an index."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.db.models import F, Max, OuterRef, Q, Subquery
from django.db.models.expressions import ExpressionWrapper


def reckon(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    parts = apps.get_model("relationships", "Participant").objects.filter(
        contact=OuterRef("contact"), interaction__account=OuterRef("account"), interaction__removed_at=None
    )
    told = parts.exclude(interaction__kind="note").order_by()
    latest, latest_open = (
        Subquery(some.values("contact").annotate(last=Max("interaction__at")).values("last"))
        for some in (told, told.filter(interaction__is_private=False))
    )
    apps.get_model("relationships", "Employment").objects.order_by().update(
        last_contact_at=latest, last_open_contact_at=latest_open
    )


def untouched_last() -> "ExpressionWrapper[Q]":
    return ExpressionWrapper(Q(last_open_contact_at=None), output_field=models.BooleanField())


class Migration(migrations.Migration):
    dependencies = [
        ("relationships", "0001_tables"),
    ]

    operations = [
        migrations.AddField("employment", "last_contact_at", models.DateTimeField(editable=False, null=True)),
        migrations.AddField("employment", "last_open_contact_at", models.DateTimeField(editable=False, null=True)),
        migrations.RunPython(reckon, migrations.RunPython.noop),
        migrations.AddIndex(
            "employment",
            models.Index(
                untouched_last(),
                F("last_open_contact_at").desc(),
                condition=Q(until_on=None),
                name="relationships_latest_contact",
            ),
        ),
        migrations.AddIndex(
            "employment",
            models.Index(
                untouched_last(),
                F("last_open_contact_at").asc(),
                condition=Q(until_on=None),
                name="relationships_oldest_contact",
            ),
        ),
    ]
