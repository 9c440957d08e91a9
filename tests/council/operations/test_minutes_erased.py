"""Whoever is forgotten is in no minutes any more, and approved ones stay valid."""

import pytest

from backlog.models import User
from backlog.operations import erasure
from council.models import AgendaItem, Meeting, Minutes
from council.operations import minutes, notes
from council.queries import seals as seal_queries
from tests.council.operations.sitting import after, approve
from tests.factories import backlog

pytestmark = pytest.mark.django_db


@pytest.fixture
def erased(held: Meeting, item: AgendaItem, members: list[User], sora: User) -> Minutes:
    """Approved minutes whose note named a customer who was forgotten since."""
    mira = backlog.CustomerFactory.create(name="Mira Quellenhof")
    notes.set_note(agenda_item_id=item.pk, note="Mira Quellenhof waits.", by=sora, at=after(61))
    minutes.propose_minutes(meeting_id=held.pk, by=sora, at=after(62))
    final = approve(held, *members[:2], at=after(63))
    assert "Quellenhof" in str(final.content)
    erasure.erase_customer(customer_id=mira.pk, reason="They asked.", by=sora, at=after(64))
    final.refresh_from_db()
    return final


def test_the_name_is_gone_and_the_chain_holds(erased: Minutes) -> None:
    assert "Quellenhof" not in str(erased.content)
    assert erased.salt == ""
    assert seal_queries.find_break(erased.council) is None


def test_what_are_no_words_is_still_compared(erased: Minutes) -> None:
    changed = erased.content
    changed["items"][0]["used"] = 1
    Minutes.objects.update(content=changed)

    found = seal_queries.find_break(erased.council)

    assert found is not None
    assert found.damage == "minutes_changed"
