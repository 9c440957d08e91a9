"""The Sprint page: all that was promised, how far it is, and the way to each next step."""

import re
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse

from backlog.models import Commitment, Sprint
from tests.backlog.admin.pages import carried
from tests.conftest import SameQueries
from tests.factories import NOON, backlog, people

RECORD = "admin:backlog_commitment_record_outcome"


def address(sprint: Sprint) -> str:
    return reverse("backlog:sprint", args=[sprint.pk])


def read(client: Client, sprint: Sprint) -> str:
    response = client.get(address(sprint))
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def running(db: None) -> Sprint:
    made: Sprint = backlog.SprintFactory.create(
        goal="Pay in one go",
        status="active",
        started_at=NOON,
        ends_on=NOON.date() + timedelta(days=11),
    )
    return made


@pytest.fixture
def commitment(running: Sprint) -> Commitment:
    made: Commitment = backlog.CommitmentFactory.create(
        sprint=running,
        request__title="Remember the card",
        hypothesis="Fewer payments are given up.",
        measure="payments given up (%)",
        baseline=42,
        target=20,
    )
    return made


class TestPage:
    def test_shows_what_was_promised_and_what_is_missing(
        self, mina_pages: Client, running: Sprint, commitment: Commitment
    ) -> None:
        page = read(mina_pages, running)

        for words in ("Pay in one go", "Remember the card", "Fewer payments are given up."):
            assert words in page
        assert "42 → 20" in page
        key = commitment.request.key
        assert f"Before it can be closed, say what became of {key}." in page
        assert reverse(RECORD, args=[commitment.pk]) in page

    def test_shows_what_came_of_it_and_leads_to_those_who_asked(
        self, mina_pages: Client, running: Sprint, commitment: Commitment
    ) -> None:
        outcome = backlog.OutcomeFactory.create(commitment=commitment, shipped_where="App 5.2")
        backlog.MeasurementFactory.create(outcome=outcome, is_less_better=True)

        page = read(mina_pages, running)

        assert "App 5.2" in page
        assert "12.0 % → 16.0 %" in page
        assert "worse" in page
        assert "n = 1,200 → 1,200" in page
        assert reverse("backlog:announce", args=[outcome.pk]) in page
        assert reverse("admin:backlog_outcome_measure", args=[outcome.pk]) in page
        assert "Before it can be closed" not in page

    def test_still_shows_what_was_measured_before_a_roll_back(
        self, mina_pages: Client, running: Sprint, commitment: Commitment
    ) -> None:
        earlier = backlog.OutcomeFactory.create(commitment=commitment, is_current=False)
        backlog.OutcomeFactory.create(commitment=commitment, result="rolled_back", replaces=earlier)
        backlog.MeasurementFactory.create(outcome=earlier)

        assert "12.0 % → 16.0 %" in read(mina_pages, running)

    def test_offers_nothing_but_a_roll_back_after_an_outcome(
        self, mina_pages: Client, commitment: Commitment
    ) -> None:
        form = mina_pages.get(reverse(RECORD, args=[commitment.pk])).context["form"]
        assert [value for value, _label in form.fields["result"].choices] == [
            "delivered",
            "partly",
            "not_delivered",
        ]

        backlog.OutcomeFactory.create(commitment=commitment)
        form = mina_pages.get(reverse(RECORD, args=[commitment.pk])).context["form"]
        assert [value for value, _label in form.fields["result"].choices] == ["rolled_back"]

    def test_warns_where_more_is_asked_of_a_department_than_it_has(
        self, mina_pages: Client, running: Sprint, commitment: Commitment
    ) -> None:
        design = people.DepartmentFactory.create(name="Design")
        backlog.CapacityFactory.create(sprint=running, department=design, days=2)
        backlog.EffortFactory.create(commitment=commitment, department=design, days=3)

        assert "Design: 3.0 person-days are asked for, and there are 2.0." in read(
            mina_pages, running
        )

    def test_draws_how_far_it_is_and_tells_it_to_those_who_cannot_see(
        self, mina_pages: Client, running: Sprint, commitment: Commitment
    ) -> None:
        backlog.OutcomeFactory.create(commitment=commitment)

        page = read(mina_pages, running)

        assert '<svg class="hb-burnup"' in page
        assert 'role="img"' in page
        assert "1 of 1 have reached users" in page
        assert "Day by day" in page

    def test_offers_nothing_to_do_to_those_who_may_not(
        self, omar_pages: Client, running: Sprint, commitment: Commitment
    ) -> None:
        outcome = backlog.OutcomeFactory.create(commitment=commitment)

        page = read(omar_pages, running)

        assert "Remember the card" in page
        for step in (
            reverse("admin:backlog_sprint_close", args=[running.pk]),
            reverse("admin:backlog_outcome_measure", args=[outcome.pk]),
            reverse("backlog:announce", args=[outcome.pk]),
        ):
            assert step not in page

    @pytest.mark.parametrize("status", ["planned", "active", "closed"])
    def test_offers_to_plan_the_next_one_above_all_when_this_one_is_closed(
        self, mina_pages: Client, status: str
    ) -> None:
        facts = {
            "planned": {},
            "active": {"started_at": NOON},
            "closed": {"started_at": NOON, "closed_at": NOON},
        }
        made = backlog.SprintFactory.create(status=status, **facts[status])
        to_plan = f"{reverse('admin:backlog_sprint_add')}?product={made.product.pk}"

        [style] = re.findall(
            rf'class="([^"]+)" href="{re.escape(to_plan)}"', read(mina_pages, made)
        )

        assert ("hb-button-main" in style) == (status == "closed")

    def test_is_not_there_for_a_product_one_may_not_see(self, omar_pages: Client) -> None:
        hidden = backlog.SprintFactory.create(product__is_open=False)

        assert omar_pages.get(address(hidden)).status_code == 404

    def test_costs_the_same_for_one_commitment_and_for_many(
        self, mina_pages: Client, running: Sprint, commitment: Commitment, queries: SameQueries
    ) -> None:
        self._fill(commitment)
        read(mina_pages, running)
        with queries() as few:
            read(mina_pages, running)

        for _each in range(4):
            self._fill(backlog.CommitmentFactory.create(sprint=running))
        with queries() as many:
            read(mina_pages, running)

        assert len(many) == len(few)

    def _fill(self, commitment: Commitment) -> None:
        backlog.MeasurementFactory.create(outcome__commitment=commitment)
        effort = backlog.EffortFactory.create(commitment=commitment)
        backlog.CapacityFactory.create(sprint=commitment.sprint, department=effort.department)


class TestFirst:
    def test_is_the_one_that_runs(self, mina_pages: Client, running: Sprint) -> None:
        backlog.SprintFactory.create(product=running.product, starts_on=NOON.date())

        response = mina_pages.get(reverse("backlog:sprints"), {"product": running.product.prefix})

        assert response["Location"] == address(running)

    def test_is_the_next_to_come_where_none_runs(self, mina_pages: Client) -> None:
        today = NOON.date()
        next_one = backlog.SprintFactory.create(starts_on=today)
        for days in (14, 28):
            backlog.SprintFactory.create(
                product=next_one.product,
                starts_on=today + timedelta(days=days),
                ends_on=today + timedelta(days=days + 11),
            )

        response = mina_pages.get(reverse("backlog:sprints"), {"product": next_one.product.prefix})

        assert response["Location"] == address(next_one)

    def test_is_the_last_one_where_none_is_to_come(self, mina_pages: Client) -> None:
        earlier, last = (
            backlog.SprintFactory.create(
                product=product,
                status="closed",
                started_at=NOON,
                closed_at=NOON,
                starts_on=NOON.date() - timedelta(days=days),
                ends_on=NOON.date() - timedelta(days=days - 11),
            )
            for product in [backlog.ProductFactory.create()]
            for days in (28, 14)
        )

        response = mina_pages.get(reverse("backlog:sprints"), {"product": earlier.product.prefix})

        assert response["Location"] == address(last)

    def test_says_so_where_there_is_none(self, mina_pages: Client) -> None:
        product = backlog.ProductFactory.create()

        response = mina_pages.get(reverse("backlog:sprints"), {"product": product.prefix})

        assert "There is no sprint yet." in response.content.decode()


class TestStepsFromHere:
    def test_lead_back_to_here(self, mina_pages: Client, commitment: Commitment) -> None:
        here = address(commitment.sprint)
        department = people.DepartmentFactory.create()
        step = reverse("admin:backlog_sprint_set_capacity", args=[commitment.sprint.pk])

        sent = {**carried(mina_pages, step), f"of_{department.pk}": "7.5"}
        response = mina_pages.post(f"{step}?back={here}", sent)

        assert response["Location"] == here
        assert commitment.sprint.capacities.get().days == 7.5

    def test_start_from_what_is_known(self, mina_pages: Client, commitment: Commitment) -> None:
        effort = backlog.EffortFactory.create(commitment=commitment, days=3)
        step = reverse("admin:backlog_commitment_set_effort", args=[commitment.pk])

        assert 'value="3.0"' in mina_pages.get(step).content.decode()
        sent = {**carried(mina_pages, step), f"of_{effort.department_id}": ""}
        mina_pages.post(step, sent)
        assert not commitment.efforts.exists()

    def test_edit_the_terms_of_a_commitment_while_the_sprint_is_open(
        self, mina_pages: Client, omar_pages: Client, commitment: Commitment
    ) -> None:
        step = reverse("admin:backlog_commitment_edit_terms", args=[commitment.pk])
        link = f'href="{step}?back={quote(address(commitment.sprint), safe="")}"'

        assert link in read(mina_pages, commitment.sprint)
        assert link not in read(omar_pages, commitment.sprint)
        Sprint.objects.update(status="closed", closed_at=NOON)
        assert link not in read(mina_pages, commitment.sprint)

    def test_measure_an_outcome_and_say_the_verdict(
        self, mina_pages: Client, commitment: Commitment
    ) -> None:
        outcome = backlog.OutcomeFactory.create(commitment=commitment)
        step = reverse("admin:backlog_outcome_measure", args=[outcome.pk])
        figures = {"before_n": 1200, "before_conversions": 504, "after_n": 1180}

        asked = mina_pages.get(step)
        assert asked.context["form"]["is_less_better"].value() is True
        refused = mina_pages.post(
            step,
            {**figures, "design": "before_after", "after_conversions": 1181, "_answered": "1"},
        )
        assert "after_conversions" in refused.context["form"].errors
        done = mina_pages.post(
            step,
            {
                **figures,
                "design": "before_after",
                "after_conversions": 261,
                "is_less_better": "on",
                "_answered": "1",
            },
            follow=True,
        )
        assert "payments given up (%) 42.0 % → 22.1 %: better" in done.content.decode()
