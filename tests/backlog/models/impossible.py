"""Rows that must not exist: the constraint that refuses each, and how one would make it."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import partial

from backlog.models import (
    Announcement,
    DepartmentScore,
    DepartmentStep,
    IdempotencyKey,
    Identity,
    ImportRun,
    ProductGrant,
    Reading,
)
from tests.backlog.models import impossible_messages
from tests.backlog.models.making import Impossible, twice
from tests.factories import NOON, people
from tests.factories import backlog as make

EARLIER = NOON - timedelta(days=1)


def rows() -> Iterator[Impossible]:
    yield from _people()
    yield from _customers()
    yield from _affiliations_and_events()
    yield from _privacy()
    yield from _feedback()
    yield from _requests()
    yield from _evidence()
    yield from _scoring()
    yield from _sprints()
    yield from _outcomes()
    yield from _measurements()
    yield from _capacity()
    yield from _idempotency()
    yield from impossible_messages.rows()


def _people() -> Iterator[Impossible]:
    user, membership = people.UserFactory.create, people.MembershipFactory.create
    yield "backlog_user_email_in_lower_case", partial(user, email="Mina@example.com")
    yield "backlog_user_language_known", partial(user, language="fr")

    def departments_that_differ_in_case() -> None:
        people.DepartmentFactory.create(name="Sales")
        people.DepartmentFactory.create(name="SALES")

    yield "backlog_department_one_per_name", departments_that_differ_in_case
    yield "backlog_membership_one_current_per_user", twice(membership, user=user)
    yield (
        "backlog_membership_ends_after_start",
        partial(membership, starts_on=NOON.date(), ends_on=EARLIER.date()),
    )


def _customers() -> Iterator[Impossible]:
    account, customer = make.AccountFactory.create, make.CustomerFactory.create
    point, consent = make.ContactPointFactory.create, make.ConsentFactory.create
    yield "backlog_account_kind_known", partial(account, kind="rival")
    yield "backlog_account_churn_risk_known", partial(account, churn_risk="extreme")
    yield "backlog_account_revenue_not_negative", partial(account, annual_revenue=Decimal(-1))
    yield "backlog_customer_language_known", partial(customer, language="fr")
    yield "backlog_customer_rhythm_known", partial(customer, rhythm="never")
    yield "backlog_customer_erased_has_no_name", partial(customer, erased_at=NOON)

    def customer_merged_into_itself() -> None:
        itself = customer()
        itself.merged_into = itself
        itself.save()

    yield "backlog_customer_not_merged_into_itself", customer_merged_into_itself
    yield (
        "backlog_identity_one_customer_per_source_id",
        twice(
            Identity.objects.create,
            customer=customer,
            source=make.SourceFactory.create,
            external_id="7",
        ),
    )
    yield "backlog_consent_to_advertising_was_agreed_to", partial(consent, purpose="advertising")
    yield "backlog_contactpoint_one_customer_per_address", twice(point, address="a@example.org")
    yield "backlog_contactpoint_channel_known", partial(point, channel="pigeon")
    yield "backlog_contactpoint_state_known", partial(point, state="asleep")
    yield "backlog_consent_one_live_own_request_per_purpose", twice(consent, customer=customer)
    yield "backlog_consent_purpose_known", partial(consent, purpose="sales")
    yield "backlog_consent_basis_known", partial(consent, basis="hope")
    yield "backlog_consent_withdrawn_after_given", partial(consent, withdrawn_at=EARLIER)


def _affiliations_and_events() -> Iterator[Impossible]:
    affiliation = make.AffiliationFactory.create
    of_one = {"customer": make.CustomerFactory.create, "account": make.AccountFactory.create}
    yield "backlog_affiliation_one_current_per_account", twice(affiliation, **of_one)
    yield (
        "backlog_affiliation_ends_after_start",
        partial(affiliation, starts_on=NOON.date(), ends_on=EARLIER.date()),
    )
    event = make.EventFactory.create
    yield "backlog_event_says_by_what_it_was_done", partial(event, way="token", token="")
    yield "backlog_event_belongs_to_a_call", partial(event, correlation="")


def _privacy() -> Iterator[Impossible]:
    privacy_request = make.PrivacyRequestFactory.create
    yield "backlog_privacyrequest_kind_known", partial(privacy_request, kind="riches")
    yield (
        "backlog_privacyrequest_status_known",
        partial(privacy_request, status="lost", closed_at=NOON),
    )
    yield "backlog_privacyrequest_closed_iff_not_open", partial(privacy_request, status="done")
    yield "backlog_privacyrequest_closed_iff_not_open", partial(privacy_request, closed_at=NOON)
    yield (
        "backlog_privacyrequest_closed_after_asked",
        partial(privacy_request, status="done", closed_at=EARLIER),
    )
    yield (
        "backlog_privacyrequest_one_open_of_a_kind",
        twice(privacy_request, customer=make.CustomerFactory.create),
    )


def _feedback() -> Iterator[Impossible]:
    source, feedback = make.SourceFactory.create, make.FeedbackFactory.create
    yield "backlog_source_kind_known", partial(source, kind="rumour")
    yield "backlog_source_language_known", partial(source, language="fr")
    for months in (0, 601):
        yield (
            "backlog_source_keeps_words_a_month_or_longer",
            partial(source, keeps_words_months=months),
        )

    def run(**facts: object) -> ImportRun:
        return ImportRun.objects.create(source=source(), file_name="a", started_at=NOON, **facts)

    yield "backlog_importrun_every_row_accounted_for", partial(run, rows_read=2, rows_stored=1)
    yield "backlog_importrun_status_known", partial(run, status="paused")
    yield "backlog_source_on_change_known", partial(source, on_change="forget")
    yield "backlog_feedback_one_per_source_key", twice(feedback, source=source, dedupe_key="7")
    has_no_words = "backlog_feedback_has_no_words_once_erased"
    yield has_no_words, partial(feedback, salt="")
    yield has_no_words, partial(feedback, erased_at=NOON)
    yield "backlog_feedback_language_known", partial(feedback, language="fr")
    yield "backlog_feedback_relation_known", partial(feedback, relation="rival")
    yield "backlog_feedback_done_as_known", partial(feedback, done_as="boring")
    without = "backlog_feedback_done_neither_speaks_nor_waits"
    yield without, partial(feedback, done_as="spam", is_linked=True)
    yield without, partial(feedback, done_as="spam", snoozed_until=NOON)
    yield "backlog_feedback_journey_stage_known", partial(feedback, journey_stage="dream")

    reading = Reading.objects.create
    one = {"feedback": feedback, "kind": "nps", "value": 7}
    yield "backlog_reading_one_of_a_kind", twice(reading, **one)
    for kind, value in (("nps", 11), ("nps", -1), ("csat", 0), ("ces", 8), ("stars", 11), ("x", 1)):
        yield (
            "backlog_reading_on_its_scale",
            twice(reading, feedback=feedback, kind=kind, value=value),
        )


def _requests() -> Iterator[Impossible]:
    product, request = make.ProductFactory.create, make.RequestFactory.create
    for thresholds in ({"verify_after": 0}, {"reopen_percent": 0}, {"reopen_percent": 101}):
        yield "backlog_product_thresholds_possible", partial(product, **thresholds)
    yield "backlog_product_asks_why_from_a_point", partial(product, reason_from_drift=0)
    yield "backlog_product_countersign_from_somebody", partial(product, countersign_from=0)
    yield (
        "backlog_productgrant_one_per_user",
        twice(ProductGrant.objects.create, product=product, user=people.UserFactory.create),
    )

    def requests_with(**same: object) -> None:
        of = product()
        request(product=of, key="A-1", **same)
        request(product=of, key="A-2", **same)

    yield "backlog_request_one_per_number", partial(requests_with, number=7)
    yield "backlog_request_one_per_rank", partial(requests_with, rank="a0")
    yield "backlog_request_status_known", partial(request, status="asleep")

    iff = "backlog_request_merged_iff_it_has_a_survivor"
    yield iff, partial(request, status="merged", rank=None)
    yield iff, lambda: request(status="new", merged_into=request())
    yield iff, lambda: request(status="merged", merged_into=request(), rank="a0")
    yield iff, partial(request, rank=None)

    def request_merged_into_itself() -> None:
        itself = request()
        itself.status, itself.rank, itself.merged_into = "merged", None, itself
        itself.save()

    yield "backlog_request_not_merged_into_itself", request_merged_into_itself
    yield from _department_steps()


def _department_steps() -> Iterator[Impossible]:
    request = make.RequestFactory.create
    yield (
        "backlog_departmentstep_one_per_department",
        twice(
            DepartmentStep.objects.create,
            request=request,
            department=people.DepartmentFactory.create,
            step="Do it.",
        ),
    )


def _evidence() -> Iterator[Impossible]:
    evidence = make.EvidenceFactory.create
    yield (
        "backlog_evidence_one_live_link_per_excerpt",
        twice(evidence, request=make.RequestFactory.create, feedback=make.FeedbackFactory.create),
    )
    yield "backlog_evidence_excerpt_not_empty", partial(evidence, start=3, end=3)
    yield "backlog_evidence_importance_from_0_to_3", partial(evidence, importance=4)
    yield "backlog_evidence_ends_after_it_began", partial(evidence, unlinked_at=EARLIER)


def _scoring() -> Iterator[Impossible]:
    model, criterion = make.ScoringModelFactory.create, make.CriterionFactory.create
    request, department = make.RequestFactory.create, people.DepartmentFactory.create
    yield "backlog_scoringmodel_one_per_version", twice(model, key="rice", version=1)
    yield "backlog_scoringmodel_one_default", twice(model, is_default=True)
    yield "backlog_criterion_one_key_per_model", twice(criterion, model=model, key="reach")
    yield "backlog_criterion_axis_known", partial(criterion, axis="beauty")
    yield "backlog_criterion_direction_known", partial(criterion, direction=0)
    yield "backlog_criterion_weight_positive", partial(criterion, weight=0)
    length = "backlog_criterion_scale_has_length"
    yield length, partial(criterion, scale_low=5, scale_high=5)
    yield length, partial(criterion, scale_step=0)

    assessment = make.AssessmentFactory.create
    by = people.UserFactory.create
    yield (
        "backlog_assessment_one_per_assessor",
        twice(assessment, request=request, criterion=criterion, assessor=by),
    )
    yield "backlog_assessment_confidence_known", partial(assessment, confidence="blind")
    keeps = "backlog_assessment_revised_keeps_the_blind_value"
    yield keeps, partial(assessment, blind_value=3)
    yield keeps, partial(assessment, revised_at=NOON)

    voice = DepartmentScore.objects.create
    of = {"request": request, "criterion": criterion, "department": department}
    yield "backlog_departmentscore_one_voice", twice(voice, **of, low=1, middle=2, high=3)
    within = "backlog_departmentscore_middle_within_bounds"
    yield within, twice(voice, **of, low=2, middle=1, high=3)
    yield within, twice(voice, **of, low=1, middle=4, high=3)


def _sprints() -> Iterator[Impossible]:
    sprint, product = make.SprintFactory.create, make.ProductFactory.create
    yield "backlog_sprint_one_per_name", twice(sprint, product=product, name="March")

    def two_active() -> None:
        of = product()
        for name in ("March", "April"):
            sprint(product=of, name=name, status="active", started_at=NOON)

    yield "backlog_sprint_one_active_per_product", two_active
    yield (
        "backlog_sprint_ends_after_start",
        partial(sprint, starts_on=date(2026, 3, 2), ends_on=date(2026, 3, 1)),
    )
    match = "backlog_sprint_dates_match_status"
    yield match, partial(sprint, started_at=NOON)
    yield match, partial(sprint, status="active")
    yield match, partial(sprint, status="closed", started_at=NOON)
    yield match, partial(sprint, status="paused")
    yield (
        "backlog_commitment_one_live_per_sprint",
        twice(
            make.CommitmentFactory.create,
            sprint=sprint,
            request=make.RequestFactory.create,
        ),
    )


def _outcomes() -> Iterator[Impossible]:
    outcome = make.OutcomeFactory.create
    yield (
        "backlog_outcome_one_current_per_commitment",
        twice(outcome, commitment=make.CommitmentFactory.create),
    )
    yield "backlog_outcome_result_known", partial(outcome, result="forgotten", shipped_at=None)
    shipped = "backlog_outcome_shipped_iff_it_reached_users"
    yield shipped, partial(outcome, shipped_at=None)
    yield shipped, partial(outcome, result="not_delivered")
    yield (
        "backlog_outcome_shipped_somewhere_only_if_shipped",
        partial(outcome, result="not_delivered", shipped_at=None, shipped_where="App Store"),
    )
    yield "backlog_announcement_announced_after_recorded", partial(outcome, announced_at=EARLIER)

    def announces(**what: Callable[[], object] | None) -> None:
        rows = Announcement.objects.filter(outcome=outcome())
        rows.update(**{name: new and new() for name, new in what.items()})

    one_thing = "backlog_announcement_of_one_thing"
    yield one_thing, partial(announces, outcome=None)
    yield one_thing, partial(announces, status_update=make.StatusUpdateFactory.create)

    def countersigned_by_who_asked() -> None:
        one = people.UserFactory.create()
        outcome(asked_by=one, asked_at=NOON, countersigned_by=one, countersigned_at=NOON)

    yield "backlog_announcement_countersigned_by_another", countersigned_by_who_asked


def _measurements() -> Iterator[Impossible]:
    measurement = make.MeasurementFactory.create
    means = {"before_conversions": None, "after_conversions": None, "before_mean": 5}
    yield "backlog_measurement_design_known", partial(measurement, design="guess")
    samples = "backlog_measurement_has_two_samples"
    yield samples, partial(measurement, **means, after_mean=4, before_n=0)
    yield samples, partial(measurement, **means, after_mean=4, after_n=0)
    within = "backlog_measurement_conversions_within_sample"
    yield within, partial(measurement, before_conversions=1201)
    yield within, partial(measurement, after_conversions=1201)
    kind = "backlog_measurement_shares_or_means"
    yield kind, partial(measurement, before_conversions=None)
    yield kind, partial(measurement, before_mean=5, after_mean=4)
    yield kind, partial(measurement, **means)
    spreads = "backlog_measurement_spreads_go_with_means"
    yield spreads, partial(measurement, before_spread=1, after_spread=1)
    yield spreads, partial(measurement, **means, after_mean=4, before_spread=1)
    yield spreads, partial(measurement, **means, after_mean=4, before_spread=1, after_spread=-1)


def _capacity() -> Iterator[Impossible]:
    capacity, effort = make.CapacityFactory.create, make.EffortFactory.create
    department = people.DepartmentFactory.create
    yield "backlog_capacity_more_than_nothing", partial(capacity, days=0)
    yield (
        "backlog_capacity_one_per_department",
        twice(capacity, sprint=make.SprintFactory.create, department=department),
    )
    yield "backlog_effort_more_than_nothing", partial(effort, days=0)
    yield (
        "backlog_effort_one_per_department",
        twice(effort, commitment=make.CommitmentFactory.create, department=department),
    )


def _idempotency() -> Iterator[Impossible]:
    def key(**facts: object) -> IdempotencyKey:
        of = {"method": "POST", "path": "/", "key": "7", "claimed_at": NOON}
        return IdempotencyKey.objects.create(**{"status": 201} | of | facts)

    by = people.UserFactory.create
    yield "backlog_idempotencykey_one_write", twice(key, user=by)
    claimed = "backlog_idempotencykey_claimed_or_answered"
    yield claimed, twice(key, user=by, status=None)
    yield claimed, twice(key, user=by, lease_until=NOON)
    yield claimed, twice(key, user=by, lease_token="t")
    yield "backlog_idempotencykey_keeps_no_crash", twice(key, user=by, status=500)
