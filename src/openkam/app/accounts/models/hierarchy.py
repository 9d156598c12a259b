"""Who stands above whom, in one table that answers "with everything below" in one query."""

from typing import ClassVar

from django.db import models

from openkam.app.accounts.models.account import Account


class Descent(models.Model):
    """`descendant` hangs `levels` below `ancestor`; every account is its own ancestor at 0 levels."""

    ancestor_id: int
    descendant_id: int

    ancestor = models.ForeignKey(Account, models.CASCADE, related_name="+", db_index=False)
    descendant = models.ForeignKey(Account, models.CASCADE, related_name="+", db_index=False)
    levels = models.PositiveSmallIntegerField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["ancestor", "descendant"], name="accounts_descent_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["descendant", "ancestor", "levels"], name="accounts_descent_upward"),
        ]

    def __str__(self) -> str:
        return f"{self.descendant_id} is {self.levels} below {self.ancestor_id}"
