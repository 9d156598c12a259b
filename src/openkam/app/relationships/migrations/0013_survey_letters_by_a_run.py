"""A survey knows the run that sends its letters, and which of them were refused for good."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("relationships", "0012_erasure_runs_and_post_indexes"),
        ("runs", "0002_worker_and_schedules"),
    ]

    operations = [
        migrations.AddField(
            model_name="invitation",
            name="is_refused",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="survey",
            name="run",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="runs.run",
            ),
        ),
    ]
