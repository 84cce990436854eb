"""Where a database is: reading its address, and naming it without its password."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, quote, urlencode

from bot.errors import BadInput

_UNREADABLE = "The database's address cannot be read: write postgresql://user:password@host:5432/database."


@dataclass(frozen=True, slots=True)
class Address:
    """How to connect (libpq's keywords), and the schema that tables are looked for in, if the address has one."""

    settings: Mapping[str, str] = field(repr=False)
    schema: str = ""

    @property
    def database(self) -> str:
        """The database's name; libpq takes the user's when there is none."""
        return self.settings.get("dbname") or self.settings.get("user") or ""

    @property
    def password(self) -> str:
        """The password, or nothing."""
        return self.settings.get("password") or ""

    @property
    def spoken(self) -> str:
        """The database's name and host, for a sentence."""
        host = self.settings.get("host") or self.settings.get("hostaddr") or "localhost"
        return f"{self.database or 'the database'} on {host}"

    @property
    def door(self) -> str:
        """Host and port as pg_isready prints them."""
        return f"{self.settings.get('host') or '/tmp'}:{self.settings.get('port') or 5432}"  # noqa: S108 - libpq's own


def read_address(address: str) -> Address:
    """Read `postgresql://user:password@host/database`, also as ORMs write it.

    `postgresql+driver://` and parameters that only an ORM knows are accepted and left out; `schema=name` (Prisma) is
    kept. Raises BadInput for anything else; the sentence never repeats the address, for it may hold a password.
    """
    import psycopg  # heavy: the driver is loaded by whoever has a database
    from psycopg import conninfo, pq

    plain = re.sub(r"^(postgres(?:ql)?)\+\w+://", r"\1://", address.strip())
    if not re.match(r"postgres(ql)?://", plain):
        raise BadInput(_UNREADABLE)
    before, _, query = plain.partition("?")
    known = {option.keyword.decode() for option in pq.Conninfo.get_defaults()}
    given = parse_qsl(query, keep_blank_values=True)
    kept = [(name, value) for name, value in given if name in known or name == "ssl"]
    try:
        found = conninfo.conninfo_to_dict(f"{before}?{urlencode(kept, quote_via=quote)}" if kept else before)
    except psycopg.Error:
        raise BadInput(_UNREADABLE) from None
    if not re.fullmatch(r"[\d,]*", str(found.get("port") or "")):
        raise BadInput(_UNREADABLE)
    schema = dict(given).get("schema", "")
    return Address({name: str(value) for name, value in found.items() if value is not None}, schema)
