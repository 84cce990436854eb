"""Colours and fonts. The colours of lines are those of Okabe and Ito, told apart with any colour vision.

Yellow and black of that set are replaced: yellow cannot be seen on white, and black is for words.
"""

from functools import cache

from PIL import ImageFont

PAPER = "#ffffff"
INK = "#1d1c1d"
FAINT_INK = "#5f5e60"
GRID = "#e4e4e6"
AXIS = "#9a999c"
WARNING = "#a86200"
CRITICAL = "#c0202a"
LINES = ("#0072b2", "#d55e00", "#009e73", "#b4528f", "#8c6500", "#3a9bd9", "#5b5b5b", "#6f3fa0")
"""One colour for each of up to eight lines."""

Font = ImageFont.FreeTypeFont


@cache
def font(size: int) -> Font:
    """Return the font that comes with Pillow, in pixels: the same on every machine."""
    found = ImageFont.load_default(size)
    if not isinstance(found, Font):
        raise TypeError("Pillow was built without FreeType, which draws the letters of charts.")
    return found


def fitted(text: str, width: float, face: Font) -> str:
    """Return a text on one line, cut with an ellipsis where it would be wider than `width` pixels."""
    line = " ".join("".join(char if char.isprintable() else " " for char in text[:300]).split())
    if face.getlength(line) <= width:
        return line
    while line and face.getlength(f"{line}…") > width:
        line = line[:-1]
    return f"{line.rstrip()}…"
