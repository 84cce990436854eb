"""Values as the server writes them: the driver turns nothing into Python's types.

Loaded with the driver, by whoever connects.
"""

from psycopg.abc import Buffer
from psycopg.adapt import AdaptersMap, Loader
from psycopg.types.string import StrDumper


class _AsText(Loader):
    """Any value as its text; what is no UTF-8 is shown as such and does not fail."""

    def load(self, data: Buffer) -> str:
        return bytes(data).decode("utf-8", "replace")


class _TextsOnly:
    """What a connection takes its conversions from."""

    connection = None

    def __init__(self) -> None:
        self.adapters = AdaptersMap()
        self.adapters.register_loader(0, _AsText)  # 0 stands for every type that has no loader of its own
        self.adapters.register_dumper(str, StrDumper)


TEXTS_ONLY = _TextsOnly()
