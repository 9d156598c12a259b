"""One person: their page, their posts and roles."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openkam.app.relationships.forms.contacts import ContactForm, EndForm, NewPostForm, PostForm, RoleForm
from openkam.app.relationships.operations.buying_roles import assign_buying_role, end_buying_role
from openkam.app.relationships.operations.contacts import archive_contact, change_contact, restore_contact
from openkam.app.relationships.operations.employments import begin_employment, change_employment, end_employment
from openkam.app.relationships.permissions import may_edit
from openkam.app.relationships.queries.contacts import accounts_of, buying_role, contact_page, employment
from openkam.app.relationships.queries.contacts import contact as contact_of
from openkam.app.relationships.views.access import answered, editor, reader

FORM = "relationships/form.html"


@require_safe
def show(request: HttpRequest, contact: int) -> HttpResponse:
    """Who the person is, where they work and worked, what they do when their account buys."""
    user = reader(request)
    context = {"page": contact_page(user, contact), "may_edit": may_edit(user)}
    return render(request, "relationships/contact.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, contact: int) -> HttpResponse:
    """Change what is kept of the person."""
    user = editor(request)
    person = contact_of(user, contact)
    form = ContactForm(request.POST if request.method == "POST" else None, person=person, points=person.points.all())
    return answered(
        request,
        form,
        write=lambda: change_contact(actor=user, contact=person, details=form.details),
        then=person.get_absolute_url(),
        template=FORM,
        context={"contact": person, "title": f"Change {person.name}", "submit": "Save"},
    )


@require_POST
def archive(request: HttpRequest, contact: int) -> HttpResponse:
    """Take the person off the lists."""
    user = editor(request)
    person = contact_of(user, contact)
    archive_contact(actor=user, contact=person)
    messages.success(request, f"{person.name} is off the lists; everything about them is kept.")
    return redirect(person)


@require_POST
def restore(request: HttpRequest, contact: int) -> HttpResponse:
    """Put the person on the lists again."""
    user = editor(request)
    person = contact_of(user, contact)
    restore_contact(actor=user, contact=person)
    messages.success(request, f"{person.name} is on the lists again.")
    return redirect(person)


@require_http_methods(["GET", "HEAD", "POST"])
def begin_post(request: HttpRequest, contact: int) -> HttpResponse:
    """A further post, at this or another account."""
    user = editor(request)
    person = contact_of(user, contact)
    form = NewPostForm(request.POST if request.method == "POST" else None, user=user)
    return answered(
        request,
        form,
        write=lambda: begin_employment(actor=user, contact=person, account=form.cleaned_data["account"], details=form.post),
        then=person.get_absolute_url(),
        template=FORM,
        context={"contact": person, "title": f"A post of {person.name}", "submit": "Begin it"},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def edit_post(request: HttpRequest, employment_pk: int) -> HttpResponse:
    """Correct what is kept of a post."""
    user = editor(request)
    post = employment(user, employment_pk)
    form = PostForm(request.POST if request.method == "POST" else None, post=post)
    return answered(
        request,
        form,
        write=lambda: change_employment(actor=user, employment=post, details=form.post),
        then=post.contact.get_absolute_url(),
        template=FORM,
        context={"contact": post.contact, "title": f"Correct the post at {post.account.name}", "submit": "Save"},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def end_post(request: HttpRequest, employment_pk: int) -> HttpResponse:
    """End a post with its last day."""
    user = editor(request)
    post = employment(user, employment_pk)
    form = EndForm(request.POST if request.method == "POST" else None)
    return answered(
        request,
        form,
        write=lambda: end_employment(actor=user, employment=post, **form.cleaned_data),
        then=post.contact.get_absolute_url(),
        template=FORM,
        context={"contact": post.contact, "title": f"End the post at {post.account.name}", "submit": "End it"},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def assign_role(request: HttpRequest, contact: int) -> HttpResponse:
    """Say what the person does when an account buys."""
    user = editor(request)
    person = contact_of(user, contact)
    form = RoleForm(request.POST if request.method == "POST" else None, accounts=accounts_of(user, person))
    return answered(
        request,
        form,
        write=lambda: assign_buying_role(actor=user, contact=person, **form.cleaned_data),
        then=person.get_absolute_url(),
        template=FORM,
        context={"contact": person, "title": f"A role of {person.name}", "submit": "Assign it"},
    )


@require_POST
def end_role(request: HttpRequest, role: int) -> HttpResponse:
    """End a role today."""
    user = editor(request)
    found = buying_role(user, role)
    try:
        end_buying_role(actor=user, role=found, until_on=timezone.localdate())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, "The role ends today; it stays on record.")
    return redirect(found.contact)
