"""Workshops: whoever is there writes into the request, while it is on."""

import pytest

from backlog.errors import Invalid, VersionConflict
from backlog.models import CustomerRequest, Event, User
from council import errors
from council.models import AgendaItem, Meeting, Seat
from council.operations import agenda_items, attendances, workshops
from council.queries import workshops as queries
from tests.factories import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def workshop(item: AgendaItem, sora: User) -> AgendaItem:
    """Being discussed, with three departments there."""
    agenda_items.edit_agenda_item(agenda_item_id=item.pk, kind="workshop", by=sora, at=NOON)
    return agenda_items.activate_agenda_item(agenda_item_id=item.pk, by=sora, at=NOON)


def write(workshop: AgendaItem, by: User, words: str, part: str = "root_cause", **more: object):  # type: ignore[no-untyped-def]
    return workshops.work_out(
        agenda_item_id=workshop.pk,
        part=part,
        words=words,
        by=by,
        at=NOON,
        **more,  # type: ignore[arg-type]
    )


def test_a_member_who_is_there_writes_each_part(
    workshop: AgendaItem, members: list[User], pay_faster: CustomerRequest
) -> None:
    seat = Seat.objects.get(terms__user=members[0])
    write(workshop, members[0], "The bank asks twice.")
    write(workshop, members[1], "One tap.", "perfect_picture")
    write(workshop, members[2], "Ask the bank.", "step", department_id=seat.department_id)

    pay_faster.refresh_from_db()
    assert (pay_faster.root_cause, pay_faster.perfect_picture) == (
        "The bank asks twice.",
        "One tap.",
    )
    assert pay_faster.department_steps.get().step == "Ask the bank."
    parts = queries.parts_of(AgendaItem.objects.get(pk=workshop.pk))
    assert [each.words for each in parts][:2] == ["One tap.", "The bank asks twice."]
    assert len(parts) == 2 + 3


def test_is_on_record_with_who_wrote_which_part(workshop: AgendaItem, members: list[User]) -> None:
    write(workshop, members[0], "The bank asks twice.")
    write(workshop, members[1], "The bank asks twice.")

    event = Event.objects.get(kind="agenda_item.worked_out")
    assert event.actor == members[0]
    assert event.data["part"] == "root_cause"
    assert Event.objects.get(kind="request.edited").actor == members[0]


def test_two_write_different_parts_at_once_and_neither_takes_back_the_other(
    workshop: AgendaItem, members: list[User], pay_faster: CustomerRequest
) -> None:
    write(workshop, members[0], "The bank asks twice.", before="")
    write(workshop, members[1], "One tap.", "perfect_picture", before="")

    with pytest.raises(VersionConflict) as refused:
        write(workshop, members[1], "Our form asks twice.", before="")

    assert refused.value.details == {"words": "The bank asks twice."}
    pay_faster.refresh_from_db()
    assert pay_faster.root_cause == "The bank asks twice."


def test_who_is_not_there_writes_nothing(
    workshop: AgendaItem, meeting: Meeting, members: list[User], noor: User
) -> None:
    attendances.leave(meeting_id=meeting.pk, by=members[0], at=NOON)
    for stranger in (members[0], noor):
        with pytest.raises(errors.NotPresent):
            write(workshop, stranger, "Mine.")


def test_nothing_is_written_beside_a_workshop_that_is_on(
    item: AgendaItem, workshop: AgendaItem, meeting: Meeting, members: list[User], sora: User
) -> None:
    agenda_items.edit_agenda_item(agenda_item_id=item.pk, kind="decide", by=sora, at=NOON)
    with pytest.raises(errors.NotAWorkshop):
        write(workshop, members[0], "Mine.")
    agenda_items.edit_agenda_item(agenda_item_id=item.pk, kind="workshop", by=sora, at=NOON)
    AgendaItem.objects.filter(pk=item.pk).update(status="scheduled")
    with pytest.raises(errors.NotAWorkshop):
        write(workshop, members[0], "Mine.")


def test_a_step_is_of_a_department(workshop: AgendaItem, members: list[User]) -> None:
    with pytest.raises(Invalid) as refused:
        write(workshop, members[0], "Ask the bank.", "step")
    assert refused.value.field == "department"
