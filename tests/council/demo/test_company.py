"""The demonstration company, built once for all of these tests."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.db import transaction
from django.db.models import Count
from django.test import override_settings
from pytest_django import DjangoDbBlocker
from rest_framework.test import APIClient

from backlog.delivery import mailbox
from backlog.models import (
    Account,
    ApiToken,
    Consent,
    Customer,
    CustomerRequest,
    Department,
    Event,
    Feedback,
    Measurement,
    Notice,
    Obligation,
    Outcome,
    PrivacyRequest,
    Product,
    Reply,
    Sprint,
    Suggestion,
    User,
)
from backlog.queries import customer_likeness, erasure_preview
from backlog.rules import roles
from council.demo import company, sign_ins, texts
from council.demo.requests import SORTED
from council.models import (
    ActionItem,
    AgendaItem,
    Ballot,
    Council,
    Decision,
    Invitation,
    Meeting,
    Prediction,
    Series,
    Stance,
)
from council.queries import attendances, preparations, recusals
from council.queries import invitations as invitation_queries
from council.queries import seals as seal_queries
from council.rules.quorum import Quorum
from tests.factories import NOON

# A day on which it is already tomorrow in Seoul.
NOW = NOON + timedelta(days=200, hours=5)
SEOUL = ZoneInfo("Asia/Seoul")
TOLD = ("told", "confirmed", "partly", "disputed")

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def built(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[None]:
    place = tmp_path_factory.mktemp("demo")
    with (
        django_db_blocker.unblock(),
        override_settings(DATA_DIR=place, MAILBOX_DIR=place / "mailbox"),
        transaction.atomic(),
    ):
        company.build(at=NOW, progress=False)
        yield
        transaction.set_rollback(True)


class TestCast:
    def test_is_a_company_of_two_products_and_six_seated_departments(self) -> None:
        assert set(Product.objects.values_list("prefix", flat=True)) == {"PAY", "SHOP"}
        assert Department.objects.seated().count() == Department.objects.count() == 6

    def test_has_thirty_accounts_and_two_hundred_customers(self) -> None:
        assert Account.objects.count() == 30
        assert Customer.objects.count() == 202

    def test_two_customers_are_known_twice_and_of_one_somebody_saw_it(self) -> None:
        twins = Customer.objects.filter(contact_points__address__contains=".store@")
        assert twins.count() == 2
        merged = twins.get(merged_into__isnull=False)
        assert merged.merged_into
        assert merged.name == merged.merged_into.name
        admin = User.objects.get(groups__name=roles.ADMIN)
        assert len(customer_likeness.like(twins.get(merged_into=None), viewer=admin)) == 1

    def test_an_agent_suggests_what_words_speak_for_and_decides_nothing(self) -> None:
        states = Suggestion.objects.filter(origin="agent").values_list("state", flat=True)
        assert set(states) == set(states[2:]) == {"proposed"}

    def test_writes_to_addresses_that_belong_to_nobody(self) -> None:
        known = Customer.objects.filter(contact_points__isnull=False)
        addresses = known.values_list("contact_points__address", flat=True)
        reserved = re.compile(r"[^@]+@([a-z]+\.)?example\.(com|org|net)")
        assert [each for each in addresses if not reserved.fullmatch(each)] == []


class TestVoices:
    def test_are_six_hundred_of_which_three_in_five_are_korean(self) -> None:
        feedback = Feedback.objects.exclude(source__key="answers")
        assert feedback.count() == 600
        assert 330 <= feedback.filter(language="ko").count() <= 390

    def test_are_never_the_same_twice(self) -> None:
        feedback = Counter(Feedback.objects.values_list("verbatim", flat=True))
        assert [words for words, times in feedback.items() if times > 1] == []

    def test_come_through_every_source_with_and_without_figures(self) -> None:
        sources = set(Feedback.objects.values_list("source__kind", flat=True))
        assert sources == {"support", "social", "survey", "form", "interview", "idea_box", "reply"}
        kinds = set(Feedback.objects.values_list("readings__kind", flat=True))
        assert kinds == {None, "csat", "stars", "nps"}

    def test_leave_work_in_the_inbox(self) -> None:
        assert Feedback.objects.waiting(NOW).count() > 60

    def test_of_everything_that_is_done_in_the_inbox_there_is_some(self) -> None:
        done = set(Feedback.objects.done().values_list("done_as", flat=True))
        assert done == set(Feedback.Done.values)
        assert Feedback.objects.filter(snoozed_until__isnull=False, done_as="").exists()
        assert Feedback.objects.waiting(NOW).filter(given_to__isnull=False).exists()

    def test_are_known_from_the_first_words_on(self) -> None:
        for customer in Customer.objects.filter(feedback__isnull=False).distinct():
            received = customer.feedback.values_list("received_at", flat=True)
            assert customer.created_at == min(received)


class TestRequests:
    def test_are_sixty_and_each_is_where_its_story_says(self) -> None:
        requests = [*texts.requests("PAY"), *texts.requests("SHOP")]
        told = {fixture["title"]: fixture["state"] for fixture in requests}
        assert len(told) == 60
        merged = {each["title"]: "merged" for each in texts.council()["merges"]}
        assert dict(CustomerRequest.objects.values_list("title", "status")) == told | merged

    def test_are_in_every_status(self) -> None:
        assert set(CustomerRequest.objects.values_list("status", flat=True)) == {
            *("new", "under_review", "approved", "planned", "in_progress"),
            *("delivered", "verified", "deferred", "declined", "merged"),
        }

    def test_are_assessed_by_all_departments_who_disagree_about_some(self) -> None:
        assessed = CustomerRequest.objects.filter(priority__isnull=False)
        assert assessed.count() >= 40
        assert Department.objects.filter(assessments__isnull=True).count() == 0
        assert assessed.filter(contested__gt=60).count() >= 3

    def test_are_in_places_their_scores_do_not_explain_and_somebody_said_why(self) -> None:
        moved = Event.objects.filter(kind="request.moved").exclude(reason__in=["", SORTED])
        drifting = CustomerRequest.objects.filter(drift__isnull=False)
        assert max(abs(request.drift or 0) for request in drifting) > 15
        assert moved.count() == len(texts.council()["moves"])


class TestCouncil:
    def test_has_met_three_times_and_meets_next_week(self) -> None:
        met = Meeting.objects.filter(series=None, ended_at__isnull=False)
        assert met.count() == 3
        coming = Meeting.objects.get(series=None, status="scheduled")
        today = NOW.astimezone(SEOUL).date()
        weeks = coming.starts_at.astimezone(SEOUL).date().isocalendar().week
        assert weeks - today.isocalendar().week == 1
        assert coming.agenda_items.filter(request__isnull=False).count() >= 5

    def test_is_in_session_now_with_its_people_and_an_open_vote(self) -> None:
        meeting = Meeting.objects.get(status="in_session")
        assert attendances.quorum_of(meeting) == Quorum(present=5, departments=6, needed=3)
        assert meeting.attendances.filter(capacity="proxy").count() == 1
        ballot = Ballot.objects.get(status="open", closes_at__isnull=True)
        assert ballot.agenda_item == meeting.agenda_items.get(status="active")
        assert ballot.stances.count() == 3

    def test_asks_somebody_for_evidence_by_a_day(self) -> None:
        asked = Decision.objects.filter(verdict="ask_for_evidence")
        assert asked.count() == ActionItem.objects.filter(decision__in=asked).count() == 2

    def test_works_out_a_request_in_a_workshop(self) -> None:
        item = AgendaItem.objects.get(meeting__status="in_session", kind="workshop")
        assert item.request is not None
        assert item.request.department_steps.count() == 3
        assert Event.objects.filter(kind="agenda_item.worked_out").count() == 5

    def test_votes_between_meetings_and_some_have_read_what_comes_next(self) -> None:
        ballot = Ballot.objects.get(status="open", closes_at__isnull=False)
        assert ballot.agenda_item.meeting.status == "scheduled"
        assert ballot.stances.count() == 2
        assert recusals.standing_on(ballot.agenda_item_id).count() == 1
        readers = preparations.readers_of(ballot.agenda_item.meeting)
        assert (readers.ready, readers.all) == (4, 6)

    def test_decided_in_its_meetings_by_votes_that_can_be_counted_again(self) -> None:
        closed = Ballot.objects.filter(status="closed")
        of_meetings = Decision.objects.filter(agenda_item__isnull=False)
        recorded = of_meetings.values("ballot").distinct()
        assert closed.count() == recorded.count()
        assert of_meetings.filter(ballot=None).count() == 0
        assert Stance.objects.filter(ballot__in=closed, answer="no").exists()

    def test_decided_three_requests_by_one_vote(self) -> None:
        first = Decision.objects.filter(taken_together__isnull=False).distinct().get()
        together = Decision.objects.filter(ballot=first.ballot)
        assert together.count() == 3
        assert len({each.agenda_item_id for each in together}) == 3

    def test_did_not_reach_everything_and_took_it_up_again(self) -> None:
        deferred = AgendaItem.objects.filter(status="deferred")
        coming = Meeting.objects.get(series=None, status="scheduled").agenda_items
        assert deferred.count() == 3
        times = coming.exclude(times_deferred=0).values_list("times_deferred", flat=True)
        assert sorted(times) == [1, 2]

    def test_has_an_agenda_that_proposed_itself_and_a_proposal_that_waits(self) -> None:
        coming = Meeting.objects.get(series=None, status="scheduled")
        proposed = coming.agenda_items.get(status="proposed")
        planned = coming.agenda_items.exclude(status="proposed")
        minutes = sum(planned.values_list("minutes", flat=True))
        assert proposed.title == texts.council()["meetings"][-1]["proposals"][0]["title"]
        assert coming.minutes - 10 < minutes <= coming.minutes
        codes = {reason["code"] for item in planned for reason in item.reasons}
        assert len(codes) >= 4

    def test_has_a_circle_that_meets_each_month_by_a_series(self) -> None:
        row = Series.objects.get()
        met = row.meetings.filter(ended_at__isnull=False)
        assert met.count() >= 3
        assert met.filter(exception="moved").count() >= 1
        assert row.meetings.filter(exception="skipped", starts_at__gt=NOW).count() == 1
        assert not row.meetings.filter(status="scheduled", starts_at__lt=NOW).exists()
        coming = row.meetings.filter(status="scheduled", starts_at__gt=NOW).earliest("starts_at")
        assert invitation_queries.forecast(coming).expected == 2
        assert not Invitation.objects.filter(meeting__starts_at__lte=NOW, status="owed").exists()

    def test_said_yes_and_no_and_not_yet(self) -> None:
        verdicts = Counter(Decision.objects.values_list("verdict", flat=True))
        assert set(verdicts) == set(Decision.Verdict.values)
        assert Decision.objects.exclude(dissent="").exists()
        between = Decision.objects.filter(agenda_item__isnull=True)
        assert between.get(act="verdict") == between.get(act="amendment").supersedes

    def test_said_what_it_expected_and_for_some_what_came_of_it(self) -> None:
        results = set(Prediction.objects.values_list("result", flat=True))
        assert results == {"", "hit", "partly", "missed", "unknown"}

    def test_sealed_what_it_decided(self) -> None:
        assert seal_queries.find_break(Council.objects.get(products__prefix="PAY")) is None

    def test_is_owed_things_some_of_them_late(self) -> None:
        today = NOW.astimezone(SEOUL).date()
        assert set(ActionItem.objects.values_list("status", flat=True)) == {
            *("open", "claimed_done", "verified", "reopened", "cancelled", "blocked")
        }
        late = ActionItem.objects.filter(status="open", due_on__lt=today)
        in_time = ActionItem.objects.filter(status="open", due_on__gte=today)
        assert late.exists()
        assert in_time.exists()


class TestDelivery:
    def test_closed_two_sprints_of_each_product_and_runs_one(self) -> None:
        for product in Product.objects.all():
            statuses = Counter(product.sprints.values_list("status", flat=True))
            assert statuses == {"closed": 2, "active": 1, "planned": 1}

    def test_runs_the_sprint_of_today(self) -> None:
        today = NOW.astimezone(SEOUL).date()
        for sprint in Sprint.objects.filter(status="active"):
            assert sprint.starts_on <= today <= sprint.ends_on

    def test_ended_in_every_way(self) -> None:
        results = set(Outcome.objects.values_list("result", flat=True))
        assert results == set(Outcome.Result.values)

    def test_measured_them_with_every_verdict(self) -> None:
        verdicts = {each.verdict for each in Measurement.objects.all()}
        assert verdicts == set(Measurement.Verdict.values)

    def test_rolled_out_what_a_pilot_had_shown(self) -> None:
        pilot = Outcome.objects.get(commitment__is_pilot=True)
        later = Outcome.objects.exclude(pk=pilot.pk).get(
            commitment__request=pilot.commitment.request
        )
        assert (pilot.result, later.result) == ("delivered", "delivered")

    def test_has_something_ready_to_be_announced(self) -> None:
        assert Outcome.objects.filter(announcement__announced_at__isnull=True).count() == 1


class TestLoop:
    def test_owes_nobody_who_may_be_told(self) -> None:
        assert not Obligation.objects.filter(status="owed", released_at__isnull=False).exists()

    def test_has_a_sent_message_for_everybody_told(self) -> None:
        told = Obligation.objects.filter(status__in=TOLD)
        proven = told.filter(items__is_live=True, items__notice__sent_at__isnull=False)
        assert told.count() == proven.count() > 150

    def test_says_why_the_others_were_not_told(self) -> None:
        others = Obligation.objects.exclude(status__in=(*TOLD, "owed"))
        assert set(others.values_list("status", "reason")) == {
            ("suppressed", "no_consent"),
            ("suppressed", "no_address"),
            ("suppressed", "unsubscribed"),
            ("bounced", "bounced"),
            ("waived", "by_hand"),
        }
        assert Consent.objects.filter(withdrawn_at__isnull=False).count() == 3

    def test_has_somebody_who_complained_and_somebody_who_wants_to_hear_less(self) -> None:
        complained = Notice.objects.get(status="complained")
        assert complained.contact_point is not None
        assert complained.contact_point.state == "complained"
        assert Customer.objects.filter(rhythm="weekly").count() == 1

    def test_keeps_what_was_sent_in_the_mailbox(self) -> None:
        mails = mailbox.messages(limit=1000)
        assert len(mails) == Notice.objects.filter(sent_at__isnull=False).count() >= 150
        assert {mail.language for mail in mails} == {"ko", "en"}
        assert max(mail.sent_at for mail in mails) < NOW

    def test_told_some_of_several_things_in_one_message(self) -> None:
        sent = Notice.objects.filter(status="sent").annotate(things=Count("items"))
        assert sent.filter(things__gt=1).count() > 5

    def test_was_answered_with_yes_partly_and_no(self) -> None:
        assert set(Reply.objects.values_list("verdict", flat=True)) == {"yes", "partly", "no"}
        assert Reply.objects.filter(feedback__isnull=False).count() > 30

    def test_verified_what_customers_confirmed_and_reopened_what_one_disputed(self) -> None:
        moved = Event.objects.filter(kind="request.status_changed")
        assert moved.filter(data__cause="confirmation", data__to="verified").count() == 4
        assert moved.filter(data__cause="dispute", data__to="under_review").count() == 1

    def test_has_somebody_to_forget_whom_a_colleague_may_have_mentioned(self) -> None:
        wish = PrivacyRequest.objects.get(kind=PrivacyRequest.Kind.ERASURE)
        preview = erasure_preview.preview(customer_id=wish.customer.pk, at=NOW)

        # In the proposal that was voted on, the decision that it became, and the minutes.
        assert [each.words for each in preview.possible] == [[wish.customer.name[1:]]] * 3


class TestLedger:
    def test_reads_in_order_of_time_and_ends_now(self) -> None:
        moments = list(Event.objects.order_by("pk").values_list("at", flat=True))
        assert moments == sorted(moments)
        assert moments[-1] <= NOW

    def test_says_of_each_who_or_what_did_it_through_what_and_by_which_key(self) -> None:
        keys = set(ApiToken.objects.values_list("token_key", flat=True))
        ways = Event.objects.order_by().values_list("way", "token", "process").distinct()
        assert {way for way, _token, _process in ways} == set(Event.Way)
        assert {token for _way, token, _process in ways} - {""} <= keys
        by_people = Event.objects.filter(way="page", actor__isnull=True)
        assert sorted(set(by_people.values_list("kind", flat=True))) == []

    def test_holds_no_words_and_no_names_of_customers(self) -> None:
        names = set(Customer.objects.values_list("name", flat=True))
        feedback = Feedback.objects.values_list("verbatim", flat=True)
        words = [each for each in feedback if len(each) > 9]
        for event in Event.objects.all():
            told = f"{event.reason} {event.data}"
            assert not [name for name in names if name in told]
            assert not [each for each in words if each in told]


class TestSignIns:
    def test_are_one_for_each_role_and_some_more_members_to_fill_a_room(self) -> None:
        found = [each.role for each in _sign_ins()]
        assert found == [*roles.PERMISSIONS, *[roles.COUNCIL_MEMBER] * 3]

    def test_open_the_site_and_the_api(self) -> None:
        for each in _sign_ins():
            user = User.objects.get(email=each.email)
            assert user.roles == {each.role}
            assert user.check_password(each.password)
            client = APIClient(HTTP_AUTHORIZATION=f"Bearer {each.token}")
            assert client.get("/api/v1/requests/PAY-1/").status_code == 200


def _sign_ins() -> list[sign_ins.SignIn]:
    file = Path(settings.DATA_DIR) / "demo-sign-ins.txt"
    lines = file.read_text(encoding="utf-8").splitlines()
    return [sign_ins.SignIn(*line.split("\t")) for line in lines]
