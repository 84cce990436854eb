"""The inventory of procedures: a CSV file with one row for each thing that the runbooks owe."""

import csv
from dataclasses import dataclass
from pathlib import Path

from bot.errors import BadInput
from bot.nearest import one_of

KINDS = ("probe", "action", "procedure", "checklist-item", "alert", "monitor", "contact", "policy", "template")
_COLUMNS = ("id", "platform", "kind", "title", "detail")


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that is owed: its id, its platform's name, its kind, what it is called and what it says."""

    id: str
    platform: str
    kind: str
    title: str
    detail: str


def read_inventory(path: Path) -> tuple[Row, ...]:
    """Return the rows of an inventory. Raises BadInput when it is none."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            missing = [column for column in _COLUMNS if column not in (reader.fieldnames or ())]
            if missing:
                raise BadInput(f"{path} is no inventory: it has no column {one_of(missing)}.")
            rows = tuple(Row(*(record[column] or "" for column in _COLUMNS)) for record in reader)
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}.") from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadInput(f"{path} is not a CSV file in UTF-8: {error}.") from None
    for row in rows:
        if row.kind not in KINDS:
            raise BadInput(f"{path}: the row {row.id} has the kind {row.kind}; there are {one_of(KINDS, 'and')}.")
    return rows
