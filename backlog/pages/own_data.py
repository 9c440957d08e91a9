"""A customer asks for all that is kept of them, or to be forgotten; behind a signed link."""

from typing import Final

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from backlog import tasks
from backlog.delivery import links
from backlog.models import Customer, PrivacyRequest, User
from backlog.operations import privacy_requests
from backlog.pages import portal
from backlog.pages.base import for_customers
from backlog.queries import personal_copy

FILE_NAME: Final = "my-data.json"


@for_customers
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def own_data(request: HttpRequest, token: str) -> HttpResponse:
    """Offer both wishes. Only a POST writes one down; the copy goes to the address on record.

    A link can be passed on, and erasing cannot be undone: a colleague does it.
    """
    try:
        notice = portal.notice_of(links.read_answer_token(token))
    except links.Refused as refused:
        return portal.closed(request, refused)
    customer = portal.person_of(notice)
    with translation.override(customer.language):
        kind = request.POST.get("kind", "")
        if kind in PrivacyRequest.Kind:
            privacy_requests.ask(customer_id=customer.pk, kind=kind, by=None, at=timezone.now())
            transaction.on_commit(tasks.nudge_copies, robust=True)
            return redirect(request.path)
        return portal.show(request, "own_data", {"privacy_requests": _privacy_requests(customer)})


def _privacy_requests(customer: Customer) -> dict[str, PrivacyRequest]:
    """By kind the wish that is open."""
    found = PrivacyRequest.objects.open().filter(customer=customer)
    return {privacy_request.kind: privacy_request for privacy_request in found}


@for_customers
@require_safe
def copy(request: HttpRequest, token: str) -> HttpResponse:
    """The copy itself, as one file. It is made as it is opened, and kept nowhere."""
    try:
        privacy_request_id = links.read_copy_token(token)
    except links.Refused as refused:
        return portal.closed(request, refused)
    kept = PrivacyRequest.objects.filter(customer__erased_at__isnull=True).select_related(
        "customer"
    )
    return as_file(get_object_or_404(kept, pk=privacy_request_id).customer)


def as_file(customer: Customer, viewer: User | None = None) -> HttpResponse:
    """The copy of one person's data, for saving; complete without a viewer."""
    document = personal_copy.copy_of(customer, viewer=viewer, at=timezone.now())
    response = JsonResponse(document, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = f'attachment; filename="{FILE_NAME}"'
    return response
