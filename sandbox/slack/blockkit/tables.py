"""The table block: rows of cells, and how its columns look."""

from typing import Any

from sandbox.slack.blockkit.layout import block
from sandbox.slack.blockkit.problem import Spot, Tally
from sandbox.slack.blockkit.rich_text import RICH_TEXT_FIELDS
from sandbox.slack.blockkit.rules import (
    Fields,
    choice,
    flag,
    list_of,
    obj,
    once,
    one_of,
    only_on,
    string,
    tagged,
    text,
)

TEXT_LIMIT = 10_000


def same_width(table: Any, spot: Spot, tally: Tally) -> None:
    """Want as many cells in every row as in the first, and no settings for a column that is not there."""
    width = len(table["rows"][0])
    for index, row in enumerate(table["rows"]):
        if len(row) != width:
            tally.report(((spot, "rows"), index), "width", f"has {len(row)} cells; the first row has {width}")
    if len(table.get("column_settings", ())) > width:
        tally.report((spot, "column_settings"), "width", f"describes more than the {width} columns of the table")


def little_text(rows: object, spot: Spot, tally: Tally) -> None:
    """Accept rows with at most 10,000 characters in all cells (Slack says so of data tables)."""
    before = tally.characters
    _ROWS(rows, spot, tally)
    if tally.characters - before > TEXT_LIMIT:
        tally.report(spot, "table_too_long", f"has more than {TEXT_LIMIT} characters in its cells")


# slack_sdk also knows raw_number; the page of the table block does not.
_CELL = one_of(
    {
        "raw_text": tagged({"text": text(1, 3000)}),
        "rich_text": tagged(RICH_TEXT_FIELDS, {"block_id": string(1, 255)}),
    }
)
_ROWS = list_of(list_of(_CELL, 1, 20), 1, 100)
_COLUMN = obj({}, {"align": choice("left", "center", "right"), "is_wrapped": flag})

TABLES: Fields = {
    "table": only_on(
        once(
            "table",
            "only_one_table_allowed",
            block({"rows": little_text}, {"column_settings": list_of(_COLUMN, 1, 20)}, same_width),
        ),
        "message",
    )
}
