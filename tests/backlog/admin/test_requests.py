"""Requests on the desk: moved by hand, with a reason."""

from django.test import Client

from backlog.models import (
    CustomerRequest,
)
from tests.backlog.admin.pages import address, errors, take
from tests.factories import backlog, people


class TestMovingRequests:
    def test_goes_to_the_top_and_one_place_down(self, as_mina: Client) -> None:
        product = backlog.ProductFactory.create()
        rows = backlog.RequestFactory.create_batch(3, product=product)

        take(as_mina, CustomerRequest, "to_top", rows[2], reason="a customer is leaving")
        take(as_mina, CustomerRequest, "down", rows[2])

        order = list(CustomerRequest.objects.order_by("rank"))
        assert order == [rows[0], rows[2], rows[1]]

    def test_overrides_a_status_only_with_a_reason(self, as_mina: Client) -> None:
        request = backlog.RequestFactory.create()

        without = take(as_mina, CustomerRequest, "override_status", request, status="approved")
        answers = {"status": "approved", "reason": "The law demands it."}
        take(as_mina, CustomerRequest, "override_status", request, **answers)

        assert "reason" in errors(without)
        request.refresh_from_db()
        assert request.status == "approved"

    def test_writes_down_a_departments_step(self, as_mina: Client) -> None:
        request = backlog.RequestFactory.create()
        department = people.DepartmentFactory.create()
        page = address(CustomerRequest, "set_department_step", request.pk)

        as_mina.post(page, {"department": department.pk, "step": "기억한다", "_answered": "1"})

        assert request.department_steps.get().step == "기억한다"
