"""The page of a decision: what was expected beside what came, and the question about it."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone

from backlog.models import User
from backlog.rules import roles
from council.models import Decision, Prediction
from tests.backlog.pages.conftest import signed_in
from tests.factories import backlog
from tests.factories import council as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def decision(noor: User) -> Decision:
    """Noor chairs; its day has come."""
    return make.DecisionFactory.create(
        council__chair=noor,
        request__title="Pay faster",
        review_on=timezone.localdate() - timedelta(days=2),
        expected_effect="Fewer calls.",
    )


@pytest.fixture
def figure(decision: Decision) -> Prediction:
    return make.PredictionFactory.create(decision=decision, measure="returns a week")


def page(client: Client, decision: Decision) -> str:
    return client.get(f"/decisions/{decision.pk}/").content.decode()


def test_lays_what_was_expected_beside_what_was_measured(
    noor_pages: Client, decision: Decision, figure: Prediction
) -> None:
    commitment = backlog.CommitmentFactory.create(request=decision.request, measure="Returns")
    backlog.MeasurementFactory.create(outcome__commitment=commitment, measured_at=timezone.now())

    said = page(noor_pages, decision)

    assert "returns a week" in said
    assert "40 → 25" in said
    assert "70 % sure" in said
    assert "Returns" in said.partition("Measured since")[2]


def test_the_question_is_answered_on_the_page(
    noor_pages: Client, decision: Decision, figure: Prediction
) -> None:
    assert "Did it come true?" in page(noor_pages, decision)
    answer = {
        f"result_{figure.pk}": "hit",
        f"actual_{figure.pk}": "24",
        "words": "Half of them are gone.",
        "conclusion": "stands",
    }

    answered = noor_pages.post(f"/decisions/{decision.pk}/review/", answer)

    figure.refresh_from_db()
    assert (answered.status_code, figure.result, str(figure.actual)) == (302, "hit", "24.0000")
    assert "Half of them are gone." in page(noor_pages, decision)


def test_what_is_not_accepted_is_shown_again(
    noor_pages: Client, decision: Decision, figure: Prediction
) -> None:
    typed = {"words": "We shall see.", "conclusion": "stands", f"actual_{figure.pk}": "many"}

    shown = noor_pages.post(f"/decisions/{decision.pk}/review/", typed)

    assert shown.status_code == 422
    assert "We shall see." in shown.content.decode()
    assert "many" in shown.content.decode()


def test_who_has_no_part_in_it_is_not_asked(decision: Decision, mina: User) -> None:
    assert "Did it come true?" not in page(signed_in(mina), decision)


def test_home_asks_the_chair_and_leads_there(noor_pages: Client, decision: Decision) -> None:
    asked = noor_pages.get("/").content.decode()

    assert f"/decisions/{decision.pk}/#review" in asked


def test_later_and_earlier_decisions_lead_to_each_other(
    noor_pages: Client, decision: Decision
) -> None:
    Decision.objects.update(status="superseded")
    later = make.DecisionFactory.create(
        council=decision.council, request=decision.request, supersedes=decision
    )

    assert f"/decisions/{later.pk}/" in page(noor_pages, decision)
    assert f"/decisions/{decision.pk}/" in page(noor_pages, later)
    assert "Did it come true?" not in page(noor_pages, decision)


class TestChangingWhatStands:
    @pytest.fixture
    def stands(self, noor: User) -> Decision:
        """Noor chairs the council, which took it without a ballot."""
        council = make.CouncilFactory.create(chair=noor)
        row = backlog.RequestFactory.create(status="approved")
        council.products.add(row.product)
        return make.DecisionFactory.create(
            council=council, request=row, rationale="Many ask.\nAll wait.", conditions="None."
        )

    def test_an_amendment_leads_to_what_holds_now(
        self, noor_pages: Client, stands: Decision
    ) -> None:
        assert "Amend it" in page(noor_pages, stands)
        typed = {
            "what_changed": "Sales helps.",
            "rationale": "Many ask.\r\nAll wait.",
            "conditions": "By hand.",
        }

        sent = noor_pages.post(f"/decisions/{stands.pk}/amend/", typed)

        amended = stands.superseded_by
        assert sent.headers["Location"] == f"/decisions/{amended.pk}/"
        assert amended.rationale == stands.rationale
        assert "Sales helps." in page(noor_pages, amended)
        assert "Amend it" not in page(noor_pages, stands)

    def test_what_is_not_accepted_is_shown_again(
        self, noor_pages: Client, stands: Decision
    ) -> None:
        typed = {"what_changed": "Hm.", "rationale": stands.rationale, "conditions": "None."}

        shown = noor_pages.post(f"/decisions/{stands.pk}/amend/", typed)

        assert shown.status_code == 422
        assert "Nothing was changed." in shown.content.decode()
        assert "Hm." in shown.content.decode()

    def test_it_is_retired_with_a_reason_that_is_shown(
        self, noor_pages: Client, stands: Decision
    ) -> None:
        noor_pages.post(f"/decisions/{stands.pk}/retire/", {"reason": "It has served its time."})

        said = page(noor_pages, stands)
        assert "It has served its time." in said
        assert "Retire it" not in said

    def test_another_verdict_takes_its_place(self, noor_pages: Client, stands: Decision) -> None:
        typed = {"verdict": "decline", "rationale": "Nobody asks any more."}

        noor_pages.post(f"/decisions/{stands.pk}/supersede/", typed)

        assert stands.superseded_by.verdict == "decline"

    def test_nobody_is_offered_what_would_be_refused(self, stands: Decision, sora: User) -> None:
        said = page(signed_in(sora), stands)

        assert "Amend it" not in said
        assert "Decide otherwise" not in said

    def test_an_administrator_without_a_seat_corrects_and_nothing_else(
        self, stands: Decision, mina: User
    ) -> None:
        mina.groups.set([Group.objects.get_or_create(name=roles.ADMIN)[0]])
        administrator = signed_in(mina)
        said = page(administrator, stands)
        assert "Correct the record" in said
        assert "Amend it" not in said
        typed = {"what_changed": "Heard wrongly.", "verdict": "pilot", "rationale": "Many ask."}

        administrator.post(f"/decisions/{stands.pk}/correct/", typed)

        corrected = stands.superseded_by
        assert (corrected.act, corrected.verdict, corrected.seat) == ("correction", "pilot", None)
        assert "a correction" in page(administrator, corrected)
