"""Charts: what can be seen in them, measured in the picture itself."""

import io
import math
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageColor

from bot.operations.output import Series
from bot.pictures.chart import Limit, chart
from bot.pictures.describing import describe
from bot.pictures.lines import drawn, strokes
from bot.pictures.palette import CRITICAL, LINES, PAPER, WARNING
from bot.pictures.scales import shown, time_scale, value_scale

START = 1_794_000_000.0  # 6 November 2026, 21:20 UTC


def series(name: str, values: Sequence[float], step: float = 60.0) -> Series:
    return Series(name, tuple((START + step * at, value) for at, value in enumerate(values)))


def opened(png: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(png))
    assert image.format == "PNG"
    return image.convert("RGB")


def pixels(image: Image.Image, colour: str) -> list[tuple[int, int]]:
    """Return where a picture has that colour, or nearly: edges are smoothed."""
    red, green, blue = ImageColor.getrgb(colour)[:3]
    bands = [
        band.point(lambda value, of=of: 255 * (abs(value - of) < 30))
        for band, of in zip(image.split(), (red, green, blue), strict=True)
    ]
    mask = ImageChops.multiply(ImageChops.multiply(bands[0], bands[1]), bands[2]).tobytes()
    return [(at % image.width, at // image.width) for at, there in enumerate(mask) if there]


def test_every_line_has_its_colour_and_the_paper_is_its_own() -> None:
    image = opened(chart([series(f"web-{at}", [at * 10.0] * 20) for at in range(1, 9)], "Pods"))
    assert image.size == (1200, 640)
    assert image.getpixel((2, 2)) == ImageColor.getrgb(PAPER)
    assert all(len(pixels(image, colour)) > 300 for colour in LINES)


def test_what_is_larger_is_higher_and_what_is_later_is_further_right() -> None:
    found = pixels(opened(chart([series("a", [10.0] * 10 + [90.0] * 10)], "Steps")), LINES[0])
    drawing = [(x, y) for x, y in found if y < 480]  # below it is the legend
    left = [y for x, y in drawing if x < 400]
    right = [y for x, y in drawing if x > 900]
    assert min(left) > max(right) + 150


def test_thresholds_are_drawn_at_their_height() -> None:
    image = opened(chart([series("a", [20.0] * 20)], "T", [Limit(50), Limit(80, critical=True)]))
    warning, critical, line = (
        [y for x, y in pixels(image, colour) if x > 1100 and y < 480] for colour in (WARNING, CRITICAL, LINES[0])
    )
    assert max(critical) < min(warning)
    assert max(warning) < min(line)


def test_a_threshold_far_away_does_not_press_the_lines_flat() -> None:
    found = pixels(opened(chart([series("a", [1.0, 9.0] * 10)], "T", [Limit(5000, critical=True)])), LINES[0])
    heights = [y for _, y in found if y < 480]
    assert max(heights) - min(heights) > 150


def test_the_same_numbers_make_the_same_bytes() -> None:
    lines = [series("a", [1.0, 2.0]), series("b", [3.0, 4.0])]
    assert chart(lines, "T", [Limit(2)], "ms") == chart(lines, "T", [Limit(2)], "ms")
    assert chart(lines, "T") != chart(lines, "U")


def test_there_is_a_gap_where_points_are_missing() -> None:
    points = series("a", range(20)).points
    assert len(strokes(points)) == 1
    assert [len(piece) for piece in strokes(points[:8] + points[12:])] == [8, 8]


def test_of_too_many_series_those_that_reach_highest_are_drawn() -> None:
    kept = drawn([series(f"{at}", [float(at)]) for at in range(20)])
    assert [each.name for each in kept] == [str(at) for at in range(12, 20)]


names = st.text(max_size=60)
numbers = st.floats() | st.integers(-5, 500).map(float)
lines = st.lists(
    st.builds(Series, names, st.lists(st.tuples(st.floats(0, 4e9), numbers), max_size=12).map(tuple)), max_size=12
)


@settings(max_examples=25, deadline=None)
@given(lines, names, st.sampled_from(["", "%", "s", "ms", "bytes", "lines"]), st.lists(st.builds(Limit, numbers)))
def test_any_series_make_a_picture_and_a_sentence(
    several: list[Series], title: str, unit: str, limits: list[Limit]
) -> None:
    assert opened(chart(several, title, limits, unit, 640, 560)).size == (640, 560)
    assert describe(several, unit).endswith(".")


def test_the_sentence_says_what_is_seen() -> None:
    one = [series("web-1", [250.0, 900.0, 480.0])]
    assert describe(one, "ms") == (
        "A chart of one line from 21:20:00 to 21:22:00 UTC on 6 Nov 2026: "
        "web-1 goes from 250ms to 480ms, lowest 250ms, highest 900ms."
    )
    many = [series(f"web-{at}", [1.0, math.nan, 2.0], step=43200) for at in range(12)]
    said = describe(many)
    assert said.startswith("A chart of 8 lines from 6 Nov, 21:20, to 7 Nov 2026, 21:20 UTC: web-0 goes from 1 to 2")
    assert said.endswith("; and 8 more.")
    assert describe([Series("a", ())]) == "A line chart without any points."


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (1500, "", "1.5k"),
        (0.25, "s", "250ms"),
        (2, "s", "2s"),
        (73.256, "%", "73.26%"),
        (512 * 2**20, "bytes", "512Mi"),
        (0, "bytes", "0"),
        (12, "lines", "12"),
        (math.nan, "", "no number"),
    ],
)
def test_values_are_shown_short(value: float, unit: str, text: str) -> None:
    assert shown(value, unit) == text


def test_marks_are_round_numbers_and_round_times() -> None:
    assert [word for _, word in value_scale([3, 47], "%").marks] == ["0%", "10%", "20%", "30%", "40%", "50%"]
    assert [word for _, word in value_scale([2**30], "bytes").marks] == ["0", "256Mi", "512Mi", "768Mi", "1Gi"]
    assert [word for _, word in time_scale(START, START + 3600, 6).marks] == [
        "21:20", "21:30", "21:40", "21:50", "22:00", "22:10", "22:20",
    ]  # fmt: skip
    assert time_scale(START, START + 10 * 86400, 5).marks[0][1] == "7 Nov"
