"""The step that edits the terms of a commitment: what it asks, and what it makes of the answers."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from backlog.admin.commitment_terms import EditTermsForm
from backlog.models import Commitment, Sprint
from tests.backlog.admin.pages import address, errors, kinds
from tests.factories import NOON, backlog

ANSWERS = {"hypothesis": "Fewer taps.", "measure": "calls", "baseline": "42", "target": "20"}


@pytest.fixture
def row(db: None) -> Commitment:
    terms = ANSWERS | {"hypothesis": "Fewer\ncalls.", "is_pilot": True}
    made: Commitment = backlog.CommitmentFactory.create(**terms)
    return made


def send(client: Client, row: Commitment, **answers: Any) -> Any:
    page = address(Commitment, "edit_terms", row.pk)
    return client.post(page, {**shown_as(row), **answers, "_answered": "1"})


def shown_as(row: Commitment) -> dict[str, str]:
    """What the form of the row as it was read says of itself."""
    form = EditTermsForm(rows=[row], viewer=row.committed_by)
    return {"shown_as": form["shown_as"].value()}


class TestTheTerms:
    def test_are_shown_as_they_are(self, as_mina: Client, row: Commitment) -> None:
        form = as_mina.get(address(Commitment, "edit_terms", row.pk)).context["form"]

        assert form["hypothesis"].value() == "Fewer\ncalls."
        assert (form["target"].value(), form["is_pilot"].value()) == ("20", True)
        assert [field.name for field in form if field.field.disabled] == []

    def test_are_edited_and_the_person_goes_back(self, as_mina: Client, row: Commitment) -> None:
        page = address(Commitment, "edit_terms", row.pk)
        answers = {**ANSWERS, "target": "15", **shown_as(row), "_answered": "1"}

        response = as_mina.post(f"{page}?back=/sprints/1/", answers)

        assert response["Location"] == "/sprints/1/"
        row.refresh_from_db()
        assert (row.hypothesis, row.target, row.is_pilot) == ("Fewer taps.", Decimal(15), False)
        assert kinds() == ["commitment.edited"]

    def test_stay_when_only_the_browser_ends_lines_otherwise(
        self, as_mina: Client, row: Commitment
    ) -> None:
        said = ANSWERS | {"hypothesis": "Fewer\r\ncalls.", "is_pilot": "on"}

        assert send(as_mina, row, **said).status_code == 302

        assert not kinds()

    def test_are_not_overwritten_by_a_form_that_is_out_of_date(
        self, as_mina: Client, row: Commitment
    ) -> None:
        Commitment.objects.update(version=2)

        refused = send(as_mina, row, **ANSWERS)

        assert "meanwhile" in errors(refused)["__all__"][0]
        assert not kinds()

    def test_say_what_somebody_else_made_of_them(self, as_mina: Client, row: Commitment) -> None:
        Commitment.objects.update(version=2, target=Decimal(30))

        refused = send(as_mina, row, **(ANSWERS | {"measure": "faxes"}))

        assert errors(refused)["target"] == ["By now it is: 30"]
        assert refused.context["form"]["target"].value() == "30"
        assert refused.context["form"]["measure"].value() == "faxes"
        assert not kinds()

    def test_ask_only_for_the_hypothesis_after_an_outcome(
        self, as_mina: Client, row: Commitment
    ) -> None:
        backlog.OutcomeFactory.create(commitment=row)

        asked = as_mina.get(address(Commitment, "edit_terms", row.pk))
        send(as_mina, row, hypothesis="Fewer taps.")

        form = asked.context["form"]
        fixed = {field.name for field in form if field.field.disabled}
        assert fixed == {"measure", "baseline", "target", "is_pilot"}
        assert "only the hypothesis" in asked.content.decode()
        row.refresh_from_db()
        assert (row.hypothesis, row.measure, row.is_pilot) == ("Fewer taps.", "calls", True)

    def test_say_no_to_a_form_that_was_shown_before_the_outcome(
        self, as_mina: Client, row: Commitment
    ) -> None:
        backlog.OutcomeFactory.create(commitment=row)

        refused = send(as_mina, row, **(ANSWERS | {"target": "30", "is_pilot": "on"}))

        assert "is on record" in errors(refused)["__all__"][0]
        assert not kinds()

    @pytest.mark.parametrize("state", ["withdrawn", "closed"])
    def test_are_not_offered_where_they_stand(
        self, state: str, as_mina: Client, row: Commitment
    ) -> None:
        page, step = (address(Commitment, name, row.pk) for name in ("change", "edit_terms"))
        assert step in as_mina.get(page).content.decode()

        if state == "withdrawn":
            Commitment.objects.update(withdrawn_at=NOON)
        else:
            Sprint.objects.update(status="closed", started_at=NOON, closed_at=NOON)

        assert step not in as_mina.get(page).content.decode()
        assert errors(send(as_mina, row, **ANSWERS))

    def test_are_for_those_who_may(self, as_omar: Client, row: Commitment) -> None:
        assert send(as_omar, row, **ANSWERS).status_code == 403
        assert not kinds()
