"""An erasure in a large workspace is finished by a run; the plain list of contacts is counted by indexes."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_kind_and_manager"),
        ("relationships", "0011_contact_search"),
        ("runs", "0002_worker_and_schedules"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="erasure",
            name="run",
            field=models.ForeignKey(
                editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="runs.run"
            ),
        ),
        migrations.AddField(
            model_name="erasure",
            name="sealed_words",
            field=models.TextField(blank=True, editable=False),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(
                condition=models.Q(("archived_at__isnull", False)), fields=["id"], name="relationships_contact_archived"
            ),
        ),
        migrations.AddIndex(
            model_name="employment",
            index=models.Index(
                condition=models.Q(("until_on", None)), fields=["contact", "account"], name="relationships_posts_held"
            ),
        ),
    ]
