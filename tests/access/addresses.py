"""The address of every route, for the rows of the one product or of the other."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.urls import reverse

from backlog.delivery import links
from backlog.models import (
    ApiToken,
    CustomerRequest,
    Evidence,
    Feedback,
    Notice,
    Obligation,
    Outcome,
    PrivacyRequest,
    Product,
    Sprint,
    StatusUpdate,
    User,
    View,
)
from council.delivery import invitation_links, partner_links
from council.models import (
    ActionItem,
    AgendaItem,
    Ballot,
    Council,
    Decision,
    Invitation,
    Meeting,
    Series,
)
from tests.access.routes import Route, routes
from tests.access.world import ACCOUNT_ID, Rows, World
from tests.factories import backlog

SAME = {"direction": "up", "noun": "requests"}
WORN_OUT = {"uidb64": "MQ", "token": "worn-out"}
BY_NAME = {route.name: route for route in routes()}


def address(name: str, world: World, rows: Rows, caller: str) -> str:
    """Of a page or a resource; what has to be one's own is the caller's own."""
    route = BY_NAME[name]
    if route.actions:
        return reverse(name, kwargs=_of_resource(route, world, rows, caller))
    if name in ("council:invitation", "council:partner"):
        return _of_outsiders(name, rows).removeprefix("http://testserver")
    if name in ("backlog:heard", "backlog:unsubscribe"):
        make = links.answer_url if name == "backlog:heard" else links.unsubscribe_url
        return make(rows[Notice]).removeprefix("http://testserver")
    if name == "backlog:own-data":
        return links.own_data_url(rows[Notice]).removeprefix("http://testserver")
    if name == "backlog:copy":
        return links.copy_url(rows[PrivacyRequest]).removeprefix("http://testserver")
    query = "?app_label=backlog&model_name=customerrequest&field_name=product"
    kwargs = {each: _value(each, world, rows, caller) for each in route.parameters}
    return reverse(name, kwargs=kwargs) + (query if name == "admin:autocomplete" else "")


def _of_resource(route: Route, world: World, rows: Rows, caller: str) -> dict[str, Any]:
    resource: Any = route.view.cls  # type: ignore[attr-defined]
    model = resource.queryset.model
    kwargs = {}
    if "key" in route.parameters:
        kwargs["key"] = rows[CustomerRequest].key
    if "pk" in route.parameters:
        own: ApiToken = world.own_tokens.get(caller) or rows[ApiToken]
        if model is View:
            kwargs["pk"] = _own_view(world.users.get(caller))
        elif model is ApiToken:
            kwargs["pk"] = own.token_key
        else:
            kwargs["pk"] = getattr(rows[model], resource.natural_key)
    return kwargs


def _of_outsiders(name: str, rows: Rows) -> str:
    """Behind a signed link of the council's."""
    if name == "council:invitation":
        return invitation_links.answer_url(rows[Invitation])
    row = rows[ActionItem]
    ActionItem.objects.filter(pk=row.pk, partner="").update(partner="Hanbit Bank")
    return partner_links.url_for(row)


def _own_view(owner: User | None) -> int:
    """Of nobody where nobody calls: a number that no view has."""
    return backlog.ViewFactory.create(user=owner).pk if owner else 1


WORDS = {"direction": "up", "noun": "requests"}


def _value(name: str, world: World, rows: Rows, caller: str) -> Any:
    """What stands for a parameter in the address of a page."""
    asked, product = rows[CustomerRequest], rows[Product]
    known = WORDS | {
        "key": asked.key,
        "prefix": product.prefix,
        **SAME,
        "evidence_id": rows[Evidence].pk,
        "feedback_id": rows[Feedback].pk,
        "notice_id": rows[Notice].pk,
        "outcome_id": rows[Outcome].pk,
        "sprint_id": rows[Sprint].pk,
        "council_id": rows[Council].pk,
        "meeting_id": rows[Meeting].pk,
        "series_id": rows[Series].pk,
        "item_id": rows[AgendaItem].pk,
        "ballot_id": rows[Ballot].pk,
        "action_id": rows[ActionItem].pk,
        "decision_id": rows[Decision].pk,
        "status_update_id": rows[StatusUpdate].pk,
        "occasion": "delivered",
        "language": "en",
        "customer_id": rows[Obligation].customer_id,
        "account_id": ACCOUNT_ID,
        "request_id": rows[PrivacyRequest].pk,
        "step": "announce",
        "message_id": world.mails[product.prefix],
        "app_label": "backlog",
        "content_type_id": ContentType.objects.get_for_model(CustomerRequest).pk,
        "object_id": asked.pk,
        **WORN_OUT,
    }
    if name == "view_id":
        return _own_view(world.users.get(caller))
    if name == "edit_id":
        return _edited_by(world.users.get(caller), asked)
    return known[name] if name != "event_id" else _moved_by(world.users.get(caller), asked)


def _moved_by(caller: User | None, asked: CustomerRequest) -> int:
    """A move of theirs, to be undone."""
    moved = backlog.EventFactory.create(
        kind="request.moved",
        request=asked,
        actor=caller,
        data={"was_after": None},
    )
    return moved.pk


def _edited_by(caller: User | None, asked: CustomerRequest) -> int:
    """An edit of theirs, to be undone."""
    data = {"changed": ["review_on"], "review_on_was": "2026-06-01"}
    edited = backlog.EventFactory.create(
        kind="request.edited", request=asked, actor=caller, data=data
    )
    return edited.pk
