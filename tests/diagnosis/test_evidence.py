"""Pictures among the evidence of a report."""

import pytest

from bot.diagnosis.evidence import files
from bot.diagnosis.finding import Finding, Level
from bot.operations.output import Output, Series
from bot.pictures import chart as pictures
from tests.diagnosis.shop import probe

LINE = "promql 'up' --range 30m"


@pytest.mark.parametrize(
    ("said", "limits"),
    [
        ({"unit": "s", "warning": "> 500ms", "critical": "> 1s"}, [(0.5, False), (1.0, True)]),
        ({"unit": "%", "warning": "> 1", "critical": "> 5%"}, [(1.0, False), (5.0, True)]),
        ({"unit": "ms", "critical": "> 1s"}, [(1000.0, True)]),
        ({"unit": "connections", "critical": "> 80"}, [(80.0, True)]),
        ({"unit": "s", "critical": "> 5GB"}, []),
    ],
)
def test_thresholds_are_drawn_in_the_unit_of_the_values(
    said: dict[str, str], limits: list[tuple[float, bool]], monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[pictures.Limit] = []
    draw = pictures.chart

    def noted(series: tuple[Series, ...], title: str, thresholds: list[pictures.Limit], unit: str) -> bytes:
        drawn.extend(thresholds)
        return draw(series, title, thresholds, unit)

    monkeypatch.setattr("bot.diagnosis.evidence.chart", noted)
    seen = Output("last 1", series=(Series("value", ((0.0, 0.1), (60.0, 1.2))),))
    [picture] = files("key", [probe(LINE, **said)], [Finding("looked-at", "Looked-at", Level.OK, "", output=seen)])
    assert picture.content.startswith(b"\x89PNG")
    assert [(limit.value, limit.critical) for limit in drawn] == limits
