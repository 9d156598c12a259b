"""Keep a list, forget one."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from openkam.app.accounts.forms.saved_view import SavedViewForm
from openkam.app.accounts.operations.saved_views import remove_view, save_view
from openkam.app.accounts.permissions import may_edit
from openkam.app.accounts.queries.saved_views import own_view
from openkam.app.accounts.tables.filters import AccountFilter
from openkam.app.people.permissions import Permission, person_of, require


@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keep the list whose address was sent along; what is no filter, column or order in it is dropped."""
    user = person_of(request)
    require(user, Permission.READ)
    form = SavedViewForm(request.POST, may_share=may_edit(user))
    if not form.is_valid():
        messages.error(request, "A list needs a name.")
        return redirect("accounts:list")
    asked = QueryDict(form.cleaned_data.pop("query"))
    filters = {name: asked.getlist(name) for name in AccountFilter.base_filters if any(asked.getlist(name))}
    try:
        view = save_view(
            actor=user, filters=filters, columns=asked.getlist("columns"), sort=asked.get("sort", "")[:40], **form.cleaned_data
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("accounts:list")
    messages.success(request, f"The list is kept as “{view.name}”.")
    return redirect(f"{reverse('accounts:list')}?view={view.pk}")


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget one of one's own lists."""
    user = person_of(request)
    require(user, Permission.READ)
    remove_view(actor=user, view=own_view(user, pk))
    messages.success(request, "The list is forgotten; the accounts are not.")
    return redirect("accounts:list")
