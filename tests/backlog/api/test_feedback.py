import json
from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from backlog.models import Consent, Customer, Feedback, Source, User
from tests.factories import backlog

LIST = "/api/v1/feedback/"
BULK = f"{LIST}bulk/"

Acting = Callable[[User], APIClient]


@pytest.fixture
def survey(db: None) -> Source:
    made: Source = backlog.SourceFactory.create(key="survey", language="ko")
    return made


@pytest.fixture
def api(ines: User, acting: Acting) -> APIClient:
    return acting(ines)


class TestReceive:
    def test_keeps_the_words_to_the_character(self, api: APIClient, survey: Source) -> None:
        words = "  결제가 너무 느려요\r\n\t정말로 "

        answer = api.post(LIST, {"source": "survey", "verbatim": words}, format="json")

        assert answer.status_code == 201, answer.data
        assert answer.data["verbatim"] == words
        assert Feedback.objects.get().verbatim == words

    def test_knows_the_same_message_again(self, api: APIClient, survey: Source) -> None:
        said = {"source": "survey", "external_id": "4711", "verbatim": "느려요"}

        first, again = api.post(LIST, said, format="json"), api.post(LIST, said, format="json")

        assert (first.status_code, again.status_code) == (201, 200)
        assert first.data["id"] == again.data["id"]
        assert Feedback.objects.count() == 1

    @pytest.mark.parametrize(
        ("changed", "notes"),
        [
            ({}, []),
            ({"verbatim": "빨라요"}, ["other_words"]),
            ({"readings": [{"kind": "nps", "value": 3}]}, ["other_words"]),
        ],
    )
    def test_says_that_a_number_came_before_with_other_words(
        self, api: APIClient, survey: Source, changed: dict[str, Any], notes: list[str]
    ) -> None:
        said = {"source": "survey", "external_id": "4711", "verbatim": "느려요"}
        first = api.post(LIST, said)

        single = api.post(LIST, said | changed)
        (row,) = api.post(BULK, {"rows": [said | changed]}).data["results"]

        assert (single.status_code, row["status"]) == (200, "known")
        assert single.data["id"] == row["id"] == first.data["id"]
        for answer in (single.data, row):
            assert [each["code"] for each in answer["notes"]] == notes
            assert all("번호" in each["message"] for each in answer["notes"])

    def test_keeps_all_that_was_said_with_it(
        self, api: APIClient, survey: Source, mina: User
    ) -> None:
        backlog.ProductFactory.create(prefix="PAY")
        said = {
            "source": "survey",
            "verbatim": "Too slow.",
            "product": "PAY",
            "language": "en",
            "relation": "former",
            "journey_stage": "use",
            "said_at": "2026-03-02T21:00:00+09:00",
            "readings": [{"kind": "nps", "value": 3}],
            "payload": {"form": {"q1": "Too slow."}},
            "filed_by": "mina@example.com",
        }

        answer = api.post(LIST, said, format="json")

        assert answer.status_code == 201, answer.data
        assert answer.data["product"]["prefix"] == "PAY"
        assert answer.data["said_at"] == "2026-03-02T12:00:00Z"
        assert answer.data["readings"] == [{"kind": "nps", "value": "3.00"}]
        assert answer.data["filed_by"]["name"] == "Mina"
        assert Feedback.objects.get().payload == {"form": {"q1": "Too slow."}}

    def test_recognises_who_said_it(self, api: APIClient, survey: Source) -> None:
        sayer = {"external_id": "u-1", "email": "Minsu@Example.com", "name": "민수"}
        for words in ("느려요", "아직도 느려요"):
            said = {"source": "survey", "verbatim": words, "customer": sayer}
            assert api.post(LIST, said, format="json").status_code == 201

        minsu = Customer.objects.get()
        assert (minsu.name, minsu.language) == ("민수", "ko")
        assert minsu.contact_points.get().address == "minsu@example.com"
        assert minsu.identities.get().external_id == "u-1"
        assert minsu.feedback.count() == 2
        assert minsu.consents.get().basis == Consent.Basis.OWN_REQUEST

    def test_learns_what_else_a_customer_goes_by(self, api: APIClient, survey: Source) -> None:
        """A number and then an address; an address and then a number; by id."""
        known = backlog.CustomerFactory.create()
        sayers: list[dict[str, Any]] = [
            {"external_id": "uA"},
            {"external_id": "uA", "email": "A Name <a@Example.com>"},
            {"email": "b@example.com"},
            {"external_id": "uB", "email": "mailto:b@example.com"},
            {"external_id": "uB"},
            {"id": known.pk, "email": "kim@bücher.example"},
        ]
        for sayer in sayers:
            said = {"source": "survey", "verbatim": "느려요", "customer": sayer}
            answer = api.post(LIST, said, format="json")
            assert (answer.status_code, answer.data["notes"]) == (201, [])

        spoke = Customer.objects.order_by("pk")
        assert [each.feedback.count() for each in spoke] == [1, 2, 3]
        addresses = [each.contact_points.get().address for each in spoke]
        assert addresses == ["kim@xn--bcher-kva.example", "a@example.com", "b@example.com"]

    def test_says_that_an_address_stays_with_its_owner(
        self, api: APIClient, survey: Source
    ) -> None:
        backlog.ContactPointFactory.create(address="b@example.com")
        for sayer in ({"external_id": "uA"}, {"external_id": "uA", "email": "b@example.com"}):
            said = {"source": "survey", "verbatim": "느려요", "customer": sayer}
            answer = api.post(LIST, said, format="json")

        assert answer.status_code == 201
        assert [note["code"] for note in answer.data["notes"]] == ["address_taken"]
        assert answer.data["notes"][0]["message"]

    def test_takes_all_that_may_be_known_of_somebody_new(
        self, api: APIClient, survey: Source
    ) -> None:
        facts = {"rhythm": "weekly", "time_zone": "Europe/Berlin", "language": "en"}
        said = {"source": "survey", "verbatim": "느려요", "customer": {"external_id": "u", **facts}}

        assert api.post(LIST, said, format="json").status_code == 201
        new = Customer.objects.get()
        assert {name: getattr(new, name) for name in facts} == facts

    def test_takes_a_customer_by_id(self, api: APIClient, survey: Source) -> None:
        minsu = backlog.CustomerFactory.create()
        said = {"source": "survey", "verbatim": "느려요", "customer": {"id": minsu.pk}}

        assert api.post(LIST, said, format="json").data["customer"]["id"] == minsu.pk

    @pytest.mark.parametrize(
        ("change", "pointers"),
        [
            ({"verbatim": ""}, ["#/verbatim"]),
            ({"verbatim": "  \n "}, ["#/verbatim"]),
            ({"verbatim": "a\x00b"}, ["#/verbatim"]),
            ({"source": "nowhere"}, ["#/source"]),
            ({"language": "fr"}, ["#/language"]),
            ({"said_at": "2026-03-02T12:00:00"}, ["#/said_at"]),
            ({"said_at": "9999-12-31T23:59:59-12:00"}, ["#/said_at"]),
            ({"customer": {"name": "민수"}}, ["#/customer"]),
            ({"customer": {"email": "nonsense"}}, ["#/customer/email"]),
            ({"customer": {"email": 7}}, ["#/customer/email"]),
            ({"customer": {"email": "a@b.kr, c@d.kr"}}, ["#/customer/email"]),
            ({"customer": {"external_id": "kim@"}}, ["#/customer/external_id"]),
            ({"customer": {"external_id": "\u200b"}}, ["#/customer/external_id"]),
            ({"customer": {"id": 404}}, ["#/customer/id"]),
            ({"customer": {"email": "a@b.kr", "time_zone": "Mars"}}, ["#/customer/time_zone"]),
            ({"readings": [{"kind": "nps", "value": 11}]}, ["#/readings/0/value"]),
            ({"readings": [{"kind": "csat", "value": 0}]}, ["#/readings"]),
            ({"readings": [{"kind": "nps", "value": 1}] * 2}, ["#/readings"]),
            ({"payload": []}, ["#/payload"]),
            ({"payload": {"a": "\x00"}}, ["#/payload"]),
            ({"payload": {"\ud800": 1}}, ["#/payload"]),
            ({"payload": {"a": [[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]}}, ["#/payload"]),
            ({"stars": 5}, ["#/stars"]),
        ],
    )
    def test_points_at_what_is_wrong_and_stores_nothing(
        self, change: dict[str, Any], pointers: list[str], api: APIClient, survey: Source
    ) -> None:
        said = {"source": "survey", "verbatim": "느려요"} | change

        answer = api.post(LIST, json.dumps(said), content_type="application/json")

        assert answer.status_code == 422, answer.data
        assert [fault["pointer"] for fault in answer.json()["errors"]] == pointers
        assert not Feedback.objects.exists()
        assert not Customer.objects.exists()

    def test_refuses_a_source_that_is_switched_off(self, api: APIClient, survey: Source) -> None:
        survey.is_active = False
        survey.save()

        answer = api.post(LIST, {"source": "survey", "verbatim": "느려요"}, format="json")

        assert (answer.status_code, answer.json()["code"]) == (409, "source_closed")

    def test_is_never_edited(self, api: APIClient) -> None:
        row = backlog.FeedbackFactory.create()

        assert api.patch(f"{LIST}{row.pk}/", {"verbatim": "Fine."}).status_code == 405


class TestReceiveMany:
    def test_takes_each_by_itself(self, api: APIClient, survey: Source) -> None:
        rows: list[Any] = [
            {"source": "survey", "external_id": "1", "verbatim": "느려요"},
            {"source": "survey", "external_id": "1", "verbatim": "느려요"},
            {"source": "survey", "verbatim": ""},
            {"source": "nowhere", "verbatim": "느려요"},
            "느려요",
            {"source": "survey", "verbatim": "빨라요"},
        ]

        answer = api.post(BULK, {"rows": rows}, format="json")

        assert answer.status_code == 200, answer.data
        assert [answer.data[name] for name in ("created", "known", "refused")] == [2, 1, 3]
        results = answer.data["results"]
        assert [each["index"] for each in results] == list(range(6))
        assert [each["status"] for each in results] == [
            "created",
            "known",
            "refused",
            "refused",
            "refused",
            "created",
        ]
        assert results[0]["id"] == results[1]["id"]
        assert results[3]["problem"]["errors"][0]["pointer"] == "#/source"
        assert all(each["notes"] == [] for each in results)
        assert Feedback.objects.count() == 2

    def test_says_of_each_what_must_be_said(self, api: APIClient, survey: Source) -> None:
        backlog.ContactPointFactory.create(address="b@example.com")
        sayers = [{"external_id": "uA"}, {"external_id": "uA", "email": "b@example.com"}]
        rows = [{"source": "survey", "verbatim": "느려요", "customer": each} for each in sayers]

        results = api.post(BULK, {"rows": rows}, format="json").data["results"]

        assert [[it["code"] for it in each["notes"]] for each in results] == [[], ["address_taken"]]

    @pytest.mark.parametrize("rows", [[], [{}] * 1_001, {}, None])
    def test_takes_from_one_to_a_thousand(self, rows: Any, api: APIClient) -> None:
        answer = api.post(BULK, {"rows": rows}, format="json")

        assert answer.status_code == 422
        assert answer.json()["errors"][0]["pointer"] == "#/rows"


class TestRead:
    def test_names_no_customer_to_those_who_may_not_see_them(
        self, omar: User, acting: Acting
    ) -> None:
        """Nor an id: by it one could find whatever else the same person said."""
        row = backlog.FeedbackFactory.create(customer__name="민수")

        assert acting(omar).get(f"{LIST}{row.pk}/").data["customer"] is None

    def test_hides_words_about_a_product_not_open_to_the_caller(
        self, omar: User, acting: Acting
    ) -> None:
        row = backlog.FeedbackFactory.create(product=backlog.ProductFactory.create(is_open=False))

        assert acting(omar).get(f"{LIST}{row.pk}/").status_code == 404

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("q=느려", True),
            ("q=빨라", False),
            ("source=survey", True),
            ("source=other", False),
            ("product=PAY", True),
            ("language=ko", True),
            ("language=en", False),
            ("linked=no", True),
            ("linked=yes", False),
            ("received_after=2026-03-02T12:00:00Z", True),
            ("received_after=2026-03-02T12:00:01Z", False),
            ("received_before=2026-03-02T12:00:00Z", False),
        ],
    )
    def test_is_narrowed_by_filters(
        self, query: str, found: bool, api: APIClient, survey: Source
    ) -> None:
        backlog.FeedbackFactory.create(
            source=survey,
            verbatim="결제가 느려요",
            language="ko",
            product=backlog.ProductFactory.create(prefix="PAY"),
        )

        assert bool(api.get(f"{LIST}?{query}").data["results"]) is found
