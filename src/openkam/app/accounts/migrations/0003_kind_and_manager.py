"""Index kind and manager: home counts all accounts by both."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("accounts", "0002_search"),)
    operations = (
        migrations.AddIndex(
            model_name="account",
            index=models.Index(
                condition=models.Q(("deleted_at", None)), fields=["kind", "manager"], name="accounts_by_kind_and_manager"
            ),
        ),
    )
