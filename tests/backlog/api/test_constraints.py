"""What the database would refuse is said in words; no constraint's name reaches a caller."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from backlog.models import User
from tests.factories import backlog, people

SPRINT = {"product": "PAY", "name": "Sprint 1"}


@pytest.mark.parametrize(
    ("address", "body", "code"),
    [
        ("departments", {"name": "SALES"}, "taken"),
        ("products", {"prefix": "PAY", "name": "Payments"}, "unique"),
        (
            "sprints",
            {**SPRINT, "starts_on": "2026-03-13", "ends_on": "2026-03-02"},
            "ends_before_start",
        ),
    ],
    ids=["department", "product", "sprint"],
)
def test_says_what_is_wrong_in_words(
    address: str,
    body: dict[str, Any],
    code: str,
    acting: Callable[[User], APIClient],
    ada: User,
) -> None:
    people.DepartmentFactory.create(name="Sales")
    backlog.ProductFactory.create(prefix="PAY")

    answer = acting(ada).post(f"/api/v1/{address}/", body, format="json")

    assert answer.status_code == 422
    [fault] = answer.json()["errors"]
    assert fault["code"] == code
    assert "backlog_" not in fault["detail"]
