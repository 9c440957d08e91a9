"""Mail that is owed leaves: once, in turn, and past whoever is down."""

import sqlite3
import threading
from collections import Counter
from datetime import timedelta
from time import monotonic
from typing import Any

import pytest
from django.core import mail as outbox
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from backlog import tasks
from backlog.dispatch import lease, mail
from backlog.models import (
    ContactPoint,
    MailDomain,
    Notice,
    Obligation,
)
from backlog.operations import notices
from backlog.rules import retries
from tests import audience, smtp
from tests.backlog.dispatch.notices import (
    each_at_a_domain_of_their_own,
    fall_over,
    move,
    noting,
    statuses,
    wait_for_what_is_due_next,
)

pytestmark = pytest.mark.django_db


class TestDeliverNotices:
    def test_tells_everybody_who_may_be_told(self, nudges: list[str]) -> None:
        audience.announce(asked_by=120)

        tasks.deliver_notices()

        assert statuses() == {"sent": 120}
        assert len({message.to[0] for message in outbox.outbox}) == 120
        assert set(Obligation.objects.values_list("status", flat=True)) == {"told"}
        assert nudges == []

    def test_sends_over_one_connection(self, box: smtp.Postbox) -> None:
        audience.announce(asked_by=60)

        tasks.deliver_notices()

        assert len(box.deliveries) == 60
        assert len({delivery.session for delivery in box.deliveries}) == 1

    def test_one_bad_address_does_not_hold_up_the_others(self, box: smtp.Postbox) -> None:
        audience.announce(asked_by=3)
        bad = audience.announce(asked_by=1).obligations.get()
        address = bad.customer.contact_points.get().address
        box.answer_to = lambda to: "550 5.1.1 No such user" if to == address else "250 OK"

        tasks.deliver_notices()

        bad.refresh_from_db()
        assert bad.status == Obligation.Status.BOUNCED
        assert statuses() == {"sent": 3, "dead": 1}

    def test_one_bad_moment_does_not_hold_up_the_others(self, box: smtp.Postbox) -> None:
        audience.announce(asked_by=4)
        answers = iter(["450 4.2.1 Mailbox busy"])
        box.answer_to = lambda to: next(answers, "250 OK")

        tasks.deliver_notices()

        assert statuses() == {"sent": 3, "queued": 1}
        assert Notice.objects.get(status="queued").not_before > timezone.now()

    def test_a_domain_that_hangs_does_not_hold_up_the_others(
        self, settings: Settings, box: smtp.Postbox
    ) -> None:
        """Seen to fail, by 4 more time-outs, when what was claimed with the first is tried too."""
        settings.EMAIL_TIMEOUT = 1
        slow, quick = audience.announce(asked_by=5), audience.announce(asked_by=5)
        move(slow, to="slow.example")
        box.answer_to = lambda to: smtp.HANG if to.endswith("@slow.example") else "250 OK"

        began = monotonic()
        tasks.deliver_notices()

        assert monotonic() - began < 3
        assert quick.obligations.filter(status="told").count() == 5
        waiting = Notice.objects.filter(items__obligation__announcement__outcome=slow)
        assert sorted(waiting.values_list("status", "attempts")) == [("queued", 0)] * 4 + [
            ("queued", 1)
        ]
        mail_domain = MailDomain.objects.get()
        assert (mail_domain.domain, mail_domain.failures) == ("slow.example", 1)
        assert "timed out" in mail_domain.failure

    def test_one_message_tries_whether_a_domain_answers_again(self, box: smtp.Postbox) -> None:
        outcome = audience.announce(asked_by=5)
        box.answer_to = lambda to: "451 4.3.0 Later"
        tasks.deliver_notices()
        assert statuses() == {"queued": 5}

        MailDomain.objects.update(rests_until=timezone.now())
        tasks.deliver_notices()
        assert Notice.objects.filter(attempts=1).count() == 2
        assert MailDomain.objects.get().failures == 2

        box.answer_to = lambda to: "250 OK"
        MailDomain.objects.update(rests_until=timezone.now())
        Notice.objects.update(not_before=timezone.now())
        tasks.deliver_notices()
        assert outcome.obligations.filter(status="told").count() == 5
        assert MailDomain.objects.get().failures == 0

    def test_stops_when_nobody_answers_at_all(self, settings: Settings, box: smtp.Postbox) -> None:
        """Seen to fail, by a time-out for each domain, without counting the silent ones."""
        settings.EMAIL_TIMEOUT = 1
        outcomes = [audience.announce(asked_by=1) for _ in range(6)]
        for number, outcome in enumerate(outcomes):
            move(outcome, to=f"{number}.example")
        box.answer_from = lambda sender: smtp.HANG

        tasks.deliver_notices()

        assert sorted(Notice.objects.values_list("attempts", flat=True)) == [0, 0, 0, 0, 1, 1]

    def test_goes_on_where_some_answer_and_some_do_not(
        self, settings: Settings, box: smtp.Postbox
    ) -> None:
        """Seen to fail when the silent ones are counted whoever answers between them."""
        settings.EMAIL_TIMEOUT = 1
        for number in range(4):
            move(audience.announce(asked_by=1), to=f"{number}.example")
        silent = ("@0.example", "@2.example")
        box.answer_to = lambda to: smtp.HANG if to.endswith(silent) else "250 OK"

        tasks.deliver_notices()

        assert Obligation.objects.filter(status="told").count() == 2
        assert sorted(Notice.objects.values_list("attempts", flat=True)) == [1, 1, 1, 1]

    @pytest.mark.parametrize(
        ("said", "tried"),
        [
            ("550 relay not permitted", 2),
            ("550 Sender verify failed", 2),
            ("550 Invalid recipient", 3),
            ("550 5.7.1 Blocked by our blacklist", 3),
            ("552 5.2.2 Mailbox full", 3),
            ("451 4.3.0 Temporary lookup failure", 3),
            ("550 5.1.1 User unknown", 5),
        ],
    )
    def test_what_every_domain_refuses_alike_stops_all_and_costs_nobody_anything(
        self, box: smtp.Postbox, said: str, tried: int
    ) -> None:
        """Seen to close 24 addresses of 25 where each refusal is believed for itself."""
        heard = list[str]()
        box.answer_to = noting(heard, lambda: said)
        each_at_a_domain_of_their_own(25)

        tasks.deliver_notices()

        assert len(heard) == tried
        assert statuses() == {"queued": 25}
        assert set(Notice.objects.values_list("attempts", flat=True)) == {0}
        assert set(ContactPoint.objects.values_list("state", flat=True)) == {"usable"}
        [mail_domain] = MailDomain.objects.all()
        assert (mail_domain.domain, mail_domain.failure, mail_domain.failures) == ("", said, 1)

        tasks.deliver_notices()
        assert len(heard) == tried

    def test_one_message_finds_out_whether_we_are_accepted_again(self, box: smtp.Postbox) -> None:
        heard = list[str]()
        refusals = iter(["550 relay not permitted"] * 3)
        box.answer_to = noting(heard, lambda: next(refusals, "250 OK"))
        each_at_a_domain_of_their_own(25)
        tasks.deliver_notices()

        MailDomain.objects.update(rests_until=timezone.now())
        tasks.deliver_notices()
        assert len(set(heard)) == 3, "others are tried first"
        assert MailDomain.objects.get().failures == 2
        assert set(Notice.objects.values_list("attempts", flat=True)) == {0}

        MailDomain.objects.update(rests_until=timezone.now())
        tasks.deliver_notices()
        assert statuses() == {"sent": 22, "queued": 3}
        assert not MailDomain.objects.failing().exists()

        Notice.objects.update(not_before=timezone.now())
        tasks.deliver_notices()
        assert statuses() == {"sent": 25}

    def test_another_refusal_ends_the_pause_and_is_believed(self, box: smtp.Postbox) -> None:
        box.answer_to = lambda to: "550 relay not permitted"
        each_at_a_domain_of_their_own(4)
        tasks.deliver_notices()

        heard, refusals = list[str](), iter(["550 5.1.1 User unknown"])
        box.answer_to = noting(heard, lambda: next(refusals, "250 OK"))
        MailDomain.objects.update(rests_until=timezone.now())
        Notice.objects.update(not_before=timezone.now())
        tasks.deliver_notices()

        assert statuses() == {"dead": 1, "sent": 3}
        assert list(ContactPoint.objects.unusable().values_list("address", flat=True)) == heard[:1]
        assert not MailDomain.objects.failing().exists()

    def test_who_is_refused_for_their_own_sake_does_not_stop_the_others_for_ever(
        self, box: smtp.Postbox
    ) -> None:
        """Two domains that our server alone does not serve: each round costs them an attempt."""
        each_at_a_domain_of_their_own(6)
        box.answer_to = lambda to: (
            "550 relay not permitted" if to.endswith(("@0.example", "@1.example")) else "250 OK"
        )

        for number in range(4 * retries.MAX_ATTEMPTS):
            each_at_a_domain_of_their_own(1, begin=10 + number)  # Others are written to meanwhile.
            tasks.deliver_notices()
            wait_for_what_is_due_next()

        tasks.deliver_notices()
        assert Notice.objects.filter(status="dead").count() == 2
        assert not Notice.objects.filter(status="queued").exists()
        assert not ContactPoint.objects.unusable().exists()

    def test_a_mailbox_that_is_full_or_a_sender_refused_once_closes_no_address(
        self, box: smtp.Postbox
    ) -> None:
        said = iter(["550 5.2.2 Mailbox full", "550 5.1.8 Sender address rejected", "550 Refused"])
        box.answer_to = lambda to: next(said, "250 OK")
        each_at_a_domain_of_their_own(5)

        tasks.deliver_notices()

        assert statuses() == {"queued": 3, "sent": 2}
        assert not ContactPoint.objects.unusable().exists()
        judged = Notice.objects.filter(status="queued").values_list("judged_as", flat=True)
        assert sorted(judged) == ["full", "policy", "sender"]

    def test_keeps_to_the_limits(self, settings: Settings, box: smtp.Postbox) -> None:
        settings.EMAIL_PER_MINUTE, settings.EMAIL_PER_MINUTE_AND_DOMAIN = 60, 24
        move(audience.announce(asked_by=20), to="a.example")
        move(audience.announce(asked_by=20), to="b.example")
        move(audience.announce(asked_by=20), to="c.example")

        began = monotonic()
        tasks.deliver_notices()
        passed = monotonic() - began  # While it sends, there is room for more.

        by_domain = Counter(delivery.to.partition("@")[2] for delivery in box.deliveries)
        assert 10 <= sum(by_domain.values()) <= 11 + passed
        assert all(2 <= n <= 4 + passed * 24 / 60 for n in by_domain.values())

    def test_charges_one_message_when_there_is_no_server(self, settings: Settings) -> None:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
        audience.announce(asked_by=10)

        tasks.deliver_notices()

        assert statuses() == {"queued": 10}
        assert sorted(Notice.objects.values_list("attempts", flat=True)) == [0] * 9 + [1]

    def test_starts_no_message_that_might_outlive_its_lease(
        self, monkeypatch: pytest.MonkeyPatch, nudges: list[str]
    ) -> None:
        audience.announce(asked_by=3)
        monkeypatch.setattr(tasks, "RUN", 0.2)
        monkeypatch.setattr(lease, "SLOWEST_MESSAGE", notices.LEASE + timedelta(seconds=1))

        tasks.deliver_notices()

        assert outbox.outbox == []
        assert statuses() == {"queued": 3}
        assert set(Notice.objects.values_list("attempts", flat=True)) == {0}

    def test_records_what_has_left_before_it_falls_over_something(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Seen to fail without what `groups` hands over before it raises."""
        audience.announce(asked_by=4)
        learnt = list[str]()

        def third_is_broken(_patience: object, domain: str, _failure: object) -> None:
            learnt.append(domain)
            if len(learnt) == 3:
                raise ZeroDivisionError

        monkeypatch.setattr(mail._Patience, "learn", third_is_broken)
        with pytest.raises(ZeroDivisionError):
            tasks.deliver_notices()

        assert len(outbox.outbox) == 3
        assert statuses() == {"sent": 2, "sending": 2}

    def test_is_never_far_ahead_of_what_is_on_record(
        self, monkeypatch: pytest.MonkeyPatch, box: smtp.Postbox
    ) -> None:
        """A worker that dies now has few repeated. Seen to fail without room in `groups`."""
        audience.announce(asked_by=40)

        def dies(**_: object) -> None:
            box.wait_for(mail.UNRECORDED)
            assert not box.takes_more_than(mail.UNRECORDED)
            raise ZeroDivisionError

        monkeypatch.setattr(notices, "record_sent", dies)
        with pytest.raises(ZeroDivisionError):
            tasks.deliver_notices()

        assert len(box.deliveries) == mail.UNRECORDED

    @pytest.mark.django_db(transaction=True)
    def test_records_what_has_left_once_the_database_takes_it_again(
        self, monkeypatch: pytest.MonkeyPatch, box: smtp.Postbox
    ) -> None:
        """Nobody is told twice because the database is locked, or was restarted.

        Seen to fail without `insist`.
        """
        audience.announce(asked_by=3)
        record, tries = notices.record_sent, list[object]()

        def is_locked_twice(**sent: Any) -> set[int]:
            tries.append(sent)
            if len(tries) <= 2:
                fall_over()
            return record(**sent)

        monkeypatch.setattr(notices, "record_sent", is_locked_twice)
        monkeypatch.setattr(lease, "PAUSE", 0)
        tasks.deliver_notices()
        tasks.deliver_notices()

        assert statuses() == {"sent": 3}
        assert len(box.deliveries) == 3

    @pytest.mark.django_db(transaction=True)
    def test_nobody_is_told_twice_because_another_process_keeps_the_database_locked(
        self, monkeypatch: pytest.MonkeyPatch, box: smtp.Postbox
    ) -> None:
        """A long import did, for longer than SQLite waits."""
        if connection.vendor != "sqlite":
            pytest.skip("only SQLite has one writer at a time")
        audience.announce(asked_by=3)
        monkeypatch.setattr(lease, "PAUSE", 0.05)
        importer = sqlite3.connect(connection.settings_dict["NAME"], check_same_thread=False)
        begun = list[threading.Timer]()

        def lock(_to: str) -> str:
            if not begun:
                importer.execute("BEGIN IMMEDIATE")
                begun.append(threading.Timer(1, importer.rollback))
                begun[0].start()
            return "250 OK"

        box.answer_taken = lock
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout = 10")
        tasks.deliver_notices()
        begun[0].join()
        importer.close()
        connection.close()
        tasks.deliver_notices()

        assert statuses() == {"sent": 3}
        assert len(box.deliveries) == 3

    def test_lets_other_work_go_first_after_a_while(
        self, monkeypatch: pytest.MonkeyPatch, nudges: list[str]
    ) -> None:
        audience.announce(asked_by=3)
        monkeypatch.setattr(tasks, "RUN", 0.0)

        tasks.deliver_notices()

        assert outbox.outbox == []
        assert nudges == ["deliver"]
