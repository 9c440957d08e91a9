"""One bad row stops no other: each is broken in another way, and everybody else is told at once."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import translation

from backlog import tasks
from backlog.delivery import failure_texts
from backlog.models import (
    ContactPoint,
    Customer,
    Feedback,
    MessageTemplate,
    Notice,
    Obligation,
    Outcome,
    StatusUpdate,
)
from backlog.operations import notice_composition
from backlog.rules import retries
from tests import audience, smtp
from tests.backlog.pages.conftest import signed_in
from tests.factories import NOON
from tests.factories import backlog as make
from tests.unchecked import lift_checks, restore_checks

pytestmark = pytest.mark.django_db
END_OF_TIME = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
BEGINNING = datetime(1, 1, 1, tzinfo=UTC)
Harm = Callable[[Customer], object]


@pytest.fixture
def _anything_can_be_stored() -> Iterator[None]:
    lift_checks(Customer, ContactPoint, Feedback, MessageTemplate, StatusUpdate, Notice, Outcome)
    yield
    restore_checks()


def owed(customer: Customer) -> Any:
    return Obligation.objects.filter(customer=customer)


def said(at: datetime, zone: str) -> Harm:
    def harm(customer: Customer) -> None:
        Feedback.objects.filter(customer=customer).update(said_at=at)
        Customer.objects.filter(pk=customer.pk).update(time_zone=zone)

    return harm


def outcome(**facts: Any) -> Harm:
    """What became of it is told to this customer alone, and is broken."""

    def harm(customer: Customer) -> None:
        made = make.OutcomeFactory.create(recorded_at=NOON)
        Outcome.objects.filter(pk=made.pk).update(**facts)
        owed(customer).update(announcement=made.announcement)

    return harm


def status_update(**facts: Any) -> Harm:
    def harm(customer: Customer) -> None:
        made = make.StatusUpdateFactory.create()
        StatusUpdate.objects.filter(pk=made.pk).update(**facts)
        owed(customer).update(announcement=made.announcement)

    return harm


def template(**parts: str) -> Harm:
    """The words of a product that only this customer hears of."""

    def harm(customer: Customer) -> None:
        made = make.OutcomeFactory.create()
        owed(customer).update(announcement=made.announcement, request=made.commitment.request)
        product = made.commitment.request.product
        for language in ("ko", "en"):
            make.MessageTemplateFactory.create(product=product, language=language, **parts)

    return harm


def address(text: str) -> Harm:
    return lambda customer: customer.contact_points.update(address=text)


def notice(**facts: Any) -> Harm:
    """Written by another version."""

    def harm(customer: Customer) -> None:
        made = make.NoticeFactory.create(customer=customer, **facts)
        make.NoticeItemFactory.create(notice=made, obligation=owed(customer).get())

    return harm


def server(name: str) -> Harm:
    return address(f"{name}@example.org")


SAYS = {
    "nobody@example.org": "550 5.1.1 No such user",
    "full@example.org": "552 5.2.2 Mailbox full",
    "busy@example.org": "450 4.2.1 Mailbox busy",
    "spam@example.org": "554 5.6.0 Looks like spam",
}
BROKEN: dict[str, Harm] = {
    "said at the end of time": said(END_OF_TIME, "Asia/Seoul"),
    "said at the beginning of time": said(BEGINNING, "America/New_York"),
    "shipped at the end of time": outcome(shipped_at=END_OF_TIME),
    "a summary that is a list": outcome(summary=["Paying takes two taps now."]),
    "a summary that is one text": outcome(summary="Paying takes two taps now."),
    "a summary that is nothing": outcome(summary=0),
    "what is missing is a list": outcome(missing=["iPads"]),
    "a result that nobody knows": outcome(result="sideways"),
    "words that are a list": status_update(words=["Not this year."]),
    "news that nobody knows": status_update(kind="rumour"),
    "a template with an unknown field": template(opening="{{ revenue }}"),
    "a template that is not closed": template(closing="Bye, {{ name"),
    "a letter that is not there": notice(template="nosuch"),
    "no address": address("mira"),
    "an address of several lines": address("mira@example.org\nBcc: all@example.org"),
    "an address in Korean": address("미라@example.org"),
    "a domain that no name server knows how to write": address(f"mira@{'너' * 60}.example"),
    "a server that knows no such user": server("nobody"),
    "a mailbox that is full": server("full"),
    "a message that is refused": server("spam"),
}
HEALED: dict[str, dict[str, str]] = {
    "a zone that this machine does not know": {"time_zone": "Gone/Nowhere"},
    "a zone that is a path": {"time_zone": "../../etc/passwd"},
    "no zone": {"time_zone": ""},
    "a language that nobody speaks": {"language": "xx"},
    "no language": {"language": ""},
    "a name of several lines": {"name": "Mira\r\nBcc: all@example.org"},
    "a name with marks for right to left": {"name": "\u202eariM\u200f \u2067x"},
    "a name that looks like a field": {"name": "{{ revenue }} {% now %}"},
    "a name of control characters": {"name": "\x07\x1b[31m\x0b\x7f\x85"},
    "a name of emoji": {"name": "👩‍👩‍👧‍👦" * 10},
}


@pytest.mark.usefixtures("_anything_can_be_stored")
def test_of_200_of_whom_20_are_broken_180_are_told_at_once_and_20_say_why(
    box: smtp.Postbox, ada: Any
) -> None:
    outcome = audience.announce(asked_by=200)
    people = list(
        Customer.objects.filter(obligations__announcement__outcome=outcome).order_by("pk")
    )
    victims = people[::10]
    assert len(victims) == len(BROKEN) == 20
    for victim, harm in zip(victims, BROKEN.values(), strict=True):
        harm(victim)
    for customer, facts in zip(people[1::10], HEALED.values(), strict=False):
        Customer.objects.filter(pk=customer.pk).update(**facts)
    box.answer_to = lambda to: SAYS.get(to, "250 OK") if "spam" not in to else "250 OK"
    box.answer_data = lambda to: SAYS["spam@example.org"] if "spam" in to else "250 OK"

    tasks.deliver_notices()

    told = set(Obligation.objects.filter(status="told").values_list("customer_id", flat=True))
    assert told == {customer.pk for customer in people} - {victim.pk for victim in victims}
    assert len(box.deliveries) == 180
    failed = {each.customer_id: each for each in Notice.objects.exclude(status="sent")}
    reasons = {
        name: failed[victim.pk].failure for name, victim in zip(BROKEN, victims, strict=True)
    }
    assert all(reasons.values()), reasons
    assert Counter(each.status for each in failed.values()).keys() == {"queued", "dead"}
    for language in ("ko", "en"):
        with translation.override(language):
            for name, failure in reasons.items():
                assert str(failure_texts.cause_of(failure).words) not in ("", failure), name
    page = signed_in(ada).get("/loop/delivery/").content.decode()
    assert "A date in it is too far away to be shown." in page


@pytest.mark.usefixtures("_anything_can_be_stored")
def test_what_cannot_be_written_is_tried_a_bounded_number_of_times_and_then_given_up(
    caplog: pytest.LogCaptureFixture,
) -> None:
    audience.announce(asked_by=1)
    said(END_OF_TIME, "Asia/Seoul")(Customer.objects.get())

    for _ in range(retries.MAX_ATTEMPTS + 3):
        tasks.deliver_notices()
        Notice.objects.update(not_before=NOON)

    notice = Notice.objects.get()
    assert (notice.status, notice.attempts) == ("dead", retries.MAX_ATTEMPTS)
    assert notice.failure == "cannot be written: OverflowError: date value out of range"
    assert "Traceback" in caplog.text


def test_what_cannot_be_composed_waits_apart_and_the_others_are_told(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Seen to fail, with nobody told, when all are composed in one transaction."""
    audience.announce(asked_by=30)
    [*_, bad] = Customer.objects.order_by("pk")[:7]
    when = notice_composition._when

    def is_broken(customer: Any, *more: Any) -> dict[str, Any]:
        if customer.pk == bad.pk:
            raise ZeroDivisionError
        return when(customer, *more)

    monkeypatch.setattr(notice_composition, "_when", is_broken)

    tasks.deliver_notices()

    assert Counter(Notice.objects.values_list("status", flat=True)) == {"sent": 29, "queued": 1}
    waits = Notice.objects.get(status="queued")
    assert (waits.customer, waits.attempts) == (bad, 1)
    assert waits.failure == "cannot be written: ZeroDivisionError"
    assert waits.not_before - waits.created_at >= timedelta(minutes=2)
    assert f"The message to customer {bad.pk} cannot be composed" in caplog.text


def test_a_preview_that_cannot_be_written_says_why(mina: Any) -> None:
    outcome = audience.record(asked_by=1)
    customer = Customer.objects.get()
    lift_checks(Feedback)
    try:
        said(END_OF_TIME, "Asia/Seoul")(customer)
        for name in ("", "html/"):
            page = signed_in(mina).get(f"/outcomes/{outcome.pk}/preview/{customer.pk}/{name}")
            assert page.status_code == 200
            assert "The message cannot be written: OverflowError" in page.content.decode()
    finally:
        restore_checks()
