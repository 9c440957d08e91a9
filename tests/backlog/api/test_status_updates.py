"""Status updates and the words around messages, through the API."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from backlog.models import MessageTemplate, Obligation, StatusUpdate
from backlog.operations import status_updates
from tests.factories import NOON
from tests.factories import backlog as make

WORDS = {"en": "Not this year.", "ko": "올해는 어렵습니다."}
TEMPLATES = "/api/v1/message-templates/"


@pytest.fixture
def told_no(db: None) -> StatusUpdate:
    """A “no” that two customers wait to hear of, and nobody has words for it yet."""
    request = make.RequestFactory.create(status="declined")
    for language in ("en", "ko"):
        customer = make.ConsentFactory.create(customer__language=language).customer
        make.ContactPointFactory.create(customer=customer)
        make.EvidenceFactory.create(request=request, feedback__customer=customer)
    row = status_updates.create_update(
        request=request, kind=StatusUpdate.Kind.DECIDED_NO, by=None, at=NOON
    )
    assert row is not None
    return row


def of(row: StatusUpdate, what: str) -> str:
    return f"/api/v1/status-updates/{row.pk}/{what}/"


class TestStatusUpdate:
    def test_is_written_previewed_and_announced(
        self, api: APIClient, told_no: StatusUpdate
    ) -> None:
        assert api.post(of(told_no, "announce")).data["code"] == "words_missing"
        said = api.post(of(told_no, "say"), {"words": WORDS}, format="json").data
        assert said["words"] == WORDS

        seen = api.get(of(told_no, "preview")).data
        assert (seen["told"], seen["needs_countersign"]) == (2, False)
        texts = {each["language"]: each["text"] for each in seen["messages"]}
        assert all(words in texts[language] for language, words in WORDS.items())
        assert len(api.get(of(told_no, "preview/recipients")).data["results"]) == 2

        assert api.post(of(told_no, "announce")).data["announced_at"] is not None
        assert Obligation.objects.speakable().count() == 2
        refused = api.post(of(told_no, "say"), {"words": {"en": "Never."}}, format="json")
        assert (refused.status_code, refused.data["code"]) == (409, "status_update_announced")

    def test_words_take_the_place_of_those_they_name_and_of_no_others(
        self, api: APIClient, told_no: StatusUpdate
    ) -> None:
        def say(text: str, **before: Any) -> Any:
            body = {"words": {"en": text}, **before}
            return api.post(of(told_no, "say"), body, format="json")

        assert say("Not now.").status_code == say("Not now.").status_code == 200
        refused = say("Never.")
        assert (refused.status_code, refused.data["details"]["words"]) == (412, {"en": "Not now."})
        assert say("Never.", before={"en": "Soon."}).status_code == 412
        assert say("Never.", before={"en": "Not now."}).data["words"] == {"en": "Never."}

    def test_where_it_stands_takes_the_place_of_the_words_that_wait_and_are_named(
        self, api: APIClient
    ) -> None:
        waiting = make.RequestFactory.create(status="planned")
        customer = make.ConsentFactory.create().customer
        make.ContactPointFactory.create(customer=customer)
        make.EvidenceFactory.create(request=waiting, feedback__customer=customer)

        def stand(text: str, **before: Any) -> int:
            body = {"request": waiting.key, "words": {"en": text}, **before}
            return api.post("/api/v1/status-updates/", body, format="json").status_code

        assert (stand("Soon."), stand("Soon."), stand("Later.")) == (201, 201, 412)
        assert stand("Later.", before={"en": "Soon."}) == 201

    def test_is_listed_by_what_happened_and_whether_it_was_told(
        self, api: APIClient, told_no: StatusUpdate
    ) -> None:
        make.StatusUpdateFactory.create(kind="planned", announced_at=NOON)
        make.StatusUpdateFactory.create(request=told_no.request, is_current=False)

        rows = api.get("/api/v1/status-updates/?kind=decided_no&announced=no&current=yes").data[
            "results"
        ]

        assert [row["id"] for row in rows] == [told_no.pk]

    def test_is_what_obligations_can_be_narrowed_to(
        self, api: APIClient, told_no: StatusUpdate
    ) -> None:
        receipt = make.ObligationFactory.create(
            event__request=None,
            event__subject_id=1,
            request=None,
            feedback=make.FeedbackFactory.create(),
        )
        outcome = make.ObligationFactory.create(outcome=make.OutcomeFactory.create())

        def found(query: str) -> set[int]:
            rows = api.get(f"/api/v1/obligations/?{query}").data["results"]
            return {row["id"] for row in rows}

        mine = set(told_no.obligations.values_list("pk", flat=True))
        assert found(f"status_update={told_no.pk}") == found("occasion=decided_no") == mine
        assert found("occasion=received") == {receipt.pk}
        assert found("occasion=delivered") == {outcome.pk}


class TestMessageTemplates:
    def test_are_written_read_and_reset(self, api: APIClient, db: None) -> None:
        body = {"occasion": "received", "language": "en", "headline": "Got it, {{ name }}."}

        first = api.post(TEMPLATES, body, format="json")
        before = {"headline": body["headline"]}
        second = api.post(TEMPLATES, body | {"closing": "Bye.", "before": before}, format="json")

        assert (first.status_code, second.status_code) == (201, 201)
        assert second.data["id"] == first.data["id"]
        assert api.get(f"{TEMPLATES}?occasion=received").data["results"] == [second.data]
        reset = api.post(f"{TEMPLATES}{first.data['id']}/reset/").data
        assert (reset["headline"], reset["closing"]) == ("", "")

    def test_take_the_place_of_the_words_they_name_and_of_no_others(
        self, api: APIClient, db: None
    ) -> None:
        body = {"occasion": "received", "language": "en", "headline": "Got it."}

        def put(headline: str, **before: Any) -> Any:
            return api.post(TEMPLATES, body | {"headline": headline} | before, format="json")

        assert put("Got it.").status_code == put("Got it.").status_code == 201
        refused = put("Mine.")
        assert (refused.status_code, refused.data["details"]["headline"]) == (412, "Got it.")
        assert put("Mine.", before={"headline": "Got it.", "closing": "Bye."}).status_code == 412
        assert put("Mine.", before={"headline": "Got it."}).status_code == 201

    def test_point_at_the_place_that_cannot_be_read(self, api: APIClient, db: None) -> None:
        body = {"occasion": "received", "language": "en", "closing": "Bye\n{{ nmae }}"}

        answer = api.post(TEMPLATES, body, format="json", headers={"accept-language": "en"})

        assert answer.status_code == 422
        [error] = answer.json()["errors"]
        assert (error["pointer"], error["code"]) == ("#/closing", "placeholder_unknown")
        assert error["detail"].startswith("Line 2, character 1: nothing is called “nmae”.")
        assert not MessageTemplate.objects.exists()
