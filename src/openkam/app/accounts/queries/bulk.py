"""What a change of many accounts will do, before it is done."""

from dataclasses import dataclass, field

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from openkam.app.accounts.models import Account, Tag
from openkam.app.accounts.terms.account import Kind
from openkam.app.people.models import Team, User


@dataclass(frozen=True, slots=True)
class BulkChange:
    """One change for many accounts; what is not named stays. `set_manager` with `manager=None` takes the manager away."""

    kind: Kind | None = None
    set_manager: bool = False
    manager: User | None = None
    set_team: bool = False
    team: Team | None = None
    add_tags: tuple[Tag, ...] = field(default=())
    remove_tags: tuple[Tag, ...] = field(default=())
    delete: bool = False

    def columns(self) -> dict[str, object]:
        """The account's own columns with their new values."""
        columns: dict[str, object] = {}
        if self.kind is not None:
            columns["kind"] = self.kind.value
        if self.set_manager:
            columns["manager_id"] = self.manager.pk if self.manager else None
        if self.set_team:
            columns["team_id"] = self.team.pk if self.team else None
        return columns

    @property
    def is_empty(self) -> bool:
        """True when it names nothing to change."""
        return not (self.columns() or self.add_tags or self.remove_tags or self.delete)


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """One thing that changes: from what, to what, for how many accounts."""

    label: str
    before: str
    after: str
    count: int


@dataclass(frozen=True, slots=True)
class BulkPreview:
    """What a bulk change does: `selected` accounts are meant, `changed` of them differ afterwards."""

    selected: int
    changed: int
    lines: tuple[PreviewLine, ...]


def accounts_to_change(accounts: QuerySet[Account], change: BulkChange) -> QuerySet[Account]:
    """Those of the accounts that the change would alter."""
    if change.delete:
        return accounts
    differs = Q(pk__in=[])
    for column, value in change.columns().items():
        differs |= Q(**{f"{column}__isnull": False}) if value is None else ~Q(**{column: value})
    for tag in change.add_tags:
        differs |= ~_tagged(tag)
    for tag in change.remove_tags:
        differs |= Q(_tagged(tag))
    return accounts.filter(differs)


def bulk_preview(accounts: QuerySet[Account], change: BulkChange) -> BulkPreview:
    """Count what the change would do to the given accounts, value by value."""
    selected = accounts.count()
    lines: list[PreviewLine] = []
    if change.delete:
        lines.append(PreviewLine("Bin", "", "deleted", selected))
    if change.kind is not None:
        lines += _lines(accounts, BulkChange(kind=change.kind), "Kind", "kind", str(change.kind.label))
    if change.set_manager:
        only = BulkChange(set_manager=True, manager=change.manager)
        lines += _lines(accounts, only, "Manager", "manager__name", str(change.manager or "nobody"))
    if change.set_team:
        lines += _lines(accounts, BulkChange(set_team=True, team=change.team), "Team", "team__name", str(change.team or "nobody"))
    for tag in change.add_tags:
        lines.append(PreviewLine("Tag", "", f"with “{tag}”", accounts_to_change(accounts, BulkChange(add_tags=(tag,))).count()))
    for tag in change.remove_tags:
        lines.append(
            PreviewLine("Tag", f"with “{tag}”", "without", accounts_to_change(accounts, BulkChange(remove_tags=(tag,))).count())
        )
    changed = selected if change.delete else accounts_to_change(accounts, change).count()
    return BulkPreview(selected, changed, tuple(line for line in lines if line.count))


def _lines(accounts: QuerySet[Account], change: BulkChange, label: str, path: str, after: str) -> list[PreviewLine]:
    counted = (
        accounts_to_change(accounts, change).order_by().values_list(path).annotate(count=Count("pk")).order_by("-count", path)
    )
    words = dict(Kind.choices)
    return [PreviewLine(label, str(words.get(before, before) or "nobody"), after, count) for before, count in counted]


def _tagged(tag: Tag) -> Exists:
    """Nothing bears a tag that is not saved yet."""
    return Exists(Account.tags.through.objects.filter(account_id=OuterRef("pk"), tag_id=tag.pk or 0))
