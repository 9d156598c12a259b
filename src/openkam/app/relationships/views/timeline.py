"""What passed between us and one account."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openkam.app.accounts.models import Account
from openkam.app.accounts.queries.scope import account
from openkam.app.people.models import User
from openkam.app.relationships.forms.interactions import InteractionForm, QuickEntryAnywhereForm, QuickEntryForm
from openkam.app.relationships.models import Interaction
from openkam.app.relationships.operations.interactions import Party, amend_interaction, log_interaction, remove_interaction
from openkam.app.relationships.permissions import may_edit
from openkam.app.relationships.queries.claims import keeps_secrets_of
from openkam.app.relationships.queries.commitments import promised_in
from openkam.app.relationships.queries.contacts import contacts_at
from openkam.app.relationships.queries.dialogue import LARGEST_AUDIENCE, dialogue_chart, dialogue_of
from openkam.app.relationships.queries.interactions import interaction as interaction_of
from openkam.app.relationships.queries.interactions import timeline_of, with_mentions
from openkam.app.relationships.queries.mentions import note_pieces
from openkam.app.relationships.queries.quick_entry import colleagues_of, drafted
from openkam.app.relationships.tables.timeline import TimelineFilter, TimelineTable
from openkam.app.relationships.terms import Origin, Part, Side
from openkam.app.relationships.views.access import answered, editor, reader
from openkam.app.ui.tables import paged

FORM = "relationships/log.html"


@require_safe
def timeline(request: HttpRequest, pk: int) -> HttpResponse:
    """The dialogue in a sentence, and every entry below it."""
    user = reader(request)
    found = account(user, pk)
    entries = with_mentions(timeline_of(user, found))
    filters = TimelineFilter(request.GET, queryset=entries, contacts=contacts_at(found), user=user)
    table = TimelineTable(filters.qs)
    paged(request, table)
    told = dialogue_of(user, found, timezone.now())
    context = {
        "account": found,
        "table": table,
        "filter": filters,
        "count": table.paginator.count,
        "dialogue": told,
        "chart": dialogue_chart(told),
        "largest_audience": LARGEST_AUDIENCE,
        "quick": QuickEntryForm(),
        "may_edit": may_edit(user),
    }
    return render(request, "relationships/timeline.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def log(request: HttpRequest, pk: int) -> HttpResponse:
    """Log an entry; a `line` in the address fills the form, to be confirmed."""
    user = editor(request)
    found = account(user, pk)
    line = request.GET.get("line", "")[:500].strip()
    draft = drafted(user, found, line, timezone.localdate()) if line and request.method != "POST" else None
    initial = draft.initial if draft else {"colleagues": [user.pk], "on": timezone.localdate()}
    form = _form(request, user, found, initial=initial)
    return answered(
        request,
        form,
        write=lambda: log_interaction(
            actor=user,
            account=found,
            details=form.details,
            parties=form.parties,
            is_private=form.cleaned_data.get("is_private", False),
        ),
        then=reverse("relationships:timeline", args=[pk]),
        template=FORM,
        context={"account": found, "title": "Log what happened", "draft": draft, "line": line, "submit": "Log it"},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def quick(request: HttpRequest) -> HttpResponse:
    """Choose the account and write the line; the form to confirm comes next, and nothing is stored before."""
    user = editor(request)
    form = QuickEntryAnywhereForm(request.POST if request.method == "POST" else None, user=user)
    if form.is_valid():
        found: Account = form.cleaned_data["account"]
        line = urlencode({"line": form.cleaned_data["line"]})
        return redirect(f"{reverse('relationships:log_interaction', args=[found.pk])}?{line}")
    return render(request, "relationships/quick.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
def show(request: HttpRequest, interaction: int) -> HttpResponse:
    """One entry with everything that is kept of it."""
    user = reader(request)
    found = interaction_of(user, interaction)
    mentions = list(found.mentions.select_related("user", "contact"))
    context = {
        "entry": found,
        "note": note_pieces(found, mentions),
        "people": found.participants.select_related("user", "contact"),
        "promises": promised_in(user, found),
        "may_edit": may_edit(user),
        "may_amend": may_edit(user) and found.origin == Origin.ENTERED,
    }
    return render(request, "relationships/interaction.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def amend(request: HttpRequest, interaction: int) -> HttpResponse:
    """Put an entry right that was made by hand; what a file or a mailbox told stays as it was told."""
    user = editor(request)
    entry = interaction_of(user, interaction)
    if entry.origin != Origin.ENTERED:
        messages.error(request, "What a file told is not amended: remove the entry, or undo its import.")
        return redirect("relationships:interaction", interaction=entry.pk)
    form = _form(request, user, entry.account, initial=_initial(entry))
    form.fields.pop("is_private", None)
    kept = [
        Party(Part(one.part), address=one.address, address_side=Side(one.side)) for one in entry.participants.exclude(address="")
    ]
    return answered(
        request,
        form,
        write=lambda: amend_interaction(actor=user, interaction=entry, details=form.details, parties=[*form.parties, *kept]),
        then=reverse("relationships:interaction", args=[entry.pk]),
        template=FORM,
        context={"account": entry.account, "title": "Amend the entry", "submit": "Save"},
    )


@require_POST
def remove(request: HttpRequest, interaction: int) -> HttpResponse:
    """Take an entry off the timeline."""
    user = editor(request)
    entry = interaction_of(user, interaction)
    remove_interaction(actor=user, interaction=entry)
    messages.success(request, "The entry is off the timeline and counts no more. It stays on record.")
    return redirect("relationships:timeline", pk=entry.account_id)


def _form(request: HttpRequest, user: User, found: Account, *, initial: object) -> InteractionForm:
    return InteractionForm(
        request.POST if request.method == "POST" else None,
        contacts=contacts_at(found),
        colleagues=colleagues_of(found, user),
        may_keep_secrets=keeps_secrets_of(user, found),
        initial=initial,
    )


def _initial(entry: Interaction) -> dict[str, object]:
    at = timezone.localtime(entry.at)
    names = (
        "kind", "duration_minutes", "began_by", "subject", "note",
        "our_talk_minutes", "their_talk_minutes", "our_agenda_points", "their_agenda_points",
    )  # fmt: skip
    people = list(entry.participants.all())
    return {
        **{name: getattr(entry, name) for name in names},
        "on": at.date(),
        "time": at.time() if entry.is_time_known else None,
        "contacts": [one.contact_id for one in people if one.contact_id],
        "colleagues": [one.user_id for one in people if one.user_id],
    }
