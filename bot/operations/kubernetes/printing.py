"""Tables as text, in kubectl's columns: three blanks between, no column narrower than six characters."""

from bot.operations.output import Table

_NARROWEST, _GAP = 6, 3


def table_text(table: Table, *, headers: bool = True) -> str:
    """Return a table as lines; an empty text when there are no rows, as kubectl prints nothing then."""
    if not table.rows:
        return ""
    lines = [table.columns, *table.rows] if headers else list(table.rows)
    widths = [max(_NARROWEST, *(len(line[at]) + _GAP for line in lines)) for at in range(len(table.columns))]
    return "\n".join(
        "".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )
