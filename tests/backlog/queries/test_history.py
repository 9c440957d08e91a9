"""The whole line of a request, assembled from the ledger and the words."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from backlog.models import CustomerRequest, Event, User
from backlog.operations import commitments, evidence, ranks, requests
from backlog.queries import history
from tests.conftest import SameQueries
from tests.factories import NOON
from tests.factories.backlog import (
    CommitmentFactory,
    CustomerFactory,
    EventFactory,
    EvidenceFactory,
    FeedbackFactory,
    ObligationFactory,
    OutcomeFactory,
    ProductFactory,
    ReplyFactory,
    RequestFactory,
    StatusUpdateFactory,
)
from tests.factories.people import UserFactory

OPENED, LATER = NOON + timedelta(hours=1), NOON + timedelta(days=1)


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def opened(mina: User) -> CustomerRequest:
    """A request opened an hour after Kim said what it is about."""
    feedback = FeedbackFactory.create(
        verbatim="Paying takes too long.", customer=CustomerFactory.create(name="Kim")
    )
    return requests.open_request(
        product_id=ProductFactory.create().pk,
        title="Pay faster",
        problem="Paying takes too long.",
        feedback_ids=[feedback.pk],
        by=mina,
        at=OPENED,
    )


def _happened(
    kind: str, request: CustomerRequest, subject_id: int, data: dict[str, object] | None = None
) -> Event:
    return EventFactory.create(
        kind=kind, request=request, subject_id=subject_id, at=LATER, data=data or {}
    )


class TestLineOf:
    def test_leaves_out_what_the_reader_may_not_see(self, opened: CustomerRequest) -> None:
        _happened("notice.retried", opened, 1)

        def kinds(viewer: User | None) -> set[str]:
            return {entry.kind for entry in history.history_of(opened, viewer=viewer)}

        assert "notice.retried" in kinds(None)
        assert "notice.retried" not in kinds(UserFactory.create())

    def test_begins_with_the_words_even_when_they_were_linked_later(
        self, opened: CustomerRequest
    ) -> None:
        entries = history.history_of(opened)

        assert [entry.kind for entry in entries] == [
            "feedback.said",
            "request.opened",
            "evidence.linked",
        ]
        assert entries[0].words == "Paying takes too long."
        assert entries[0].at == NOON

    def test_says_who_did_what_and_why(self, opened: CustomerRequest, mina: User) -> None:
        requests.override_status(
            request_id=opened.pk, status="approved", reason="Law", by=mina, at=LATER
        )

        last = history.history_of(opened)[-1]

        assert (last.actor, last.words, str(last.title)) == (mina, "Law", "Now approved")

    def test_names_customers_only_to_those_who_may_see_them(
        self, opened: CustomerRequest, mina: User, omar: User
    ) -> None:
        assert str(history.history_of(opened, viewer=mina)[0].title) == "Kim"
        assert str(history.history_of(opened, viewer=omar)[0].title) == "A customer said"
        assert str(history.history_of(opened)[0].title) == "A customer said"

    def test_leaves_out_words_that_do_not_speak_for_it_any_more(
        self, opened: CustomerRequest, mina: User
    ) -> None:
        row = opened.evidence.get()
        evidence.unlink_evidence(evidence_id=row.pk, reason="Wrong", by=mina, at=LATER)

        kinds = [entry.kind for entry in history.history_of(opened)]

        assert "feedback.said" not in kinds
        assert "evidence.unlinked" in kinds

    def test_can_be_cut_to_its_latest_entries(self, opened: CustomerRequest, mina: User) -> None:
        whole = history.history_of(opened)

        assert history.history_of(opened, latest=2) == whole[-2:]

    def test_tells_an_event_without_reader_by_its_kind(self, opened: CustomerRequest) -> None:
        _happened("comet.seen", opened, 1)

        assert "comet.seen" in [str(entry.title) for entry in history.history_of(opened)]

    def test_tells_outcomes_notices_and_answers_in_words(self, opened: CustomerRequest) -> None:
        row = OutcomeFactory.create(commitment__request=opened)
        recorded = _happened("outcome.recorded", opened, row.pk, {"result": "delivered"})
        owed = ObligationFactory.create(event=recorded, status="told", settled_at=NOON)
        reply = ReplyFactory.create(
            obligation=owed, verdict="no", feedback=FeedbackFactory.create(verbatim="Still slow.")
        )
        _happened("outcome.announced", opened, row.pk, {"customers": 1})
        _happened("customer.told", opened, owed.pk)
        _happened("reply.received", opened, reply.pk, {"verdict": "no"})

        told = {entry.kind: entry for entry in history.history_of(opened)}

        assert str(told["outcome.recorded"].title) == "Outcome: delivered"
        assert told["outcome.recorded"].words == "Paying takes two taps now."
        assert str(told["outcome.announced"].title) == "Announced to 1 customer"
        assert str(told["customer.told"].title) == "Told: a customer"
        assert told["reply.received"].words == "Still slow."

    def test_costs_the_same_for_a_long_line(
        self, opened: CustomerRequest, mina: User, queries: SameQueries
    ) -> None:
        others = [
            RequestFactory.create(product=opened.product, number=number, rank=rank)
            for number, rank in ((8, "b08"), (9, "b09"))
        ]
        ranks.move_to_top(request_id=opened.pk, by=mina, at=LATER)
        history.history_of(opened, viewer=mina)  # Mina's permissions are read once.
        with queries() as few:
            history.history_of(opened, viewer=mina)

        for other in others * 5:
            ranks.move_request(request_id=opened.pk, after=other.pk, by=mina, at=LATER)
        EvidenceFactory.create_batch(10, request=opened)
        with queries() as many:
            entries = history.history_of(opened, viewer=mina)

        assert len(entries) > 20
        assert len(many) == len(few)


def test_tells_how_the_terms_of_a_commitment_were_edited(opened: CustomerRequest) -> None:
    terms = {"measure": "calls", "baseline": 42, "target": 20}
    row = CommitmentFactory.create(request=opened, **terms)
    for changes in (
        {"hypothesis": "Fewer taps.", "target": Decimal("15.5"), "is_pilot": True},
        {"hypothesis": "", "measure": "", "baseline": None},
    ):
        commitments.edit_commitment(commitment_id=row.pk, by=None, at=LATER, **changes)

    told = [(str(each.title), each.words, each.detail) for each in history.history_of(opened)[-2:]]

    title = "Terms of the commitment edited"
    assert told == [
        (title, "Fewer taps.", "hypothesis; is a pilot: no → yes; target: 20 → 15.5"),
        (title, "", "baseline: 42 → –; hypothesis; success measure: calls → –"),
    ]


def test_tells_the_status_update_that_customers_are_to_hear_and_in_which_words(
    opened: CustomerRequest,
) -> None:
    status_update = StatusUpdateFactory.create(request=opened, words={"en": "Not this year."})
    _happened("status_update.recorded", opened, status_update.pk)
    _happened("status_update.worded", opened, status_update.pk)
    _happened("status_update.announced", opened, status_update.pk, {"customers": 2})

    told = [(str(each.title), each.words) for each in history.history_of(opened)[-3:]]

    assert told == [
        ("Customers are to hear: decided: not now", "Not this year."),
        ("What we say to customers was written", ""),
        ("Announced to 2 customers", ""),
    ]
