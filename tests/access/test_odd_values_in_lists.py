"""No value that a list of the admin is asked with breaks it."""

from typing import Any

import pytest
from django.urls import reverse

from tests.access.asking import ODD, filters, get, name_of, nouns
from tests.access.world import World

pytestmark = pytest.mark.django_db


@pytest.mark.usefixtures("frameless")
@pytest.mark.parametrize("noun", nouns(), ids=name_of)
def test_never_breaks_a_list_of_the_admin(noun: Any, world: World) -> None:
    page = f"admin:{name_of(noun)}_"
    for value in ODD:
        to = reverse(page + "change", args=["HERE"]).replace("HERE", value)
        assert get(world, to).status_code < 500, to
    _tries_what_it_takes(noun, world)


def test_never_breaks_the_frame_of_a_list(world: World) -> None:
    _tries_what_it_takes(next(it for it in nouns() if name_of(it) == "council_seal"), world)


def _tries_what_it_takes(noun: Any, world: World) -> None:
    for name in filters(noun, world):
        days = ("0001-01-01", "9999-12-31") if name.endswith(("_from", "_to")) else ()
        for value in (ODD[0], ODD[2], "nan", "1e400", *days):
            to = f"{reverse(f'admin:{name_of(noun)}_changelist')}?{name}={value}"
            assert get(world, to).status_code < 500, to
