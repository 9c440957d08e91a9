"""No value in an address breaks what is behind it, also one that is too long to be a number."""

from itertools import product
from urllib.parse import urlencode

import pytest

from backlog.api.framework.paging import KeysetPagination
from tests.access.addresses import BY_NAME, address
from tests.access.asking import ODD, READ, get, replaced
from tests.access.world import World

pytestmark = pytest.mark.django_db


class TestWhatIsOdd:
    @pytest.mark.usefixtures("frameless")
    @pytest.mark.parametrize("name", READ)
    def test_never_breaks_a_page(self, name: str, world: World, read: set[str]) -> None:
        """Also one that is not there, or too long to be a number."""
        for value in ODD:
            for to in replaced(name, world, value):
                assert get(world, to).status_code < 500, to
        to = address(name, world, world.open, "A")
        read.update(_understood(to, _parameters(name), world))
        self._tries_what_is_read(to, world, read)

    @pytest.mark.parametrize("name", ["backlog:board", "council:home", "admin:app_list"])
    def test_never_breaks_the_frame_of_pages(self, name: str, world: World, read: set[str]) -> None:
        self._tries_what_is_read(address(name, world, world.open, "A"), world, read)

    def _tries_what_is_read(self, to: str, world: World, read: set[str]) -> None:
        get(world, to)
        tried: set[str] = set()
        while names := read - tried:  # One may be looked for only where another is.
            for each, value in product(sorted(names), ODD[:4]):
                asked = f"{to}{'&' if '?' in to else '?'}{each}={value}"
                assert get(world, asked).status_code < 500, asked
            tried |= names

    def test_is_tried_in_what_a_page_reads(self, world: World, read: set[str]) -> None:
        """The test above finds the parameters itself."""
        get(world, address("backlog:board", world, world.open, "A"))

        assert {"q", "status", "owner"} <= read


def _understood(to: str, names: set[str], world: World) -> set[str]:
    """Without those that are refused because there is no such parameter, whatever their value."""
    if not names:
        return names
    answer = get(world, f"{to}?{urlencode(dict.fromkeys(names, '1'))}")
    errors = answer.json()["errors"] if answer.status_code == 400 else []
    return names - {each["parameter"] for each in errors if each["code"] == "unknown_parameter"}


def _parameters(name: str) -> set[str]:
    """What a list of the API takes: it looks for them in other ways, too."""
    filterset = getattr(getattr(BY_NAME[name].view, "cls", None), "filterset_class", None)
    if not BY_NAME[name].actions:
        return set()
    return {*(filterset.base_filters if filterset else ()), *KeysetPagination.parameters}
