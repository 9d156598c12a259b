"""Hangs adopted accounts below each other as their ledgers do."""

from collections.abc import Iterator, Mapping, Sequence

from openkam.app.accounts.models import Account, Descent
from openkam.app.accounts.operations.ledger_customers import LedgerCustomer, first_word
from openkam.app.accounts.terms.account import LEVELS_AT_MOST
from openkam.app.audit.operations import insert_rows


class Lines:
    """The parents of accounts that are being made, and the lines of descent that follow.

    `new` are the ledger accounts to make, `owners` the keys of the accounts that others have already. A ring among the ledger's
    parents, or a line deeper than allowed, is cut where it is met, with a note.
    """

    def __init__(self, new: Mapping[str, Sequence[LedgerCustomer]], owners: Mapping[str, int]) -> None:
        self.notes: list[str] = []
        self._owners = dict(owners)
        self._parents = {name: first_word(group, "parent_account") for name, group in new.items()}
        for name, parent in self._parents.items():
            if parent == name or (parent not in new and parent not in owners):
                self._parents[name] = ""
        self._above: dict[int, list[tuple[int, int]]] = {}
        self._read_above({owners[parent] for parent in self._parents.values() if parent in owners})

    def levels(self) -> Iterator[list[str]]:
        """The new accounts, one level at a time, so that a parent is made before its children."""
        levels = self._level_of_each()
        for level in sorted(set(levels.values())):
            yield [name for name in levels if levels[name] == level]

    def parent_of(self, name: str) -> int | None:
        """The key of the account's parent, which an earlier level has made."""
        parent = self._parents[name]
        return self._owners[parent] if parent else None

    def place(self, made: Mapping[str, Account]) -> None:
        """Note where accounts that were just made stand."""
        for name, account in made.items():
            self._owners[name] = account.pk
            parent = account.parent_id
            self._above[account.pk] = [] if parent is None else [(parent, 1), *((key, up + 1) for key, up in self._above[parent])]

    def store(self, created: Mapping[str, Account]) -> None:
        """Write the lines of descent of all accounts made."""
        lines = [
            (ancestor, account.pk, up)
            for account in created.values()
            for ancestor, up in [(account.pk, 0), *self._above[account.pk]]
        ]
        insert_rows(Descent, ("ancestor", "descendant", "levels"), lines)

    def _read_above(self, keys: set[int]) -> None:
        self._above = {key: [] for key in keys}
        found = Descent.objects.filter(descendant__in=keys, levels__gt=0).values_list("descendant", "ancestor", "levels")
        for descendant, ancestor, levels in found:
            self._above[descendant].append((ancestor, levels))

    def _level_of_each(self) -> dict[str, int]:
        levels: dict[str, int] = {}
        for name in self._parents:
            line: list[str] = []
            upward = name
            while upward in self._parents and upward not in levels:
                if upward in line:
                    self._cut(line[-1], "the ledger's parents run in a ring")
                    break
                line.append(upward)
                upward = self._parents[upward]
            for child in reversed(line):
                levels[child] = self._level(child, levels)
        return levels

    def _level(self, name: str, levels: Mapping[str, int]) -> int:
        parent = self._parents[name]
        if not parent:
            return 0
        level = levels[parent] + 1 if parent in levels else len(self._above[self._owners[parent]]) + 1
        if level >= LEVELS_AT_MOST:
            self._cut(name, f"the ledger hangs it more than {LEVELS_AT_MOST} levels deep")
            return 0
        return level

    def _cut(self, name: str, why: str) -> None:
        self._parents[name] = ""
        self.notes.append(f"{name} has no parent: {why}.")
