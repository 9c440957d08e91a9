"""Worked figures from the published data, with the traps that lie beside them."""

import json
from pathlib import Path
from typing import Any

import pytest

from backlog.statistics import significance, surveys

pytestmark = pytest.mark.shared


@pytest.fixture
def worked(shared: Path) -> Path:
    return shared / "vectors" / "worked"


def _read(worked: Path, name: str) -> Any:
    return json.loads((worked / f"{name}.json").read_text())


def _answers(counts: dict[str, int]) -> list[int]:
    return [int(answer) for answer, n in counts.items() for _ in range(n)]


def test_two_proportions_give_the_computed_figures_not_the_misprinted_ones(worked: Path) -> None:
    rows = _read(worked, "ztest")["rows"]
    assert rows
    for row in rows:
        found = significance.compare(before=(row["x1"], row["n1"]), after=(row["x2"], row["n2"]))
        assert found is not None
        assert found.z == pytest.approx(row["z"], abs=1e-6)
        assert found.p_value == pytest.approx(row["p"], abs=1e-6)
        assert found.standard_error == pytest.approx(row["se"], abs=1e-6)
        if row["published_z"] is not None:
            assert found.z == pytest.approx(row["published_z"], abs=5e-4)
            assert found.p_value == pytest.approx(row["published_p"], abs=1e-4)


def test_the_interval_of_a_share_has_the_published_bounds(worked: Path) -> None:
    data = _read(worked, "wilson")
    assert data["level"] == significance.LEVEL
    for row in data["rows"]:
        found = significance.wilson(row["successes"], row["n"])
        assert found is not None
        assert (found.low, found.high) == pytest.approx((row["low"], row["high"]), abs=1e-8)


def test_csat_is_rounded_where_it_is_shown(worked: Path) -> None:
    counted, of_total = _read(worked, "csat")["rows"]
    found = surveys.csat(_answers(counted["counts"]))
    assert found is not None
    assert found.percent.middle is not None
    assert (found.part, found.n) == (counted["satisfied"], counted["total"])
    assert found.percent.middle == pytest.approx(counted["exact"], abs=0.005)
    assert round(found.percent.middle) == counted["shown"]
    share = significance.share(of_total["satisfied"], of_total["total"])
    assert share is not None
    assert share.percent.middle == of_total["shown"]
    assert surveys.csat([]) is None


def test_nps_counts_six_and_zero_as_detractors(worked: Path) -> None:
    [row] = _read(worked, "nps")["rows"]
    found = surveys.nps_of_counts(promoters=162, passives=108, detractors=54)
    assert found is not None
    assert found.value.middle == pytest.approx(row["nps"])
    assert (found.standard_error / 100) ** 2 * found.n == pytest.approx(row["variance"])
    trapped = surveys.nps([6, 0])
    assert trapped is not None
    assert trapped.detractors == 2


def test_ces_is_the_mean_and_neither_a_sum_nor_a_misprint(worked: Path) -> None:
    counted, misprinted = _read(worked, "ces")["rows"]
    found = surveys.ces(_answers(counted["counts"]))
    assert found is not None
    assert found.n == counted["n"]
    assert found.value.middle == pytest.approx(counted["published"])
    right = surveys.ces(misprinted["scores"])
    assert right is not None
    assert right.value.middle == pytest.approx(misprinted["correct"])
    assert right.value.middle != pytest.approx(misprinted["published"])
