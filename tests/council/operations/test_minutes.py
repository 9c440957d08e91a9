"""Minutes: assembled from the record, reviewed, approved, published, and corrected."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from backlog.errors import Invalid, ReasonRequired, VersionConflict
from backlog.models import CustomerRequest, Event, User
from council import errors
from council.models import AgendaItem, Ballot, Council, Letter, Meeting, Minutes
from council.operations import (
    agenda_items,
    amendments,
    ballots,
    councils,
    meetings,
    minutes,
    notes,
)
from council.queries import minutes as minutes_queries
from council.queries import minutes_editions
from council.queries import seals as seal_queries
from council.rules import minutes as rules
from tests.council.operations.sitting import after, approve
from tests.council.operations.voting import say
from tests.factories import NOON
from tests.factories import council as make

pytestmark = pytest.mark.django_db
Put = Callable[..., Ballot]


def status_of(meeting: Meeting) -> str:
    meeting.refresh_from_db()
    return str(meeting.status)


class TestAssemble:
    def test_says_what_is_on_record_without_anybody_writing_it(
        self, held: Meeting, item: AgendaItem, members: list[User]
    ) -> None:
        content = minutes_queries.assemble(held.minutes_versions.get())

        assert {each["user"] for each in content["attendances"]} == {it.pk for it in members}
        assert all(each["left_at"] == after(60).isoformat() for each in content["attendances"])
        first, second = content["items"]
        assert (first["title"], first["note"]) == ("Pay faster", "The bank waits.")
        (proposal,) = first["proposals"]
        assert (proposal["version"], proposal["result"]) == (1, "carried")
        counts = {each["answer"]: each["seats"] for each in proposal["counts"]}
        assert counts == {"yes": 2, "no": 1}
        assert proposal["dissent"] == [{"user": members[2].pk, "reason": "Too dear."}]
        (decision,) = first["decisions"]
        assert decision["verdict"] == "approve"
        (action,) = first["actions"]
        assert (action["title"], action["owner"]) == ("Ask the bank", members[0].pk)
        assert (second["title"], second["decisions"]) == ("Holidays", [])

    def test_counts_the_time_of_each_item_also_without_a_decision(self, held: Meeting) -> None:
        content = minutes_queries.assemble(held.minutes_versions.get())

        assert [(it["planned"], it["used"]) for it in content["items"]] == [(10, 20), (10, 35)]

    def test_adds_up_the_times_of_an_item_that_was_taken_up_twice(
        self, meeting: Meeting, sora: User
    ) -> None:
        one, two = make.AgendaItemFactory.create_batch(
            2, meeting=meeting, request=None, title="Topic"
        )
        for minute, each in ((0, one), (10, two), (15, one)):
            agenda_items.activate_agenda_item(agenda_item_id=each.pk, by=sora, at=after(minute))
        agenda_items.carry_over_agenda_item(agenda_item_id=one.pk, by=sora, at=after(22))
        meetings.end_meeting(meeting_id=meeting.pk, by=sora, at=after(50))
        meeting.refresh_from_db()

        assert minutes_queries.minutes_used(meeting) == {one.pk: 17, two.pk: 5}

    def test_keeps_what_was_said_on_a_blind_ballot_that_was_never_closed(
        self, meeting: Meeting, item: AgendaItem, put: Put, members: list[User], sora: User
    ) -> None:
        ballot = put()
        say(ballot, members[0], "no", reason="Never.")
        ballots.withdraw_ballot(ballot_id=ballot.pk, reason="Later.", by=sora, at=after(3))
        meetings.end_meeting(meeting_id=meeting.pk, by=sora, at=after(9))

        content = minutes_queries.assemble(meeting.minutes_versions.get())

        (proposal,) = content["items"][0]["proposals"]
        assert (proposal["counts"], proposal["dissent"]) == ([], [])

    def test_has_every_field_in_one_edition_or_the_other(self, held: Meeting) -> None:
        content = minutes_queries.assemble(held.minutes_versions.get())

        assert set(_paths(content)) <= set(rules.EDITION)

    def test_costs_the_same_for_one_item_and_for_eleven(self, held: Meeting, queries: Any) -> None:
        row = held.minutes_versions.get()
        with queries():
            minutes_queries.assemble(row)
        for item in make.AgendaItemFactory.create_batch(10, meeting=held):
            ballot = make.BallotFactory.create(
                agenda_item=item, status="closed", result="carried", ended_at=NOON
            )
            make.StanceFactory.create(ballot=ballot)
            make.DecisionFactory.create(agenda_item=item, request=item.request)
        with queries():
            minutes_queries.assemble(row)


def _paths(value: Any, path: str = "") -> list[str]:
    if isinstance(value, dict):
        return [it for k, v in value.items() for it in _paths(v, f"{path}.{k}".lstrip("."))]
    if isinstance(value, list):
        return [it for each in value for it in _paths(each, path)]
    return [path]


class TestReview:
    def test_gives_a_snapshot_to_those_who_were_there(
        self, held: Meeting, proposed: Minutes, members: list[User]
    ) -> None:
        assert (proposed.status, proposed.revision) == ("review", 1)
        assert proposed.review_until == after(61) + timedelta(days=7)
        assert status_of(held) == "minutes_review"
        written = Letter.objects.filter(kind="review")
        assert set(written.values_list("user", flat=True)) == {it.pk for it in members}

    def test_twice_is_once(self, held: Meeting, proposed: Minutes, sora: User) -> None:
        again = minutes.propose_minutes(meeting_id=held.pk, by=sora, at=after(70))

        assert (again.pk, again.revision) == (proposed.pk, 1)
        assert Event.objects.filter(kind="minutes.proposed").count() == 1

    def test_waits_for_the_end_of_the_meeting(self, meeting: Meeting, sora: User) -> None:
        with pytest.raises(errors.MeetingNotOver):
            minutes.propose_minutes(meeting_id=meeting.pk, by=sora, at=after(1))

    def test_takes_no_more_notes_but_by_amendments(
        self, held: Meeting, item: AgendaItem, proposed: Minutes, sora: User
    ) -> None:
        with pytest.raises(errors.MinutesInReview):
            notes.set_note(agenda_item_id=item.pk, note="Other.", by=sora, at=after(62))
        with pytest.raises(errors.MinutesInReview):
            minutes.set_remarks(meeting_id=held.pk, remarks="Other.", by=sora, at=after(62))


class TestSetNote:
    def test_takes_back_nothing_that_somebody_else_wrote(
        self, meeting: Meeting, item: AgendaItem, sora: User
    ) -> None:
        notes.set_note(agenda_item_id=item.pk, note="One.", version=item.version, by=sora, at=NOON)

        with pytest.raises(VersionConflict):
            notes.set_note(
                agenda_item_id=item.pk, note="Two.", version=item.version, by=sora, at=NOON
            )

    def test_twice_is_once(self, meeting: Meeting, item: AgendaItem, sora: User) -> None:
        for _ in range(2):
            notes.set_note(agenda_item_id=item.pk, note="One.", by=sora, at=NOON)

        assert Event.objects.filter(kind="minutes.noted").count() == 1


class TestApproval:
    def test_takes_more_than_half_of_those_who_were_there(
        self, held: Meeting, proposed: Minutes, members: list[User]
    ) -> None:
        assert approve(held, members[0]).status == "review"
        assert approve(held, members[0]).status == "review"

        row = approve(held, members[1])

        assert (row.status, row.number, row.approved_how) == ("approved", 1, "vote")
        assert status_of(held) == "approved"
        assert approve(held, members[1]).number == 1

    def test_is_for_those_who_were_there(
        self, held: Meeting, proposed: Minutes, noor: User
    ) -> None:
        with pytest.raises(errors.WasNotThere):
            approve(held, noor)

    def test_seals_and_mails_them_once_to_each(
        self, council: Council, approved: Minutes, members: list[User]
    ) -> None:
        seal = council.seals.get(subject_type="minutes")
        assert seal.content["number"] == 1
        assert "Too dear" not in str(seal.content)
        assert seal_queries.find_break(council) is None
        letters = Letter.objects.filter(kind="minutes")
        assert sorted(letters.values_list("user", flat=True)) == sorted(it.pk for it in members)

    def test_comes_by_silence_when_the_time_is_over(self, held: Meeting, proposed: Minutes) -> None:
        early, late = after(60) + timedelta(days=6), after(61) + timedelta(days=7)

        assert not minutes.approve_by_silence(meeting_id=held.pk, by=None, at=early)
        assert minutes.approve_by_silence(meeting_id=held.pk, by=None, at=late)
        assert not minutes.approve_by_silence(meeting_id=held.pk, by=None, at=late)

        row = held.minutes_versions.get()
        assert (row.approved_how, row.number) == ("silence", 1)

    def test_by_silence_waits_for_a_quorum_where_the_house_wants_one(
        self, council: Council, held: Meeting, proposed: Minutes, members: list[User]
    ) -> None:
        councils.edit_council(
            council_id=council.pk,
            minutes_need_quorum=True,
            quorum_numerator=1,
            quorum_denominator=3,
            by=None,
            at=after(61),
        )
        late = after(61) + timedelta(days=8)

        assert not minutes.approve_by_silence(meeting_id=held.pk, by=None, at=late)
        approve(held, members[0])
        assert minutes.approve_by_silence(meeting_id=held.pk, by=None, at=late)

    def test_numbers_them_one_after_another_for_each_council(
        self, council: Council, approved: Minutes, members: list[User], sora: User
    ) -> None:
        other: Meeting = make.MeetingFactory.create(
            council=council, status="minutes_draft", opened_at=NOON, ended_at=after(90)
        )
        make.AttendanceFactory.create(meeting=other, user=members[0])
        minutes.propose_minutes(meeting_id=other.pk, by=sora, at=after(91))

        assert approve(other, members[0]).number == 2


class TestApproved:
    """Nothing changes them any more, by whatever way."""

    def test_is_refused_by_every_operation(
        self, held: Meeting, item: AgendaItem, approved: Minutes, members: list[User], sora: User
    ) -> None:
        before = Minutes.objects.values().get()
        with pytest.raises(errors.MinutesFinal):
            notes.set_note(agenda_item_id=item.pk, note="Other.", by=sora, at=after(70))
        with pytest.raises(errors.MinutesFinal):
            minutes.set_remarks(meeting_id=held.pk, remarks="Other.", by=sora, at=after(70))
        with pytest.raises(errors.MinutesFinal):
            minutes.propose_minutes(meeting_id=held.pk, by=sora, at=after(70))
        with pytest.raises(errors.MinutesFinal):
            amendments.propose_amendment(
                meeting_id=held.pk, text="Other.", by=members[0], at=after(70)
            )

        assert Minutes.objects.values().get() == before

    def test_shows_in_the_chain_when_the_database_is_changed(
        self, council: Council, approved: Minutes
    ) -> None:
        for change in (
            {"content": approved.content | {"remarks": "Other."}},
            {"approved_how": "silence"},
            {"number": 2},
        ):
            with transaction.atomic():
                Minutes.objects.update(**change)
                found = seal_queries.find_break(council)
                assert found is not None, change
                assert found.damage == "minutes_changed"
                transaction.set_rollback(True)

    def test_shows_in_the_chain_when_it_was_put_in_without_a_seal(
        self, council: Council, approved: Minutes
    ) -> None:
        council.seals.filter(subject_type="minutes").delete()

        assert seal_queries.find_break(council) is not None

    def test_is_no_row_without_number_and_time(self, proposed: Minutes) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            Minutes.objects.update(status="approved")


class TestPublish:
    def test_waits_for_the_approval(self, held: Meeting, proposed: Minutes, sora: User) -> None:
        with pytest.raises(errors.MinutesNotApproved):
            minutes.publish_minutes(meeting_id=held.pk, by=sora, at=after(70))

    def test_shows_customers_what_was_decided_and_what_the_house_chose(
        self, held: Meeting, approved: Minutes, members: list[User], sora: User
    ) -> None:
        for chosen, says in (([], False), (["rationale", "departments"], True)):
            row = minutes.publish_minutes(meeting_id=held.pk, shared=chosen, by=sora, at=after(70))
            shown = minutes_editions.edition_of(row, sora, "customers").content
            (item,) = shown["items"]
            assert item["decisions"][0]["verdict"] == "approve"
            assert ("rationale" in item["decisions"][0]) is says
            assert bool(shown["attendances"]) is says
            text = str(shown)
            assert not [it for it in members if it.name in text]
            assert "Too dear" not in text
            assert "user" not in text
        assert status_of(held) == "published"
        assert seal_queries.find_break(held.council) is None

    def test_refuses_a_field_that_there_is_not(
        self, held: Meeting, approved: Minutes, sora: User
    ) -> None:
        with pytest.raises(Invalid):
            minutes.publish_minutes(meeting_id=held.pk, shared=["dissent"], by=sora, at=after(70))

    def test_twice_is_once(self, held: Meeting, approved: Minutes, sora: User) -> None:
        for _ in range(2):
            minutes.publish_minutes(meeting_id=held.pk, shared=["notes"], by=sora, at=after(70))

        assert Event.objects.filter(kind="minutes.published").count() == 1


class TestCorrect:
    def test_begins_another_version_that_says_so(
        self, held: Meeting, item: AgendaItem, approved: Minutes, members: list[User], sora: User
    ) -> None:
        with pytest.raises(ReasonRequired):
            minutes.correct_minutes(meeting_id=held.pk, reason=" ", by=sora, at=after(80))
        corrected = minutes.correct_minutes(
            meeting_id=held.pk, reason="The bank said no.", by=sora, at=after(80)
        )
        assert (
            minutes.correct_minutes(meeting_id=held.pk, reason="Again.", by=sora, at=after(80))
            == corrected
        )
        notes.set_note(agenda_item_id=item.pk, note="The bank refuses.", by=sora, at=after(81))
        minutes.propose_minutes(meeting_id=held.pk, by=sora, at=after(82))
        last = approve(held, *members[:2], at=after(83))

        assert (last.version, last.number) == (2, 1)
        assert last.content["correction"] == "The bank said no."
        approved.refresh_from_db()
        assert approved.content["items"][0]["note"] == "The bank waits."
        assert approved.status == "approved"
        assert seal_queries.find_break(held.council) is None

    def test_is_of_approved_minutes(self, held: Meeting, proposed: Minutes, sora: User) -> None:
        with pytest.raises(errors.MinutesNotApproved):
            minutes.correct_minutes(meeting_id=held.pk, reason="Wrong.", by=sora, at=after(80))


class TestReaders:
    def test_see_of_a_closed_product_only_the_time_that_it_took(
        self, approved: Minutes, pay_faster: CustomerRequest, omar: User
    ) -> None:
        assert "Pay faster" in str(minutes_editions.edition_of(approved, omar).content)
        pay_faster.product.is_open = False
        pay_faster.product.save()

        edition = minutes_editions.edition_of(approved, omar)

        assert edition.content["items"][0].keys() == {"id", "planned", "used"}
        assert "Pay faster" not in str(edition.content)
