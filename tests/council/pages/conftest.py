"""Colleagues who read English, whatever the language of the installation."""

import pytest
from django.test import Client

from backlog.models import Department, User
from tests.backlog.pages.conftest import signed_in
from tests.factories.people import DepartmentFactory, MembershipFactory


@pytest.fixture
def mina_pages(mina: User) -> Client:
    return signed_in(mina)


@pytest.fixture
def noor_pages(noor: User) -> Client:
    return signed_in(noor)


@pytest.fixture
def omar_pages(omar: User) -> Client:
    return signed_in(omar)


@pytest.fixture
def ada_pages(ada: User) -> Client:
    return signed_in(ada)


@pytest.fixture
def sales(noor: User) -> Department:
    """Noor speaks for Sales."""
    department = DepartmentFactory.create(name="Sales")
    MembershipFactory.create(user=noor, department=department)
    return department
