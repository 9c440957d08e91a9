from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from backlog.models import ContactPoint, Obligation, Outcome, User
from tests import audience

Acting = Callable[[User], APIClient]


@pytest.fixture
def outcome(db: None) -> Outcome:
    outcome = audience.record(asked_by=4)
    product = outcome.commitment.request.product
    product.countersign_from = 3
    product.save()
    return outcome


def of(outcome: Outcome, what: str) -> str:
    return f"/api/v1/outcomes/{outcome.pk}/{what}/"


class TestPreview:
    def test_counts_who_is_told_and_shows_what_they_read(
        self, api: APIClient, outcome: Outcome
    ) -> None:
        silent = Obligation.objects.filter(customer__language="en")[0].customer
        ContactPoint.objects.filter(customer=silent).delete()

        said = api.get(of(outcome, "preview")).data

        assert (said["told"], said["by_language"]) == (3, {"ko": 2, "en": 1})
        assert (said["left_out"], said["by_reason"]) == (1, {"no_address": 1})
        assert said["needs_countersign"] is True
        assert [each["language"] for each in said["messages"]] == ["ko", "en"]
        assert "/heard/" not in said["messages"][0]["html"]

    def test_lists_every_customer_page_by_page(self, api: APIClient, outcome: Outcome) -> None:
        silent = Obligation.objects.order_by("customer")[0].customer
        silent.consents.all().delete()

        first = api.get(f"{of(outcome, 'preview/recipients')}?page_size=3").data
        rest = api.get(first["next"]).data

        rows = [*first["results"], *rest["results"]]
        assert [row["customer"]["id"] for row in rows] == sorted(
            Obligation.objects.values_list("customer", flat=True)
        )
        assert [row["reason"] for row in rows] == ["no_consent", "", "", ""]
        assert rows[1]["quotes"][0]["words"]
        assert rows[1]["address"].endswith("@example.org")

    def test_is_not_for_those_who_may_not_see_customers(
        self, omar: User, acting: Acting, outcome: Outcome
    ) -> None:
        assert acting(omar).get(of(outcome, "preview")).status_code == 403
        assert acting(omar).get(of(outcome, "preview/recipients")).status_code == 403


class TestCountersigning:
    def test_takes_two_people(
        self, api: APIClient, ines: User, acting: Acting, outcome: Outcome
    ) -> None:
        alone = api.post(of(outcome, "announce"))
        unasked = api.post(of(outcome, "countersign"))
        asked = api.post(of(outcome, "ask-countersign"))
        oneself = api.post(of(outcome, "countersign"))
        both = acting(ines).post(of(outcome, "countersign"))

        assert (alone.status_code, alone.json()["code"]) == (409, "countersign_needed")
        assert alone.json()["details"] == {"countersign_from": 3}
        assert unasked.json()["code"] == "not_asked"
        assert asked.data["asked_by"]["name"] == "Mina"
        assert (oneself.status_code, oneself.json()["code"]) == (409, "own_announcement")
        assert both.data["announced_by"]["name"] == "Mina"
        assert both.data["countersigned_by"]["name"] == "Ines"
        assert Obligation.objects.filter(released_at__isnull=False).count() == 4

    def test_is_taken_back_while_nobody_was_told(self, api: APIClient, outcome: Outcome) -> None:
        api.post(of(outcome, "ask-countersign"))

        cancelled = api.post(of(outcome, "cancel-announcement"))

        assert cancelled.data["asked_by"] is None
        assert cancelled.data["announced_at"] is None


def test_a_language_that_nobody_wrote_is_said_and_needs_a_yes(
    api: APIClient, outcome: Outcome
) -> None:
    Outcome.objects.filter(pk=outcome.pk).update(summary={"en": "Two taps now."})
    assert api.get(of(outcome, "preview")).data["in_other_language"] == {"ko": 2}

    refused = api.post(of(outcome, "ask-countersign"))
    assert (refused.status_code, refused.data["code"]) == (409, "words_in_other_language")
    assert refused.data["details"] == {"languages": {"ko": 2}}

    asked = api.post(of(outcome, "ask-countersign"), {"in_other_language": True})
    assert asked.status_code == 200
