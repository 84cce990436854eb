"""What `opsroom check --coverage` prints: rows that are covered by platform and kind, those that are not, the total."""

from collections import Counter
from collections.abc import Iterator

from bot.runbooks.coverage import Coverage, Way
from bot.runbooks.inventory import KINDS


def report(found: Coverage) -> str:
    """Return the report, in lines."""
    return "\n".join([*_table(found), *_missing(found), *_total(found)])


def _table(found: Coverage) -> Iterator[str]:
    """Yield covered/all for each platform and kind."""
    owed = Counter((row.platform, row.kind) for row in found.rows)
    done = Counter((row.platform, row.kind) for row in found.rows if row.id in found.ways)
    platforms = list(dict.fromkeys(row.platform for row in found.rows))
    wide = max((len(name) for name in ("platform", *platforms)), default=0)
    kinds = [kind for kind in KINDS if any(owed[platform, kind] for platform in platforms)]
    yield "  ".join(["platform".ljust(wide), *(kind.rjust(len("100/100")) for kind in kinds)])
    for name in platforms:
        cells = [f"{done[name, kind]}/{owed[name, kind]}" if owed[name, kind] else "-" for kind in kinds]
        fitted = [cell.rjust(max(len(kind), len("100/100"))) for cell, kind in zip(cells, kinds, strict=True)]
        yield "  ".join([name.ljust(wide), *fitted])


def _missing(found: Coverage) -> Iterator[str]:
    if found.missing:
        yield f"Missing ({len(found.missing)}):"
    for row in found.rows:
        if row.id in found.missing:
            yield f"  {row.id} ({row.kind}, {row.title}): {found.missing[row.id]}"


def _total(found: Coverage) -> Iterator[str]:
    ways = Counter(found.ways.values())
    by = ", ".join(f"{ways[way]} by {way}" for way in Way)
    yield f"{len(found.ways)} of {len(found.rows)} rows are covered: {by}."
