"""Let an erasure take a person's words out of closed rounds: workspaces that took the first step before have guards that refuse it."""

from typing import ClassVar

from django.db import migrations

from openkam.app.selection.migrations import _guards


class Migration(migrations.Migration):
    dependencies: ClassVar = [("selection", "0001_tables"), ("audit", "0001_tables")]
    operations: ClassVar = [migrations.RunPython(_guards.renewed, migrations.RunPython.noop)]
