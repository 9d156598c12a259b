"""The audit, which the database itself keeps append-only.

Replaces every step up to it: a workspace that has taken all of them has taken this one.
"""

import django.core.serializers.json
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from openkam.app.audit.migrations import _guards
from openkam.app.people.migrations._tables import Tables


class Migration(migrations.Migration):
    replaces = [("audit", "0001_initial"), ("audit", "0002_append_only"), ("audit", "0003_lawful_erasure")]

    initial = True

    dependencies = [
        ("people", "0001_tables"),
    ]

    operations = [
        Tables(
            [
                migrations.CreateModel(
                    name="Entry",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("at", models.DateTimeField(auto_now_add=True)),
                        (
                            "actor",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("actor_name", models.CharField(max_length=150)),
                        ("verb", models.CharField(max_length=60)),
                        ("record_type", models.CharField(max_length=100)),
                        ("record_key", models.CharField(max_length=64)),
                        ("record_name", models.CharField(max_length=300)),
                        ("before", models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                        ("after", models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                        ("reason", models.TextField(blank=True)),
                        ("request_id", models.CharField(blank=True, max_length=64)),
                        (
                            "erased_by",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="audit.entry",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "entries",
                        "ordering": ["-id"],
                        "indexes": [
                            models.Index(fields=["record_type", "record_key", "-id"], name="audit_entry_record"),
                            models.Index(fields=["actor", "-id"], name="audit_entry_actor"),
                            models.Index(fields=["at"], name="audit_entry_at"),
                        ],
                    },
                ),
            ],
        ),
        migrations.RunPython(_guards.forward, _guards.backward),
    ]
