"""The level and the function of our own people, for the maps of whom they know."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0003_organisation"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="function",
            field=models.CharField(
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
        migrations.AddField(
            model_name="user",
            name="level",
            field=models.PositiveSmallIntegerField(
                blank=True,
                choices=[(1, "Working level"), (2, "Team lead"), (3, "Head of department"), (4, "Executive")],
                null=True,
            ),
        ),
    ]
