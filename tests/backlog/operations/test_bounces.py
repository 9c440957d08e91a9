"""What mail servers say later: kept once, in any order, and heeded."""

import pytest

from backlog import errors
from backlog.delivery import rendering
from backlog.models import ContactPoint, Event, Notice, Obligation
from backlog.operations import bounces, notices, replies
from backlog.queries import integrity_checks
from backlog.queries import notices as notice_queries
from tests.backlog.operations.notices import asker, obligation_of, owed, reload, written
from tests.factories import NOON
from tests.factories import backlog as make

pytestmark = pytest.mark.django_db


def told() -> Notice:
    """A message that a server has taken."""
    notice = written()
    [claim] = notices.claim_notices(by=None, at=NOON)
    notices.record_sent(notice_ids=[notice.pk], lease_token=claim.token, by=None, at=NOON)
    return Notice.objects.get(pk=notice.pk)


def report(notice: Notice, kind: str, detail: str = "") -> bool:
    return bounces.record_report(
        message_id=rendering.message_id(notice), kind=kind, detail=detail, by=None, at=NOON
    )


def _address(notice: Notice) -> str:
    return ContactPoint.objects.get(customer=notice.customer).address


def state_of(notice: Notice) -> tuple[str, str, str]:
    """Of the message, of what it told, and of the address."""
    notice.refresh_from_db()
    assert notice.contact_point is not None
    return notice.status, obligation_of(notice).status, notice.contact_point.state


def told_twice_of_one_request() -> tuple[Notice, Obligation]:
    """A message with two news of one request, and the later of them."""
    mira = asker()
    first = owed(mira)
    again = owed(mira, request=first.request)
    notice = make.NoticeFactory.create(customer=mira)
    for obligation in (first, again):
        make.NoticeItemFactory.create(notice=notice, obligation=obligation)
    [claim] = notices.claim_notices(by=None, at=NOON)
    notices.record_sent(notice_ids=[notice.pk], lease_token=claim.token, by=None, at=NOON)
    return notice, again


class TestRecordReport:
    @pytest.mark.parametrize(
        ("kind", "states"),
        [
            ("delivered", ("delivered", "told", "usable")),
            ("returned", ("bounced", "bounced", "usable")),
            ("bounced", ("bounced", "bounced", "bounced")),
            ("complained", ("complained", "told", "complained")),
        ],
    )
    def test_keeps_what_became_of_a_message(self, kind: str, states: tuple[str, ...]) -> None:
        notice = told()

        assert report(notice, kind, "550 5.1.1 \x00No such user")

        assert state_of(notice) == states
        notice.refresh_from_db()
        event = Event.objects.get(subject_type="notice")
        assert event.kind == f"notice.{states[0]}"
        assert event.data.keys() == {"happened_at", "judged_as"}
        assert notice.failure == ("" if kind == "delivered" else "550 5.1.1 No such user")
        assert all(not check.find().exists() for check in integrity_checks.CHECKS)

    def test_says_why_the_customer_was_not_told(self) -> None:
        returned, bounced = told(), told()

        report(returned, "returned")
        report(bounced, "bounced")

        assert obligation_of(returned).reason == "returned"
        assert obligation_of(bounced).reason == "bounced"
        assert Event.objects.filter(kind="obligation.bounced").count() == 2

    @pytest.mark.parametrize(
        ("kind", "detail", "judged_as"),
        [
            ("bounced", "550 5.2.1 The account is disabled", "disabled"),
            ("bounced", "", "no_mailbox"),
            ("bounced", "550 Sorry", "no_mailbox"),
            ("returned", "550 5.2.2 Mailbox full", "full"),
            ("returned", "550 Blocked by our blacklist", "policy"),
            ("returned", "550 5.1.1 User unknown", "unclear"),
            ("delivered", "250 OK", ""),
            ("complained", "abuse", ""),
        ],
    )
    def test_writes_down_what_the_words_were_taken_to_mean(
        self, kind: str, detail: str, judged_as: str
    ) -> None:
        notice = told()

        report(notice, kind, detail)

        notice.refresh_from_db()
        assert notice.judged_as == judged_as
        assert Event.objects.get(subject_type="notice").data["judged_as"] == judged_as

    def test_of_somebody_else_ends_no_address(self) -> None:
        """The message had gone on, to a member of an alias for instance."""
        notice, shouted = told(), told()
        for each, recipient in ((notice, "gone@example.org"), (shouted, _address(shouted).upper())):
            bounces.record_report(
                message_id=rendering.message_id(each),
                kind="bounced",
                detail="550 5.1.1 User unknown",
                recipient=recipient,
                by=None,
                at=NOON,
            )

        assert state_of(notice) == ("bounced", "bounced", "usable")
        assert obligation_of(notice).reason == "returned"
        assert reload(notice).judged_as == "other_recipient"
        assert state_of(shouted) == ("bounced", "bounced", "bounced")

    @pytest.mark.parametrize("form", ["{}", " {} ", "{0[0]}", "<{0[0]}>"])
    def test_know_a_message_however_its_id_is_written(self, form: str) -> None:
        notice = told()
        bare = rendering.message_id(notice).strip("<>")
        written = form.format([bare]) if "0" in form else form.format(f"<{bare}>")

        assert notice_queries.notice_of(written) == notice
        assert notice_queries.notice_among(["<1@x>", "", written]) == notice
        assert notice_queries.notice_among(["<1@x>", ""]) is None

    @pytest.mark.parametrize("kind", bounces.Kind.values)
    def test_does_nothing_twice(self, kind: str) -> None:
        """Seen to fail without comparing with what is known."""
        notice = told()
        report(notice, kind)
        events = Event.objects.count()

        assert not report(notice, kind)

        assert Event.objects.count() == events

    def test_believes_the_gravest_word_in_whatever_order(self) -> None:
        notice = told()

        for kind in ("bounced", "delivered", "complained", "bounced"):
            report(notice, kind)

        assert state_of(notice) == ("complained", "bounced", "bounced")

    def test_leaves_what_the_customer_has_answered(self) -> None:
        notice = told()
        replies.take_answer(obligation_id=obligation_of(notice).pk, verdict="yes", by=None, at=NOON)

        report(notice, "bounced")

        assert state_of(notice) == ("bounced", "confirmed", "bounced")

    def test_undoes_what_the_same_message_superseded(self) -> None:
        notice, _again = told_twice_of_one_request()

        report(notice, "bounced")

        assert set(Obligation.objects.values_list("status", flat=True)) == {"bounced"}
        assert all(not check.find().exists() for check in integrity_checks.CHECKS)

    def test_leaves_what_an_answer_stands_in_for(self) -> None:
        """Who answered the later of two has heard of both."""
        notice, again = told_twice_of_one_request()
        replies.take_answer(obligation_id=again.pk, verdict="yes", by=None, at=NOON)

        report(notice, "bounced")

        states = Obligation.objects.order_by("pk").values_list("status", flat=True)
        assert list(states) == ["superseded", "confirmed"]

    def test_of_a_message_whose_address_is_gone_is_kept(self) -> None:
        """The person was forgotten, and the report names a recipient."""
        notice = told()
        Notice.objects.update(contact_point=None)

        assert bounces.record_report(
            message_id=rendering.message_id(notice),
            kind="bounced",
            recipient="gone@example.org",
            by=None,
            at=NOON,
        )

        assert reload(notice).judged_as == "other_recipient"

    def test_stops_a_message_that_was_to_go_there_again(self) -> None:
        """The server took it and died; we do not know, and the bounce comes before we try again."""
        notice = written()
        [claim] = notices.claim_notices(by=None, at=NOON)
        notices.return_claims(lease_token=claim.token, by=None, at=NOON)

        assert report(notice, "bounced")
        assert not report(notice, "bounced")

        assert notices.claim_notices(by=None, at=NOON) == []
        assert state_of(notice) == ("cancelled", "suppressed", "bounced")

    @pytest.mark.parametrize(
        "message_id",
        ["", "<1@example.org>", "<notice-{pk}.000000000000@testserver>", "<notice-{pk}.@x>"],
    )
    def test_believes_nobody_who_makes_up_a_message(self, message_id: str) -> None:
        notice = told()

        with pytest.raises(errors.Invalid):
            bounces.record_report(
                message_id=message_id.format(pk=notice.pk), kind="bounced", by=None, at=NOON
            )

        assert state_of(notice)[0] == "sent"

    def test_are_refused_while_the_message_is_leaving(self) -> None:
        """Who is refused says it again. Seen to fail when what was said is dropped."""
        notice = written()
        [claim] = notices.claim_notices(by=None, at=NOON)

        with pytest.raises(errors.BeingSent):
            report(notice, "bounced")

        assert ContactPoint.objects.get().state == ContactPoint.State.USABLE
        notices.record_sent(notice_ids=[notice.pk], lease_token=claim.token, by=None, at=NOON)
        assert report(notice, "bounced")

    def test_refuses_an_unknown_kind(self) -> None:
        with pytest.raises(errors.Invalid):
            report(told(), "eaten")
