"""Time zones by their names."""

import subprocess
import sys
from datetime import UTC
from zoneinfo import ZoneInfo

import pytest

from backlog.rules import time_zones

NONSENSE = [
    *(
        "Gone/Nowhere",
        "",
        "Asia",
        "asia/../../etc/passwd",
        "/etc/localtime",
        "Asia/Seoul ",
        "UTC+9",
    ),
    *("\ud800", "Asia/Seoul\x00", "posixrules", "x" * 5000, "localtime", "Europe"),
]


@pytest.mark.parametrize("name", ["Asia/Seoul", "US/Pacific", "UTC", "Asia/Calcutta", "EST5EDT"])
def test_a_zone_has_its_clock(name: str) -> None:
    assert time_zones.is_known(name)
    assert time_zones.clock(name, otherwise=UTC) == ZoneInfo(name)


@pytest.mark.parametrize("name", NONSENSE, ids=ascii)
def test_what_is_no_zone_has_the_other_clock(name: str) -> None:
    assert not time_zones.is_known(name)
    assert time_zones.clock(name, otherwise=UTC) is UTC


def test_every_zone_is_known_on_a_machine_without_zones_of_its_own() -> None:
    """As on Debian without tzdata-legacy: the package `tzdata` brings them."""
    asks = "from backlog.rules import time_zones; print(time_zones.is_known('US/Pacific'))"
    found = subprocess.run(
        [sys.executable, "-c", asks],
        env={"PYTHONTZPATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.strip() == "True"
