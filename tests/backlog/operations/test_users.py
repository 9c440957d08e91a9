from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.utils import timezone

from backlog import errors
from backlog.models import Membership, User
from backlog.operations import departments, memberships, users
from backlog.queries import memberships as membership_queries
from backlog.rules import roles
from tests.backlog.operations import events
from tests.factories import NOON
from tests.factories.backlog import RequestFactory
from tests.factories.people import DepartmentFactory, MembershipFactory, UserFactory

LATER = NOON + timedelta(days=3)


class TestAddColleague:
    def test_lets_them_sign_in_with_their_roles_for_their_department(self, ada: User) -> None:
        sales = DepartmentFactory.create()

        user = users.add_colleague(
            email=" Jiwoo@Example.com ",
            name="Jiwoo",
            password="a long one",
            language="en",
            roles=iter([roles.VIEWER, roles.SECRETARY]),
            department=sales,
            by=ada,
            at=NOON,
        )

        user = User.objects.get(pk=user.pk)
        assert authenticate(username="jiwoo@example.com", password="a long one") == user
        assert (user.email, user.is_staff, user.is_superuser) == ("jiwoo@example.com", True, False)
        assert user.roles == {roles.VIEWER, roles.SECRETARY}
        assert membership_queries.department_of(user) == sales
        assert events.kinds() == ["colleague.added", "department.joined"]

    def test_lets_nobody_in_without_a_password(self, db: None) -> None:
        user = users.add_colleague(email="a@example.com", name="A", by=None, at=NOON)
        assert not user.has_usable_password()

    @pytest.mark.parametrize(
        ("facts", "field"),
        [
            ({"email": "not an address"}, "email"),
            ({"name": ""}, "name"),
            ({"language": "fr"}, "language"),
            ({"email": "mina@example.com"}, "email"),
        ],
    )
    def test_refuses_what_is_not_valid(self, mina: User, facts: dict[str, Any], field: str) -> None:
        with pytest.raises(ValidationError) as refused:
            users.add_colleague(**{"email": "a@example.com", "name": "A"} | facts, by=mina, at=NOON)
        assert field in refused.value.message_dict

    def test_refuses_a_role_that_does_not_exist(self, db: None) -> None:
        with pytest.raises(errors.Invalid, match="wizard") as refused:
            users.add_colleague(email="a@b.kr", name="A", roles=["wizard"], by=None, at=NOON)
        assert refused.value.field == "roles"
        assert not User.objects.filter(email="a@b.kr").exists()


class TestEditColleague:
    def test_changes_who_they_are_to_us(self, ada: User, omar: User) -> None:
        users.edit_colleague(user_id=omar.pk, name="Omar B.", is_active=False, by=ada, at=NOON)

        omar.refresh_from_db()
        assert (omar.name, omar.is_active) == ("Omar B.", False)
        assert events.last().data == {"changed": ["is_active", "name"]}

    def test_records_nothing_when_nothing_changes(self, ada: User, omar: User) -> None:
        users.edit_colleague(user_id=omar.pk, name="Omar", by=ada, at=NOON)
        assert events.kinds() == []

    def test_refuses_a_time_zone_that_no_clock_knows(self, ada: User, omar: User) -> None:
        with pytest.raises(errors.Invalid) as refused:
            users.edit_colleague(user_id=omar.pk, time_zone="Mars/Base", by=ada, at=NOON)
        assert (refused.value.field, refused.value.code) == ("time_zone", "unknown")


class TestSetPassword:
    def test_replaces_it_and_tells_the_ledger_nothing_of_it(self, ada: User, omar: User) -> None:
        users.set_password(user_id=omar.pk, password="quite secret", by=ada, at=NOON)

        assert authenticate(username=omar.email, password="quite secret") == omar
        assert events.facts(events.last()) == {
            "kind": "colleague.password_set",
            "by": ada,
            "at": NOON,
            "data": {},
        }


class TestSetRoles:
    def test_replaces_all_of_them(self, ada: User, omar: User) -> None:
        wanted = [roles.SECRETARY, roles.COUNCIL_MEMBER, roles.SECRETARY]
        user = users.set_roles(user_id=omar.pk, roles=wanted, by=ada, at=NOON)

        assert user.roles == {roles.SECRETARY, roles.COUNCIL_MEMBER}
        assert user.has_perm("council.schedule_meeting")
        assert events.last().data == {"roles": [roles.COUNCIL_MEMBER, roles.SECRETARY]}

    def test_records_nothing_when_they_have_them(self, ada: User, omar: User) -> None:
        users.set_roles(user_id=omar.pk, roles=[roles.VIEWER], by=ada, at=NOON)
        assert events.kinds() == []

    def test_refuses_a_role_that_does_not_exist(self, ada: User, omar: User) -> None:
        with pytest.raises(errors.Invalid):
            users.set_roles(user_id=omar.pk, roles=["wizard"], by=ada, at=NOON)
        assert User.objects.get(pk=omar.pk).roles == {roles.VIEWER}


class TestDepartments:
    def test_are_added_and_renamed(self, ada: User) -> None:
        department = departments.add_department(name="Sales", by=ada, at=NOON)
        for _twice in range(2):
            departments.rename_department(department_id=department.pk, name="영업", by=ada, at=NOON)

        department.refresh_from_db()
        assert (department.name, department.is_seated) == ("영업", False)
        assert events.kinds() == ["department.added", "department.renamed"]

    def test_have_a_name_of_their_own(self, ada: User) -> None:
        departments.add_department(name="Sales", by=ada, at=NOON)
        with pytest.raises(ValidationError):
            departments.add_department(name="SALES", by=ada, at=NOON)


class TestJoinDepartment:
    def test_ends_the_membership_before(self, ada: User, omar: User) -> None:
        sales, service = DepartmentFactory.create_batch(2)
        memberships.join_department(user_id=omar.pk, department_id=sales.pk, by=ada, at=NOON)

        memberships.join_department(user_id=omar.pk, department_id=service.pk, by=ada, at=LATER)

        assert membership_queries.department_of(omar) == service
        before = Membership.objects.get(user=omar, department=sales)
        assert (before.starts_on, before.ends_on) == (NOON.date(), LATER.date())

    def test_changes_nothing_the_second_time(self, ada: User, omar: User) -> None:
        sales = DepartmentFactory.create()
        first = memberships.join_department(
            user_id=omar.pk, department_id=sales.pk, by=ada, at=NOON
        )
        again = memberships.join_department(
            user_id=omar.pk, department_id=sales.pk, by=ada, at=LATER
        )
        assert first == again
        assert events.kinds() == ["department.joined"]

    def test_counts_days_as_the_site_does(self, ada: User, omar: User) -> None:
        early_in_seoul = datetime(2026, 3, 2, 22, 0, tzinfo=UTC)
        sales = DepartmentFactory.create()
        with timezone.override("America/New_York"):
            membership = memberships.join_department(
                user_id=omar.pk, department_id=sales.pk, by=ada, at=early_in_seoul
            )
        assert str(membership.starts_on) == "2026-03-03"

    def test_never_ends_a_membership_before_it_began(self, ada: User, omar: User) -> None:
        before = MembershipFactory.create(user=omar, starts_on=LATER.date())
        memberships.join_department(
            user_id=omar.pk, department_id=DepartmentFactory.create().pk, by=ada, at=NOON
        )
        before.refresh_from_db()
        assert before.ends_on == LATER.date()


class TestMarkSeated:
    def test_makes_silence_count_and_scores_stale(self, ada: User) -> None:
        sales = DepartmentFactory.create(is_seated=False)
        scored, unscored = RequestFactory.create(scored_at=NOON), RequestFactory.create()

        departments.mark_seated(department_ids=[sales.pk], by=ada, at=NOON)

        for row in (sales, scored, unscored):
            row.refresh_from_db()
        assert sales.is_seated
        assert (scored.is_score_stale, unscored.is_score_stale) == (True, False)
        assert events.kinds() == ["department.seated"]

    def test_changes_nothing_the_second_time(self, ada: User) -> None:
        sales = DepartmentFactory.create(is_seated=True)
        scored = RequestFactory.create(scored_at=NOON)

        departments.mark_seated(department_ids=[sales.pk], by=ada, at=NOON)

        scored.refresh_from_db()
        assert (scored.is_score_stale, events.kinds()) == (False, [])


def test_somebody_without_a_department_speaks_for_none(omar: User) -> None:
    MembershipFactory.create(user=omar, ends_on=LATER.date())
    assert membership_queries.department_of(omar) is None


def test_a_colleague_may_act_on_another_who_acts_on_them(db: None) -> None:
    one, other = UserFactory.create_batch(2)
    users.edit_colleague(user_id=one.pk, name="A", by=other, at=NOON)
    users.edit_colleague(user_id=other.pk, name="B", by=one, at=NOON)
    assert events.kinds() == ["colleague.edited"] * 2
