from importlib import import_module

import pytest
from django.apps import apps
from hypothesis import given
from hypothesis import strategies as st

from backlog.rules import roles

NAMES = st.frozensets(st.sampled_from([*roles.PERMISSIONS, "wizard"]))


@given(held=NAMES, more=NAMES)
def test_another_role_never_takes_anything_away(held: frozenset[str], more: frozenset[str]) -> None:
    assert roles.permissions_of(held | more) == roles.permissions_of(held) | roles.permissions_of(
        more
    )


def test_names_that_are_no_role_allow_nothing() -> None:
    assert roles.permissions_of(frozenset({"wizard", "Admin"})) == frozenset()


def test_an_admin_may_do_all_that_anybody_may() -> None:
    assert set().union(*roles.PERMISSIONS.values()) == roles.PERMISSIONS[roles.ADMIN]


def test_the_groups_of_the_database_are_the_roles() -> None:
    migration = import_module("backlog.migrations.0001_initial")
    assert sorted(migration.ROLES) == sorted(roles.PERMISSIONS)


def test_what_can_be_viewed_exists() -> None:
    names = [name for name in roles.EVERYTHING if ".view_" in name]
    for name in names:
        app, _dot, action = name.partition(".")
        assert apps.get_model(app, action.removeprefix("view_"))


@pytest.mark.parametrize(
    ("role", "may", "may_not"),
    [
        (roles.VIEWER, "backlog.receive_feedback", "backlog.view_customer"),
        (roles.COUNCIL_MEMBER, "backlog.assess_request", "backlog.move_request"),
        (roles.SECRETARY, "council.hold_meeting", "backlog.move_request"),
        (roles.PRODUCT_MANAGER, "backlog.move_request", "council.record_decision"),
        (roles.INTEGRATION, "backlog.import_feedback", "backlog.assess_request"),
        (roles.ADMIN, "backlog.manage_tokens", None),
    ],
)
def test_each_role_has_its_job(role: str, may: str, may_not: str | None) -> None:
    assert may in roles.PERMISSIONS[role]
    assert may_not not in roles.PERMISSIONS[role]
