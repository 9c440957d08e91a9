"""Amendments: those who were there say what the minutes should say instead."""

from datetime import timedelta
from typing import Any

import pytest

from backlog.errors import Invalid, ReasonRequired
from backlog.models import User
from council import errors
from council.models import AgendaItem, Meeting, Minutes
from council.operations import amendments, minutes
from council.queries import minutes as minutes_queries
from tests.council.operations.sitting import after, approve
from tests.factories import council as make

pytestmark = pytest.mark.django_db


class TestAmendments:
    def amend(self, meeting: Meeting, by: User, text: str = "The bank agreed.", **of: Any) -> Any:
        return amendments.propose_amendment(
            meeting_id=meeting.pk, text=text, by=by, at=after(65), **of
        )

    def test_changes_the_note_and_asks_everybody_anew(
        self,
        held: Meeting,
        proposed: Minutes,
        item: AgendaItem,
        members: list[User],
        sora: User,
    ) -> None:
        approve(held, members[1])
        amendment = self.amend(held, members[0], agenda_item_id=item.pk)

        amendments.answer_amendment(
            amendment_id=amendment.pk, is_accepted=True, by=sora, at=after(66)
        )

        proposed.refresh_from_db()
        assert proposed.revision == 2
        assert proposed.content["items"][0]["note"] == "The bank agreed."
        assert not minutes_queries.approved_by(proposed).exists()

    def test_changes_the_remarks_where_no_item_is_named(
        self, held: Meeting, proposed: Minutes, members: list[User], sora: User
    ) -> None:
        amendment = self.amend(held, members[0], "We met late.")

        amendments.answer_amendment(
            amendment_id=amendment.pk, is_accepted=True, by=sora, at=after(66)
        )

        proposed.refresh_from_db()
        assert proposed.content["remarks"] == "We met late."

    def test_is_declined_with_a_reason_only(
        self, held: Meeting, proposed: Minutes, members: list[User], sora: User
    ) -> None:
        amendment = self.amend(held, members[0])
        answer: dict[str, Any] = {"amendment_id": amendment.pk, "by": sora, "at": after(66)}

        with pytest.raises(ReasonRequired):
            amendments.answer_amendment(is_accepted=False, **answer)
        amendments.answer_amendment(is_accepted=False, reason="It did not.", **answer)
        with pytest.raises(errors.AmendmentAnswered):
            amendments.answer_amendment(is_accepted=True, **answer)

    def test_is_for_those_who_were_there(
        self, held: Meeting, proposed: Minutes, noor: User
    ) -> None:
        with pytest.raises(errors.WasNotThere):
            self.amend(held, noor)

    def test_says_something_and_of_this_meeting(
        self, held: Meeting, proposed: Minutes, members: list[User]
    ) -> None:
        with pytest.raises(Invalid):
            self.amend(held, members[0], "  ")
        with pytest.raises(Invalid):
            self.amend(held, members[0], agenda_item_id=make.AgendaItemFactory.create().pk)

    def test_twice_is_once(self, held: Meeting, proposed: Minutes, members: list[User]) -> None:
        assert self.amend(held, members[0]) == self.amend(held, members[0])

    def test_keeps_the_minutes_from_being_approved_while_it_is_open(
        self, held: Meeting, proposed: Minutes, members: list[User]
    ) -> None:
        self.amend(held, members[0])

        with pytest.raises(errors.AmendmentsOpen):
            approve(held, members[1])
        late = after(61) + timedelta(days=8)
        assert not minutes.approve_by_silence(meeting_id=held.pk, by=None, at=late)
