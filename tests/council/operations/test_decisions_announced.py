"""What customers are to hear of decisions, and what stays inside."""

import pytest

from backlog.models import CustomerRequest, Event, Obligation, StatusUpdate, User
from council.models import Council
from council.operations import decisions
from tests.council.operations.test_decisions import NEXT_MONTH, decide
from tests.factories import NOON, backlog

WORDS = {"en": "Not this year.", "ko": "올해는 어렵습니다."}
pytestmark = pytest.mark.django_db


@pytest.fixture
def asked_for(pay_faster: CustomerRequest) -> CustomerRequest:
    """Two customers asked for it."""
    for _ in range(2):
        backlog.EvidenceFactory.create(request=pay_faster)
    return pay_faster


@pytest.mark.parametrize(
    ("verdict", "kind"),
    [
        ("approve", "decided_yes"),
        ("pilot", "decided_yes"),
        ("defer", "decided_no"),
        ("decline", "decided_no"),
    ],
)
def test_everybody_who_asked_is_owed_word_of_a_verdict(
    council: Council, asked_for: CustomerRequest, sora: User, verdict: str, kind: str
) -> None:
    decide(council, asked_for, sora, verdict=verdict, review_on=NEXT_MONTH)

    status_update = StatusUpdate.objects.get(request=asked_for)
    assert (
        status_update.kind,
        status_update.words,
        status_update.recorded_by,
        status_update.recorded_at,
    ) == (kind, {}, sora, NOON)
    assert (
        Obligation.objects.filter(
            announcement__status_update=status_update, status="owed", released_at=None
        ).count()
        == 2
    )


def test_to_be_asked_for_evidence_is_no_answer_yet(
    council: Council, asked_for: CustomerRequest, sora: User
) -> None:
    decide(council, asked_for, sora, verdict="ask_for_evidence")

    assert not StatusUpdate.objects.exists()


def test_the_words_for_customers_are_kept_and_the_reasons_stay_inside(
    council: Council, asked_for: CustomerRequest, sora: User
) -> None:
    decide(
        council,
        asked_for,
        sora,
        verdict="decline",
        rationale="Too few of them pay.",
        dissent="Sales disagrees.",
        customer_words=WORDS,
    )

    status_update = StatusUpdate.objects.get()
    assert status_update.words == WORDS
    told = f"{status_update.words} {Event.objects.get(kind='status_update.recorded').data}"
    assert "Too few" not in told
    assert "Sales" not in told


def test_the_same_answer_again_is_no_status_update_unless_there_are_new_words(
    council: Council, asked_for: CustomerRequest, sora: User
) -> None:
    decide(council, asked_for, sora, verdict="decline")
    decide(council, asked_for, sora, verdict="decline", rationale="Still not.")
    assert StatusUpdate.objects.count() == 1

    decide(council, asked_for, sora, verdict="decline", rationale="No.", customer_words=WORDS)
    assert StatusUpdate.objects.count() == 2
    assert StatusUpdate.objects.get(is_current=True).words == WORDS


def test_a_decision_recorded_twice_owes_once(
    council: Council, asked_for: CustomerRequest, sora: User
) -> None:
    for _ in range(2):
        decisions.record_decision(
            council_id=council.pk,
            request_id=asked_for.pk,
            verdict="approve",
            rationale="Many customers asked.",
            by=sora,
            at=NOON,
        )

    assert Obligation.objects.count() == 2


def test_is_silent_where_the_product_says_so(
    council: Council, asked_for: CustomerRequest, sora: User
) -> None:
    type(asked_for.product).objects.update(tells_yes=False)

    decide(council, asked_for, sora, verdict="approve")

    assert not StatusUpdate.objects.exists()
