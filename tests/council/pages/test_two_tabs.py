"""Two people, or two tabs, over one request: the second takes nothing back unknowingly."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from backlog.models import Assessment, CustomerRequest, Department, DepartmentStep, User
from backlog.operations import scoring_models
from tests.factories import NOON
from tests.factories.backlog import RequestFactory
from tests.factories.people import DepartmentFactory

PAGE = "/requests/PAY-1/"
API = "/api/v1/requests/PAY-1/"


@pytest.fixture
def row(db: None) -> CustomerRequest:
    row = RequestFactory.create(number=1, product__prefix="PAY", status="under_review")
    row.product.scoring_model = scoring_models.default_model(by=None, at=NOON)
    row.product.save()
    return row


def shown(client: Client, form: str, on: str = PAGE) -> str:
    value: str = client.get(on).context[form]["shown_as"].value()
    return value


class TestADepartmentsStep:
    @pytest.fixture(autouse=True)
    def step(self, row: CustomerRequest, sales: Department) -> DepartmentStep:
        return DepartmentStep.objects.create(request=row, department=sales, step="Ask them.")

    def now(self) -> str:
        return DepartmentStep.objects.get().step

    def test_that_somebody_changed_meanwhile_is_shown_and_kept(
        self, mina_pages: Client, sales: Department
    ) -> None:
        said = {"department": sales.pk, "step": "Mine.", "shown_as": shown(mina_pages, "step_form")}
        DepartmentStep.objects.update(step="Theirs.")

        page = mina_pages.post(f"{PAGE}step/", said)

        assert (page.status_code, self.now()) == (422, "Theirs.")
        assert "By now it is: Theirs." in page.content.decode()
        assert "Mine." in page.content.decode()
        again = {**said, "shown_as": page.context["step_form"]["shown_as"].value()}
        mina_pages.post(f"{PAGE}step/", again)
        assert self.now() == "Mine."

    def test_is_not_replaced_by_a_form_that_does_not_say_what_it_showed(
        self, mina_pages: Client, sales: Department
    ) -> None:
        page = mina_pages.post(f"{PAGE}step/", {"department": sales.pk, "step": "Mine."})

        assert (page.status_code, self.now()) == (422, "Ask them.")

    def test_of_another_department_holds_up_nobody(self, mina_pages: Client) -> None:
        other = DepartmentFactory.create(name="Other")
        said = {"department": other.pk, "step": "Mine.", "shown_as": shown(mina_pages, "step_form")}
        DepartmentStep.objects.update(step="Theirs.")

        assert mina_pages.post(f"{PAGE}step/", said).status_code == 302

    @pytest.mark.parametrize(
        ("before", "status"), [({}, 412), ({"before": "Old."}, 412), ({"before": "Ask them."}, 200)]
    )
    def test_is_replaced_by_a_program_that_names_it(
        self, mina: User, before: dict[str, str], status: int
    ) -> None:
        client = APIClient()
        client.force_authenticate(mina)

        said = {"department": "Sales", "step": "Mine.", **before}
        answer = client.post(f"{API}department-steps/", said, format="json")

        assert answer.status_code == status
        assert self.now() == ("Mine." if status == 200 else "Ask them.")


@pytest.mark.usefixtures("sales")
class TestOnesOwnAssessment:
    def give(self, client: Client, value: int, shown_as: str) -> Any:
        said = {"reach-value": str(value), "reach-confidence": "medium", "shown_as": shown_as}
        return client.post(f"{PAGE}assess/", said)

    def now(self) -> Decimal:
        return Assessment.objects.get().value

    @pytest.mark.usefixtures("row")
    def test_that_was_given_in_another_tab_is_shown_and_kept(self, noor_pages: Client) -> None:
        first = shown(noor_pages, "assess_form", f"{PAGE}assessment/")
        assert self.give(noor_pages, 4, first).status_code == 302

        page = self.give(noor_pages, 2, first)

        assert (page.status_code, self.now()) == (422, Decimal(4))
        assert "meanwhile" in page.content.decode()
        again = page.context["assess_form"]["shown_as"].value()
        assert self.give(noor_pages, 2, again).status_code == 302
        assert self.now() == Decimal(2)

    @pytest.mark.usefixtures("row")
    def test_is_changed_by_a_program_that_names_what_was_there(self, noor: User) -> None:
        client = APIClient()
        client.force_authenticate(noor)

        def give(value: int, **before: int) -> int:
            said = {"answers": {"reach": {"value": value, **before}}}
            return client.post(f"{API}assessments/", said, format="json").status_code

        assert (give(4), give(4), give(2), give(2, before=3)) == (200, 200, 412, 412)
        assert self.now() == Decimal(4)
        assert give(2, before=4) == 200
