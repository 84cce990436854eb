"""A line chart as a PNG: axes, limits, a legend, on paper of its own so that it reads on dark and on light screens.

The same numbers make the same bytes. Drawing takes some tens of milliseconds of work: call it in a thread.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw

from bot.operations.output import Series
from bot.pictures.describing import span
from bot.pictures.lines import Points, drawn, strokes
from bot.pictures.palette import AXIS, CRITICAL, FAINT_INK, GRID, INK, LINES, PAPER, WARNING, fitted, font
from bot.pictures.scales import Scale, shown, time_scale, value_scale

_FINE = 2
"""Lines are drawn this much larger and then made smaller, which smooths them."""
_TITLE, _WORDS, _ROW = 30, 22, 34
_EDGE = 32
_COLUMNS = 2


@dataclass(frozen=True, slots=True)
class Limit:
    """A threshold: its value in the unit of the series, what it is called, and whether crossing it is critical."""

    value: float
    name: str = ""
    critical: bool = False

    @property
    def colour(self) -> str:
        """The colour of its line."""
        return CRITICAL if self.critical else WARNING

    def told(self, unit: str) -> str:
        """Return what stands at its line."""
        return f"{self.name or ('critical' if self.critical else 'warning')} {shown(self.value, unit)}"


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where the lines are drawn, in pixels, and what the axes mean there."""

    left: float
    top: float
    right: float
    bottom: float
    times: Scale
    values: Scale

    def x(self, time: float) -> float:
        return self.left + self.times.share(time) * (self.right - self.left)

    def y(self, value: float) -> float:
        return self.bottom - self.values.share(value) * (self.bottom - self.top)


def chart(
    series: Sequence[Series],
    title: str,
    thresholds: Sequence[Limit] = (),
    unit: str = "",
    width: int = 1200,
    height: int = 640,
) -> bytes:
    """Return a PNG of at most eight series, those that reach highest; `unit` is that of the values: %, s, ms, bytes.

    Points are (Unix time, value); those that are no numbers are left out, and there is a gap where points are missing.
    """
    lines = drawn(series)
    left_out = sum(bool(each.points) for each in series) - len(lines)
    image = Image.new("RGB", (max(width, 640), max(height, 560)), PAPER)
    if lines:
        frame = _frame(image, lines, thresholds, unit, left_out)
        _draw_lines(image, frame, lines, thresholds)
        _write(image, frame, lines, thresholds, unit)
        _write_legend(image, frame, lines, left_out)
    else:
        ImageDraw.Draw(image).text(
            (image.width / 2, image.height / 2), "There are no points.", FAINT_INK, font(_WORDS), "mm"
        )
    heading = fitted(title, image.width - 2 * _EDGE, font(_TITLE))
    ImageDraw.Draw(image).text((_EDGE, _EDGE), heading, INK, font(_TITLE), "la")
    return _png(image)


def _png(image: Image.Image) -> bytes:
    made = io.BytesIO()
    image.save(made, "PNG", optimize=True)
    return made.getvalue()


def _frame(
    image: Image.Image, lines: Sequence[Series], thresholds: Sequence[Limit], unit: str, left_out: int
) -> _Frame:
    """Return the frame that leaves room for title, marks and legend."""
    values = [value for each in lines for _, value in each.points]
    near = [limit.value for limit in thresholds if _is_near(limit, values)]
    times = [time for each in lines for time, _ in each.points]
    scale = value_scale([*values, *near], unit)
    margin = max(font(_WORDS).getlength(word) for _, word in scale.marks) + 14
    rows = -(-(len(lines) + bool(left_out)) // _COLUMNS)
    right = image.width - _EDGE - (26 if len(lines) > 1 else 0)
    room = int((right - _EDGE - margin) / (font(_WORDS).getlength("00:00:00") + 30))
    return _Frame(
        _EDGE + margin,
        _EDGE + _TITLE + 34,
        right,
        image.height - _EDGE - rows * _ROW - 2 * _ROW - 4,
        time_scale(min(times), max(times), min(8, max(2, room))),
        scale,
    )


def _is_near(limit: Limit, values: Sequence[float]) -> bool:
    """Tell whether a limit is near enough to be drawn without pressing the lines flat; any is when all is zero."""
    reach = max(map(abs, values))
    return abs(limit.value) <= (4 * reach or 1e15)


def _draw_lines(image: Image.Image, frame: _Frame, lines: Sequence[Series], thresholds: Sequence[Limit]) -> None:
    fine = image.resize((image.width * _FINE, image.height * _FINE))
    draw = ImageDraw.Draw(fine)
    for value, _ in frame.values.marks:
        _rule(draw, frame, value, AXIS if value == 0 else GRID)
    for time, _ in frame.times.marks:
        x = frame.x(time) * _FINE
        draw.line((x, frame.bottom * _FINE, x, (frame.bottom + 7) * _FINE), AXIS, 2)
    for limit in thresholds:
        if frame.values.low <= limit.value <= frame.values.high:
            _dashes(draw, frame, limit)
    for at, each in enumerate(lines):
        for stroke in strokes(each.points):
            _stroke(draw, frame, stroke, LINES[at])
    image.paste(fine.resize(image.size, Image.Resampling.LANCZOS))


def _rule(draw: ImageDraw.ImageDraw, frame: _Frame, value: float, colour: str) -> None:
    y = frame.y(value) * _FINE
    draw.line((frame.left * _FINE, y, frame.right * _FINE, y), colour, 2)


def _dashes(draw: ImageDraw.ImageDraw, frame: _Frame, limit: Limit) -> None:
    y, x = frame.y(limit.value) * _FINE, frame.left * _FINE
    while x < frame.right * _FINE:
        draw.line((x, y, min(x + 14 * _FINE, frame.right * _FINE), y), limit.colour, 2 * _FINE)
        x += 24 * _FINE


def _stroke(draw: ImageDraw.ImageDraw, frame: _Frame, points: Points, colour: str) -> None:
    places = [(frame.x(time) * _FINE, frame.y(value) * _FINE) for time, value in points]
    if len(places) > 1:
        draw.line(places, colour, 3 * _FINE, joint="curve")
    else:
        (x, y), size = places[0], 5 * _FINE
        draw.ellipse((x - size, y - size, x + size, y + size), colour)


def _write(image: Image.Image, frame: _Frame, lines: Sequence[Series], thresholds: Sequence[Limit], unit: str) -> None:
    draw, face = ImageDraw.Draw(image), font(_WORDS)
    for value, word in frame.values.marks:
        draw.text((frame.left - 12, frame.y(value)), word, FAINT_INK, face, "rm")
    for time, word in frame.times.marks:
        if frame.x(time) + face.getlength(word) / 2 <= image.width:
            draw.text((frame.x(time), frame.bottom + 12), word, FAINT_INK, face, "ma")
    _write_limits(draw, frame, lines, thresholds, unit)
    if len(lines) > 1:
        _number(draw, frame, lines)
    when = span(frame.times.low, frame.times.high)
    draw.text((frame.right, frame.bottom + 12 + _ROW), when, FAINT_INK, face, "ra")


def _write_limits(
    draw: ImageDraw.ImageDraw, frame: _Frame, lines: Sequence[Series], thresholds: Sequence[Limit], unit: str
) -> None:
    """Write beside each limit what it is; those beyond the top are told there."""
    face = font(_WORDS)
    for limit in thresholds:
        beyond = not frame.values.low <= limit.value <= frame.values.high
        words = limit.told(unit) + (", beyond this picture" if beyond else "")
        y = frame.top if beyond else max(frame.y(limit.value), frame.top)
        x = _free_place(frame, lines, y, face.getlength(words))
        draw.text((x, y - 4), words, limit.colour, face, "ld", stroke_width=3, stroke_fill=PAPER)


def _free_place(frame: _Frame, lines: Sequence[Series], y: float, width: float) -> float:
    """Return where words of that width stand above `y` with the fewest points of lines behind them, the left first."""
    places = [(frame.x(time), frame.y(value)) for each in lines for time, value in each.points]
    behind = [place for place, height in places if y - _WORDS - 8 <= height <= y]
    room = frame.right - frame.left - width - 24
    candidates = [frame.left + 12 + room * at / 8 for at in range(9)] if room > 0 else [frame.left + 12]
    return min(candidates, key=lambda left: sum(left - 6 <= place <= left + width + 6 for place in behind))


def _number(draw: ImageDraw.ImageDraw, frame: _Frame, lines: Sequence[Series]) -> None:
    """Write at the end of each line its number in the legend, for those who cannot go by the colours."""
    ends = sorted((frame.y(each.points[-1][1]), at) for at, each in enumerate(lines))
    lowest = frame.bottom - (len(ends) - 1) * _WORDS
    last = frame.top - _WORDS
    for position, (wanted, at) in enumerate(ends):
        last = min(max(wanted, last + _WORDS), lowest + position * _WORDS)
        draw.text((frame.right + 10, last), str(at + 1), LINES[at], font(_WORDS), "lm")


def _write_legend(image: Image.Image, frame: _Frame, lines: Sequence[Series], left_out: int) -> None:
    draw, face = ImageDraw.Draw(image), font(_WORDS)
    top, column = frame.bottom + 12 + 2 * _ROW, (image.width - 2 * _EDGE) / _COLUMNS
    places = [(_EDGE + at % _COLUMNS * column, top + at // _COLUMNS * _ROW) for at in range(len(lines) + 1)]
    for at, ((x, y), each) in enumerate(zip(places, lines, strict=False)):
        draw.rounded_rectangle((x, y + 8, x + 30, y + 16), 4, LINES[at])
        number = f"{at + 1}. " if len(lines) > 1 else ""
        draw.text((x + 42, y), fitted(f"{number}{each.name}", column - 60, face), INK, face, "la")
    if left_out:
        draw.text(places[-1], f"and {left_out} more, not drawn", FAINT_INK, face, "la")
