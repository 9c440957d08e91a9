"""What holds for every list of the API. A new list without a row here fails."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from rest_framework import mixins
from rest_framework.test import APIClient

from backlog.api import urls as backlog_api
from backlog.models import ApiToken, CustomerRequest, User
from council.api import urls as council_api
from tests.conftest import SameQueries
from tests.factories import backlog, council, people
from tests.factories.suggestions import SuggestionFactory

KEY = "PAY-1"


def a_request() -> CustomerRequest:
    return CustomerRequest.objects.filter(key=KEY).first() or backlog.RequestFactory.create(key=KEY)


def _council_with_product() -> None:
    council.CouncilFactory.create().products.add(backlog.ProductFactory.create())


# How to make one more row of each list that this person sees.
ROWS: dict[str, Callable[[User], Any]] = {
    "product": lambda _: backlog.ProductFactory.create(),
    "source": lambda _: backlog.SourceFactory.create(product=backlog.ProductFactory.create()),
    "department": lambda _: people.DepartmentFactory.create(),
    "token": lambda owner: ApiToken.objects.create(owner, name="Survey", scopes=["read"]),
    "account": lambda _: backlog.AccountFactory.create(),
    "customer": lambda _: backlog.ConsentFactory.create(
        customer=backlog.ContactPointFactory.create(
            customer__account=backlog.AccountFactory.create()
        ).customer
    ),
    "feedback": lambda owner: backlog.FeedbackFactory.create(
        product=backlog.ProductFactory.create(), filed_by=owner
    ),
    "request": lambda owner: backlog.RequestFactory.create(owner=owner),
    "suggestion": lambda _: SuggestionFactory.create(
        request__product=(product := backlog.ProductFactory.create()),
        into_request__product=product,
    ),
    "override": lambda owner: backlog.EventFactory.create(
        kind="request.moved",
        reason="The law.",
        actor=owner,
        request=backlog.RequestFactory.create(),
        data={"drift": "31.5"},
    ),
    "view": lambda owner: backlog.ViewFactory.create(
        user=owner, product=backlog.ProductFactory.create()
    ),
    "evidence": lambda owner: backlog.EvidenceFactory.create(request=a_request(), linked_by=owner),
    "assessment": lambda owner: backlog.AssessmentFactory.create(
        request=a_request(), assessor=owner
    ),
    "scoring-model": lambda _: backlog.CriterionFactory.create(),
    "sprint": lambda _: backlog.SprintFactory.create(),
    "commitment": lambda owner: backlog.CommitmentFactory.create(committed_by=owner),
    "outcome": lambda owner: backlog.OutcomeFactory.create(recorded_by=owner),
    "status-update": lambda owner: backlog.StatusUpdateFactory.create(recorded_by=owner),
    "message-template": lambda owner: backlog.MessageTemplateFactory.create(edited_by=owner),
    "obligation": lambda _: backlog.ObligationFactory.create(),
    "notice": lambda _: backlog.NoticeItemFactory.create(),
    "reply": lambda _: backlog.ReplyFactory.create(feedback=backlog.FeedbackFactory.create()),
    "endpoint": lambda _: backlog.EndpointFactory.create(product=backlog.ProductFactory.create()),
    "webhook-delivery": lambda _: backlog.WebhookDeliveryFactory.create(),
    "event": lambda owner: backlog.EventFactory.create(actor=owner),
    "council": lambda _: _council_with_product(),
    "seat": lambda _: council.SeatTermFactory.create(),
    "series": lambda _: council.SeriesFactory.create(),
    "meeting": lambda _: council.MeetingFactory.create(),
    "agenda-item": lambda owner: council.AgendaItemFactory.create(proposed_by=owner),
    "ballot": lambda _: council.StanceFactory.create(),
    "decision": lambda _: council.DecisionFactory.create(),
    "action-item": lambda _: council.ActionItemFactory.create(
        request=backlog.RequestFactory.create()
    ),
}
BELOW_A_REQUEST = {"evidence", "assessment"}
REGISTERED = [*backlog_api.router.registry, *council_api.router.registry]
LISTS = [
    basename
    for _prefix, viewset, basename in REGISTERED
    if issubclass(viewset, mixins.ListModelMixin)
]

every_list = pytest.mark.parametrize("name", LISTS)


def address(name: str) -> str:
    return reverse(f"api:{name}-list", args=[KEY] if name in BELOW_A_REQUEST else [])


@pytest.fixture(autouse=True)
def the_request(db: None) -> CustomerRequest:
    return a_request()


def test_every_list_has_a_row_here() -> None:
    assert set(LISTS) == set(ROWS)


@every_list
def test_shows_its_rows(name: str, admin: APIClient, ada: User) -> None:
    before = len(admin.get(address(name)).data["results"])
    ROWS[name](ada)

    answer = admin.get(address(name))

    assert answer.status_code == 200
    assert len(answer.data["results"]) > before
    assert answer.data["next"] is None


@every_list
def test_costs_the_same_for_one_row_and_for_many(
    name: str, admin: APIClient, ada: User, queries: SameQueries
) -> None:
    ROWS[name](ada)
    admin.get(address(name))
    with queries() as few:
        admin.get(address(name))

    for _ in range(5):
        ROWS[name](ada)
    with queries() as many:
        answer = admin.get(address(name))

    assert len(answer.data["results"]) > 5
    assert len(many) == len(few), "\n".join(query["sql"] for query in many)


@every_list
def test_is_closed_to_strangers(name: str) -> None:
    answer = APIClient().get(address(name))

    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["WWW-Authenticate"] == "Bearer"


@every_list
def test_is_closed_to_a_colleague_without_a_role(name: str) -> None:
    nobody = APIClient()
    nobody.force_authenticate(people.UserFactory.create())

    answer = nobody.get(address(name))

    # One's own tokens are one's own; everything else takes a role, or is not there to be seen.
    assert answer.status_code == (200 if name == "token" else 403)


@every_list
def test_refuses_a_parameter_it_does_not_know(name: str, admin: APIClient) -> None:
    answer = admin.get(address(name), {"colour": "red"})

    assert answer.status_code == 400
    assert answer.json()["code"] == "unknown_parameter"
    assert answer.json()["errors"][0]["parameter"] == "colour"


@every_list
def test_refuses_a_parameter_that_is_given_twice(name: str, admin: APIClient) -> None:
    answer = admin.get(f"{address(name)}?page_size=2&page_size=3")

    assert answer.status_code == 400
    assert answer.json()["code"] == "repeated_parameter"
    assert answer.json()["errors"][0]["parameter"] == "page_size"


def test_takes_several_values_only_where_either_will_do(admin: APIClient) -> None:
    requests = "/api/v1/requests/"

    assert admin.get(f"{requests}?status=open&status=planned").status_code in (200, 400)
    answer = admin.get(f"{requests}?product=PAY&product=SHOP")
    assert (answer.status_code, answer.json()["code"]) == (400, "repeated_parameter")
    assert answer.json()["errors"][0]["parameter"] == "product"


@every_list
def test_is_read_from_either_end(name: str, admin: APIClient, ada: User) -> None:
    for _ in range(5):
        ROWS[name](ada)
    whole = admin.get(f"{address(name)}?page_size=200&count=true").data

    forward, last = [], admin.get(address(name), {"page_size": 2}).data
    forward += last["results"]
    while last["next"]:
        last = admin.get(last["next"]).data
        forward += last["results"]
    backward = last["results"][::-1]
    while last["previous"]:
        last = admin.get(last["previous"]).data
        backward += last["results"][::-1]

    assert whole["count"] == len(whole["results"]) == len(forward)
    assert forward == whole["results"] == backward[::-1]
