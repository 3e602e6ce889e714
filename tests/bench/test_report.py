"""The reports of benchmarks: medians, ratios, and whether the contestants can be compared at all."""

import json
from pathlib import Path

import pytest

from tests.bench.report import OURS, Report


@pytest.fixture
def report() -> Report:
    """Three contestants, three samples each, of which one is an outlier."""
    samples = {OURS: [2.0, 90.0, 1.0], "stock": [8.0, 6.0, 7.0], "stock-shimmed": [3.0, 3.0, 3.0]}
    return Report("spawn", "Until the page answers", "s", samples, checked=True)


def test_a_report_compares_medians(report: Report, tmp_path: Path) -> None:
    """Ours and the peers are told by their medians, and a ratio above 1 means that ours is better."""
    found = json.loads(report.write(tmp_path / "new").read_text())
    assert (found["name"], found["n"], found["unit"], found["ours"]) == ("spawn", 3, "s", 2.0)
    assert found["peers"] == [
        {"peer": "stock", "value": 7.0, "ratio": 3.5},
        {"peer": "stock-shimmed", "value": 3.0, "ratio": 1.5},
    ]
    assert (found["checked"], found["simulated"]) == (True, False)


def test_the_table_shows_each_contestant(report: Report) -> None:
    """The table has a bar for each contestant, as long as its median, and its span."""
    _, ours, stock, shimmed = report.table().splitlines()
    assert ours.count("█") < shimmed.count("█") < stock.count("█")
    assert "1.00 to 90.00" in ours
    assert "3.50 times as long as ours" in stock
    assert "NOT COMPARABLE" not in report.table()


def test_what_cannot_be_compared_is_told() -> None:
    """Where the contestants did not produce the same, the table says so."""
    report = Report("spawn", "Until the page answers", "s", {OURS: [1.0], "stock": [2.0]}, checked=False)
    assert "NOT COMPARABLE" in report.table()


def test_what_none_can_help_is_told_apart(tmp_path: Path) -> None:
    """The batch system's own waiting is in every sample: the ratio without it stands beside the one with it."""
    report = Report("spawn", "Until the page answers", "s", {OURS: [2.0], "stock": [5.0]}, checked=True, apart=1.0)
    found = json.loads(report.write(tmp_path).read_text())
    assert (found["apart"], found["peers"][0]["ratio"], found["peers"][0]["ratio_apart"]) == (1.0, 2.5, 4.0)
    assert "Without the 1.00 s that none of them can help: stock 4.00 times." in report.table()
