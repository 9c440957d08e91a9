"""Who hears that their words have arrived: customers of sources that acknowledge; nobody else."""

import pytest

from backlog import errors
from backlog.models import Notice, Obligation, ProductGrant, Source, User
from backlog.operations import contact_points, feedback, notice_composition, replies
from backlog.operations.customers_in_bulk import CustomerIdentifier
from backlog.operations.feedback import FeedbackData
from tests.factories import NOON
from tests.factories import backlog as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def form() -> Source:
    source: Source = make.SourceFactory.create(kind="form", acknowledges=True)
    return source


def test_a_customer_is_told_at_once_without_anybody_agreeing(form: Source) -> None:
    mira = make.ConsentFactory.create().customer
    incoming = FeedbackData(verbatim="Paying is slow", customer=mira)

    row, _is_new = feedback.receive_feedback(source=form, incoming=incoming, by=None, at=NOON)

    owed = Obligation.objects.get()
    assert (owed.customer, owed.feedback, owed.request, owed.outcome) == (mira, row, None, None)
    assert (owed.status, owed.owed_at, owed.released_at) == ("owed", NOON, NOON)
    assert (owed.event.kind, owed.event.subject_id) == ("feedback.received", row.pk)
    assert notice_composition.compose_notices(by=None, at=NOON) == 1


def test_the_same_words_delivered_twice_are_acknowledged_once(form: Source) -> None:
    incoming = FeedbackData(
        verbatim="Slow", customer=make.CustomerFactory.create(), external_id="7"
    )

    for _ in range(2):
        feedback.receive_feedback(source=form, incoming=incoming, by=None, at=NOON)

    assert Obligation.objects.count() == 1


def test_a_person_known_twice_is_told_as_the_one_they_are(form: Source) -> None:
    mira = make.CustomerFactory.create()
    double = make.CustomerFactory.create(merged_into=mira)
    incoming = FeedbackData(verbatim="Slow", customer=double)

    feedback.receive_feedback(source=form, incoming=incoming, by=None, at=NOON)

    assert Obligation.objects.get().customer == mira


def test_one_about_words_of_a_closed_product_is_seen_by_who_may_see_that(
    form: Source, sora: User, mina: User
) -> None:
    form.product = make.ProductFactory.create(is_open=False)
    form.save()
    ProductGrant.objects.create(product=form.product, user=mina)
    mira = make.ContactPointFactory.create(customer=make.ConsentFactory.create().customer).customer
    incoming = FeedbackData(verbatim="Slow", customer=mira)
    feedback.receive_feedback(source=form, incoming=incoming, by=None, at=NOON)
    notice_composition.compose_notices(by=None, at=NOON)

    for rows in (Notice.objects, Obligation.objects):
        assert not rows.visible_to(sora).exists()
        assert rows.visible_to(mina).exists()


def test_one_that_was_missed_is_no_news_when_there_is_an_address(form: Source) -> None:
    incoming = FeedbackData(verbatim="Slow", customer=make.ConsentFactory.create().customer)
    feedback.receive_feedback(source=form, incoming=incoming, by=None, at=NOON)
    Obligation.objects.update(status="suppressed", reason="no_address", settled_at=NOON)

    contact_points.add_contact_point(
        customer_id=Obligation.objects.get().customer_id, email="a@example.org", by=None, at=NOON
    )

    assert Obligation.objects.get().status == "suppressed"


def test_a_colleague_who_files_their_own_idea_is_told_nothing(form: Source, mina: User) -> None:
    incoming = FeedbackData(verbatim="An idea of mine", filed_by=mina)

    feedback.receive_feedback(source=form, incoming=incoming, by=mina, at=NOON)

    assert not Obligation.objects.exists()


def test_other_sources_do_not_acknowledge() -> None:
    incoming = FeedbackData(verbatim="Slow", customer=make.CustomerFactory.create())

    feedback.receive_feedback(
        source=make.SourceFactory.create(), incoming=incoming, by=None, at=NOON
    )

    assert not Obligation.objects.exists()


def test_many_at_once_are_owed_as_one_by_one(form: Source) -> None:
    silent = make.SourceFactory.create()
    messages = [
        (
            source,
            FeedbackData(
                verbatim=f"{n}", identifier=CustomerIdentifier(f"u-{n}", f"u{n}@example.org")
            ),
        )
        for source in (form, silent)
        for n in range(3)
    ]

    feedback.receive_many(messages=messages, by=None, at=NOON)

    assert Obligation.objects.count() == 3
    assert set(Obligation.objects.values_list("feedback__source", flat=True)) == {form.pk}


def test_a_receipt_cannot_be_answered(form: Source) -> None:
    incoming = FeedbackData(verbatim="Slow", customer=make.CustomerFactory.create())
    feedback.receive_feedback(source=form, incoming=incoming, by=None, at=NOON)

    with pytest.raises(errors.NotAnswerable):
        replies.take_answer(
            obligation_id=Obligation.objects.get().pk, verdict="yes", by=None, at=NOON
        )
