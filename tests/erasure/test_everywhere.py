"""After somebody was erased, no dump and no file knows them, and every figure stands."""

import gc
import shutil
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from backlog.delivery import mailbox
from backlog.models import Customer, Event, Feedback, Notice, Obligation
from backlog.operations import erasure
from backlog.queries import erasure_preview
from council.queries import seals as seal_queries
from tests.erasure import planted as world
from tests.factories import NOON

pytestmark = pytest.mark.django_db(transaction=True)
LATER = NOON + timedelta(days=1)


@pytest.fixture(autouse=True)
def clean_files() -> Iterator[None]:
    """What other tests wrote to nobody's harm would be counted here."""
    _remove_files()
    yield
    _remove_files()


def _remove_files() -> None:
    for name in ("mailbox", "reports"):
        shutil.rmtree(Path(settings.DATA_DIR) / name, ignore_errors=True)


@pytest.fixture
def planted() -> world.Planted:
    return world.plant()


def erase(customer: Customer, planted: world.Planted) -> None:
    erasure.erase_customer(
        customer_id=customer.pk, reason="Asked by phone.", by=planted.admin, at=LATER
    )


def test_the_person_is_found_everywhere_before(planted: world.Planted) -> None:
    assert set(world.traces_in(world.dump())) == set(world.TRACES)
    assert world.NAME in world.sessions()
    assert world.traces_in_files()


@pytest.mark.parametrize("which", ["mira", "double"], ids=["survivor", "merged"])
def test_nothing_is_left_of_them(planted: world.Planted, which: str) -> None:
    erase(getattr(planted, which), planted)

    assert [line for line in world.dump().splitlines() if any(world.traces_in(line))] == []
    assert list(world.traces_in(world.sessions())) == []


@pytest.mark.skipif("postgres" in str(settings.DATABASES["default"]["ENGINE"]), reason="a file")
def test_nothing_is_left_in_any_file(planted: world.Planted) -> None:
    gc.collect()  # A reader that an earlier test left behind would keep the log from being folded.
    erase(planted.mira, planted)
    connection.close()

    assert world.traces_in_files() == []
    assert [mail.to for mail in mailbox.messages()] == ["other@example.com"]


def test_figures_decisions_and_the_chain_stand(planted: world.Planted) -> None:
    before = world.figures(planted)
    call_command("check_loop", stdout=StringIO())
    assert seal_queries.find_break(planted.council) is None

    erase(planted.mira, planted)

    assert world.figures(planted) == before
    assert seal_queries.find_break(planted.council) is None
    call_command("check_loop", stdout=StringIO())
    call_command("verify_ledger", stdout=StringIO())


def test_the_chain_still_shows_what_was_changed_by_hand(planted: world.Planted) -> None:
    planted.council.decisions.update(rationale="Nobody asked.", salt="")

    assert seal_queries.find_break(planted.council) is not None


def test_what_waited_for_them_does_not_leave(planted: world.Planted) -> None:
    erase(planted.mira, planted)

    assert not Notice.objects.filter(status__in=["queued", "sending", "held"]).exists()
    left_out = Obligation.objects.filter(status="suppressed")
    # One that waited to leave, and what was decided and not announced yet.
    assert {(it.reason, it.settled_at) for it in left_out} == {("erased", LATER)}
    assert not Obligation.objects.filter(status="owed").exists()


def test_it_is_on_record_without_the_name(planted: world.Planted) -> None:
    erase(planted.mira, planted)

    events = Event.objects.filter(kind="customer.erased").order_by("subject_id")
    assert [event.subject_id for event in events] == [planted.mira.pk, planted.double.pk]
    assert {(event.actor, event.reason) for event in events} == {(planted.admin, "Asked by phone.")}


def test_the_token_stays(planted: world.Planted) -> None:
    erase(planted.double, planted)

    assert [
        (row.token, row.erased_at, str(row)) for row in Customer.objects.order_by("pk")[:2]
    ] == [(each.token, LATER, f"#{each.token}") for each in (planted.mira, planted.double)]
    assert not Feedback.objects.exclude(erased_at=LATER).exists()


def test_a_preview_says_what_goes_and_what_stays(planted: world.Planted) -> None:
    found = erasure_preview.preview(customer_id=planted.mira.pk, at=LATER)

    assert (found.records, found.addresses, found.numbers, found.words) == (2, 2, 2, 3)
    assert (found.ratings, found.answers, found.evidence, found.sent_messages) == (2, 1, 2, 2)
    assert (found.mails, found.reports, found.unsent_messages) == (2, 1, 1)
    assert {"backlog.CustomerRequest", "council.Decision"} <= found.mentions.keys()
