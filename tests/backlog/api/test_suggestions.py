"""Agents propose by the API, and people decide."""

from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from backlog.models import Evidence, Suggestion, User
from tests.factories.backlog import FeedbackFactory, ProductFactory, RequestFactory

Acting = Callable[[User], APIClient]
URL = "/api/v1/suggestions/"

pytestmark = pytest.mark.django_db


def test_is_proposed_and_accepted(mina: User, acting: Acting) -> None:
    words, request = FeedbackFactory.create(verbatim="It is slow."), RequestFactory.create()
    api = acting(mina)
    body = {"kind": "link", "feedback": words.pk, "request": request.key, "name": "triage"}

    made = api.post(URL, {**body, "version": "2", "score": 0.4, "reason": "Alike."}, format="json")
    assert (made.status_code, made.data["state"], made.data["origin"]) == (201, "proposed", "agent")
    assert not Evidence.objects.exists()
    assert [row["id"] for row in api.get(URL, {"state": "proposed"}).data["results"]] == [
        made.data["id"]
    ]

    done = api.post(f"{URL}{made.data['id']}/accept/", {}, format="json")
    assert (done.status_code, done.data["state"]) == (200, "accepted")
    assert Evidence.objects.live().count() == 1
    [share] = api.get(f"{URL}acceptance/").data
    assert (share["name"], share["version"], share["share"]) == ("triage", "2", 100)


def test_what_was_dismissed_is_refused(mina: User, acting: Acting) -> None:
    words, request = FeedbackFactory.create(), RequestFactory.create()
    api = acting(mina)
    body = {"kind": "link", "feedback": words.pk, "request": request.key}
    made = api.post(URL, body, format="json").data["id"]
    assert api.post(f"{URL}{made}/dismiss/").data["state"] == "dismissed"

    refused = api.post(URL, body, format="json")
    assert (refused.status_code, refused.data["code"]) == (409, "suggestion_dismissed")


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"kind": "guess"},
        {"kind": "link"},
        {"kind": "merge_requests", "request": "PAY-1"},
        {"kind": "link", "score": 7},
        {"kind": "link", "origin": "rule"},
    ],
)
def test_nonsense_is_refused(mina: User, acting: Acting, wrong: dict[str, object]) -> None:
    RequestFactory.create(product__prefix="PAY", number=1)
    assert acting(mina).post(URL, wrong, format="json").status_code == 422
    assert not Suggestion.objects.exists()


def test_of_what_one_may_not_see_is_not_found(mina: User, acting: Acting) -> None:
    closed = ProductFactory.create(is_open=False)
    words, request = FeedbackFactory.create(), RequestFactory.create(product=closed)
    body = {"kind": "link", "feedback": words.pk, "request": request.key}
    assert acting(mina).post(URL, body, format="json").status_code == 422
