"""`manage.py check_loop` finds each fault when it is planted, and nothing in what operations do."""

from collections.abc import Callable
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone, translation

from backlog.models import Customer, Event, Feedback, Notice, NoticeItem, Obligation
from backlog.operations import notice_composition, notices, obligations, replies
from backlog.queries import integrity_checks
from tests import audience
from tests.factories import NOON, people
from tests.factories import backlog as make

pytestmark = pytest.mark.django_db


def told(**fields: object) -> Obligation:
    """Told by a message, and on the ledger."""
    row = make.ObligationFactory.create(
        **{"status": "told", "settled_at": NOON, "released_at": NOON, **fields}
    )
    make.NoticeItemFactory.create(
        obligation=row, notice__customer=row.customer, notice__status="sent", notice__sent_at=NOON
    )
    kind = "customer.told" if row.status == "told" else f"obligation.{row.status}"
    on_record(row, kind)
    return row


def on_record(row: Obligation, kind: str) -> None:
    make.EventFactory.create(
        kind=kind, request=row.request, subject_type="obligation", subject_id=row.pk
    )


def a_message_that_is_missing() -> object:
    row = told()
    NoticeItem.objects.filter(obligation=row).delete()
    return row


def a_message_that_never_left() -> object:
    row = told()
    Notice.objects.filter(items__obligation=row).update(status="queued", sent_at=None)
    return row


def an_event_that_is_missing() -> object:
    row = told()
    Event.objects.filter(kind="customer.told", subject_id=row.pk).delete()
    return row


def a_waiver_off_the_record() -> object:
    return make.ObligationFactory.create(
        status="waived", waived_by=people.UserFactory.create(), settled_at=NOON
    )


def a_bounce_without_reason() -> object:
    row = make.ObligationFactory.create(status="bounced", settled_at=NOON)
    on_record(row, "obligation.bounced")
    return row


def a_confirmation_nobody_gave() -> object:
    return told(status="confirmed")


def an_answer_turned_round() -> object:
    row = told(status="confirmed")
    make.ReplyFactory.create(obligation=row, verdict="no")
    return row


def an_answer_that_was_dropped() -> object:
    row = told()
    make.ReplyFactory.create(obligation=row, verdict="no")
    return row


def a_later_one_that_was_never_told() -> object:
    later = make.ObligationFactory.create()
    row = make.ObligationFactory.create(
        status="superseded", superseded_by=later, settled_at=NOON, customer=later.customer
    )
    on_record(row, "obligation.superseded")
    return row


def a_message_that_is_over() -> object:
    item = make.NoticeItemFactory.create(obligation__released_at=NOON, notice__status="cancelled")
    return item.obligation


def an_announcement_that_was_held_back() -> object:
    outcome = make.OutcomeFactory.create(announced_at=NOON)
    return make.ObligationFactory.create(outcome=outcome)


def a_second_message() -> object:
    row = told()
    make.NoticeItemFactory.create(
        obligation=row,
        is_live=False,
        notice__customer=row.customer,
        notice__status="sent",
        notice__sent_at=NOON,
    )
    return row


def a_message_to_a_stranger() -> object:
    row = told()
    stranger = make.CustomerFactory.create()
    Notice.objects.filter(items__obligation=row).update(customer=stranger)
    return row


def somebody_who_asked_and_is_owed_no_status_update() -> object:
    status_update = make.StatusUpdateFactory.create(announced_at=NOON)
    make.EvidenceFactory.create(request=status_update.request)
    return status_update


def somebody_who_asked_and_is_not_owed() -> object:
    outcome = make.OutcomeFactory.create(announced_at=NOON)
    make.EvidenceFactory.create(request=outcome.commitment.request)
    return outcome


def words_that_speak_and_stand_in_the_inbox() -> object:
    feedback = make.EvidenceFactory.create().feedback
    Feedback.objects.filter(pk=feedback.pk).update(is_linked=False)
    return feedback


def words_that_nothing_takes_up_and_are_not_in_the_inbox() -> object:
    return make.FeedbackFactory.create(is_linked=True)


def words_that_count_elsewhere() -> object:
    return make.EvidenceFactory.create(counts_for=make.RequestFactory.create())


def an_account_without_affiliation() -> object:
    customer = make.CustomerFactory.create()
    Customer.objects.filter(pk=customer.pk).update(account=make.AccountFactory.create())
    return customer


def an_affiliation_that_the_customer_does_not_show() -> object:
    affiliation = make.AffiliationFactory.create()
    Customer.objects.filter(pk=affiliation.customer_id).update(account=None)
    return affiliation.customer


def the_account_that_is_only_beside() -> object:
    """Of two accounts at once the one that began first counts."""
    customer = make.AffiliationFactory.create(starts_on=None).customer
    beside = make.AffiliationFactory.create(customer=customer, starts_on=NOON.date())
    Customer.objects.filter(pk=customer.pk).update(account=beside.account)
    return customer


PLANTED: list[tuple[Callable[[], object], str]] = [
    (a_message_that_is_missing, "told_without_message"),
    (a_message_that_never_left, "told_without_message"),
    (an_event_that_is_missing, "settled_without_event"),
    (a_waiver_off_the_record, "settled_without_event"),
    (a_bounce_without_reason, "left_out_without_reason"),
    (a_confirmation_nobody_gave, "answer_not_as_given"),
    (an_answer_turned_round, "answer_not_as_given"),
    (an_answer_that_was_dropped, "answer_not_as_given"),
    (a_later_one_that_was_never_told, "superseded_by_silence"),
    (a_message_that_is_over, "owed_on_a_finished_message"),
    (an_announcement_that_was_held_back, "announced_but_not_released"),
    (a_second_message, "told_twice"),
    (a_message_to_a_stranger, "told_to_somebody_else"),
    (somebody_who_asked_and_is_not_owed, "forgotten_askers"),
    (somebody_who_asked_and_is_owed_no_status_update, "askers_without_status_update"),
    (words_that_speak_and_stand_in_the_inbox, "words_misplaced"),
    (words_that_nothing_takes_up_and_are_not_in_the_inbox, "words_misplaced"),
    (words_that_count_elsewhere, "counted_elsewhere"),
    (an_account_without_affiliation, "account_not_as_affiliated"),
    (an_affiliation_that_the_customer_does_not_show, "account_not_as_affiliated"),
    (the_account_that_is_only_beside, "account_not_as_affiliated"),
]


def found() -> dict[str, list[object]]:
    return {check.code: rows for check in integrity_checks.CHECKS if (rows := list(check.find()))}


@pytest.mark.parametrize(
    ("plant", "code"), PLANTED, ids=lambda value: getattr(value, "__name__", "")
)
def test_each_fault_is_found_and_named(plant: Callable[[], object], code: str) -> None:
    told()
    row = plant()

    assert found() == {code: [row]}
    said = StringIO()
    with translation.override("en"), pytest.raises(CommandError, match="1 fault"):
        call_command("check_loop", stdout=said)
    assert said.getvalue().startswith(f"{code}: ")
    assert str(row.pk) in said.getvalue()  # type: ignore[attr-defined]


def test_every_check_has_a_fault_that_it_finds() -> None:
    assert {code for _plant, code in PLANTED} == {check.code for check in integrity_checks.CHECKS}


class TestForgottenAskers:
    def test_are_not_those_who_asked_afterwards(self) -> None:
        outcome = make.OutcomeFactory.create(announced_at=NOON)
        make.EvidenceFactory.create(
            request=outcome.commitment.request, linked_at=NOON + timedelta(hours=1)
        )

        assert found() == {}

    def test_are_not_those_whose_request_was_merged_afterwards(self) -> None:
        outcome = make.OutcomeFactory.create(announced_at=NOON)
        survivor = outcome.commitment.request
        merged = make.RequestFactory.create(
            status="merged",
            merged_into=survivor,
            rank=None,
            product=survivor.product,
            status_changed_at=NOON + timedelta(hours=1),
        )
        make.EvidenceFactory.create(request=merged, counts_for=survivor)

        assert found() == {}
        type(merged).objects.filter(pk=merged.pk).update(status_changed_at=NOON)
        assert list(found()) == ["forgotten_askers"]

    def test_are_not_those_who_were_owed_it_under_another_record(self) -> None:
        outcome = make.OutcomeFactory.create(announced_at=NOON)
        survivor = make.CustomerFactory.create()
        earlier = make.CustomerFactory.create(merged_into=survivor)
        make.EvidenceFactory.create(request=outcome.commitment.request, feedback__customer=earlier)
        make.ObligationFactory.create(outcome=outcome, customer=earlier, released_at=NOON)

        assert found() == {}


def test_where_a_request_stands_is_told_only_to_who_had_not_heard() -> None:
    status_update = make.StatusUpdateFactory.create(kind="standing", announced_at=NOON)
    make.EvidenceFactory.create(request=status_update.request)

    assert found() == {}


def test_what_operations_do_is_in_order() -> None:
    audience.announce(asked_by=4)
    at = timezone.now()
    notice_composition.compose_notices(by=None, at=at)
    taken, bounced, *_others = notices.claim_notices(by=None, at=at)
    notices.record_sent(notice_ids=[taken.notice.pk], lease_token=taken.token, by=None, at=at)
    notices.record_failure(
        notice_id=bounced.notice.pk,
        lease_token=bounced.token,
        failure="550 no such user",
        is_permanent=True,
        by=None,
        at=at,
    )
    notices.return_claims(lease_token=taken.token, by=None, at=at)
    answered = Obligation.objects.get(status="told")
    replies.take_answer(obligation_id=answered.pk, verdict="no", by=None, at=at)
    waived, _owed = Obligation.objects.filter(status="owed")
    mina = people.UserFactory.create()
    obligations.waive_obligation(obligation_id=waived.pk, reason="By phone.", by=mina, at=at)

    states = sorted(Obligation.objects.values_list("status", flat=True))
    assert states == ["bounced", "disputed", "owed", "waived"]
    assert found() == {}
    call_command("check_loop", stdout=StringIO())
