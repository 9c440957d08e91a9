"""The chain of the whole ledger: how it is sealed, and what a mailed copy shows of it."""

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from backlog.models import Event, Outcome, User
from backlog.operations import erasure
from council.models import LedgerSeal
from council.operations import ledger_seals
from council.queries import ledger_seals as queries
from council.rules.anchors import Anchor
from tests.factories import NOON, backlog

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(minutes=1)
Change = Callable[[list[Event]], object]


def seal(at: Any = NOON) -> int:
    return ledger_seals.seal_ledger(by=None, at=at)


@pytest.fixture
def written(mina: User, noor: User) -> list[Event]:
    """Two links: five events with a reason, and then an outcome with its words."""
    made = [
        backlog.EventFactory.create(
            kind="request.moved", reason=f"Reason {n}.", actor=mina, data={"after": n + 1}, at=NOON
        )
        for n in range(5)
    ]
    seal()
    outcome = backlog.OutcomeFactory.create(summary="Paid in a day.")
    made.append(
        backlog.EventFactory.create(
            kind="outcome.recorded",
            subject_type="outcome",
            subject_id=outcome.pk,
            reason="",
            at=LATER,
        )
    )
    seal(LATER)
    return made


@pytest.fixture
def mailed(written: list[Event]) -> Anchor:
    head = queries.head()
    assert head is not None
    return Anchor(head.number, head.digest)


def rebuild() -> LedgerSeal | None:
    """As somebody does who knows the code: the whole chain anew, from what is there now."""
    LedgerSeal.objects.all().delete()
    while seal():
        pass
    return queries.head()


class TestSealLedger:
    def test_seals_each_event_once_in_links_that_follow_one_another(
        self, written: list[Event]
    ) -> None:
        first, second = LedgerSeal.objects.order_by("number")

        assert (first.number, second.number, second.previous) == (1, 2, first.digest)
        assert len(first.entries) == Event.objects.filter(pk__lte=first.last_event).count()
        assert seal(LATER) == 0
        assert queries.find_break() is None

    def test_seals_what_came_late_with_a_lower_number(self, written: list[Event]) -> None:
        late = written[2]
        facts = Event.objects.filter(pk=late.pk).values().get()
        LedgerSeal.objects.all().delete()
        late.delete()
        seal(NOON)
        Event.objects.create(**facts)

        assert seal(LATER) == 1
        assert queries.find_break() is None

    def test_seals_nothing_twice_after_something_came_late(self, written: list[Event]) -> None:
        late = written[2]
        facts = Event.objects.filter(pk=late.pk).values().get()
        LedgerSeal.objects.all().delete()
        late.delete()
        seal(NOON)
        Event.objects.create(**facts)
        seal(LATER)
        for _ in range(3):
            backlog.EventFactory.create(kind="request.opened", at=LATER)
            assert seal(LATER) == 1

        assert queries.find_break() is None

    def test_looks_for_late_ones_in_so_many_links_only(
        self, written: list[Event], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(ledger_seals, "LATE", 1)
        backlog.EventFactory.create(kind="request.opened", at=LATER)

        assert seal(LATER) == 1
        assert seal(LATER) == 0

    def test_holds_no_words(self, written: list[Event]) -> None:
        assert "Reason" not in str(list(LedgerSeal.objects.values()))

    def test_costs_writers_nothing_and_itself_few_queries(
        self, written: list[Event], django_assert_max_num_queries: Any
    ) -> None:
        backlog.EventFactory.create_batch(40, kind="request.opened", at=LATER)

        with django_assert_max_num_queries(14):
            assert seal(LATER + timedelta(minutes=1)) == 40


class TestFindBreak:
    def test_names_the_first_of_several(self, written: list[Event]) -> None:
        Event.objects.filter(pk__in=[written[3].pk, written[1].pk]).update(reason="Other.")

        found = queries.find_break()

        assert found is not None
        assert found.what == f"event {written[1].pk}"


AGAINST_A_COPY: dict[str, Change] = {
    "a tail is cut, links and all": lambda it: (
        LedgerSeal.objects.filter(number=2).delete(),
        it[-1].delete(),
    ),
    "all is sealed anew after a change": lambda it: (
        Event.objects.filter(pk=it[1].pk).update(reason="Other."),
        rebuild(),
    ),
    "all is sealed anew after an event was deleted": lambda it: (it[1].delete(), rebuild()),
    "all is sealed anew after an outcome was changed": lambda it: (
        Outcome.objects.update(summary="Paid in a week."),
        rebuild(),
    ),
    "the whole chain is gone": lambda it: LedgerSeal.objects.all().delete(),
}


class TestAgainstACopy:
    @pytest.mark.parametrize("what", AGAINST_A_COPY)
    def test_shows_what_the_database_alone_cannot(
        self, what: str, written: list[Event], mailed: Anchor
    ) -> None:
        AGAINST_A_COPY[what](written)

        assert queries.find_break() is None
        assert queries.find_break([mailed]) is not None

    def test_holds_while_the_ledger_grows(self, mailed: Anchor) -> None:
        backlog.EventFactory.create(kind="request.opened", at=LATER)
        seal(LATER + timedelta(minutes=1))

        assert queries.find_break([mailed]) is None


class TestErasure:
    def test_leaves_the_ledger_valid_and_takes_the_salts(self, mina: User) -> None:
        customer = backlog.CustomerFactory.create(name="Mira Quellenhof")
        moved = backlog.EventFactory.create(
            kind="request.moved", reason="For Mira Quellenhof.", actor=mina, at=NOON
        )
        seal()
        erasure.erase_customer(customer_id=customer.pk, reason="They asked.", by=mina, at=LATER)
        moved.refresh_from_db()
        assert "Quellenhof" not in moved.reason
        assert queries.find_break() is None

        seal(LATER)

        assert queries.find_break() is None
        (salt,) = (
            salt
            for each in LedgerSeal.objects.all()
            for what, salt, _digest in each.entries
            if what == f"event {moved.pk}"
        )
        assert salt == ""


class TestVerifyLedger:
    def verify(self, *against: Path) -> str:
        out = StringIO()
        with translation.override("en"):
            call_command("verify_ledger", against=[str(each) for each in against], stdout=out)
        return out.getvalue()

    def test_reads_the_anchor_in_a_mail_and_says_that_all_is_as_it_was(
        self, mailed: Anchor, tmp_path: Path
    ) -> None:
        mail = tmp_path / "minutes.eml"
        mail.write_text(
            "Subject: Minutes\nContent-Type: text/plain; charset=utf-8\n"
            "Content-Transfer-Encoding: quoted-printable\n\n"
            f"Hello,\n{str(mailed)[:60]}=\n{str(mailed)[60:]}\n"
        )

        assert f"when link {mailed.number} was mailed" in self.verify(mail)

    def test_ends_with_one_where_it_is_not(
        self, written: list[Event], mailed: Anchor, tmp_path: Path
    ) -> None:
        copy = tmp_path / "copy.txt"
        copy.write_text(f"> {mailed}\n")
        Event.objects.filter(pk=written[1].pk).update(reason="Other.")

        with pytest.raises(CommandError):
            self.verify(copy)

    def test_says_of_a_file_without_an_anchor_that_there_is_none(self, tmp_path: Path) -> None:
        (tmp_path / "a.txt").write_text("Hello")

        with pytest.raises(CommandError, match="no line"):
            self.verify(tmp_path / "a.txt")
        with pytest.raises(CommandError, match="cannot be read"):
            self.verify(tmp_path / "nothing.txt")
