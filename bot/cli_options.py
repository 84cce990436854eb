"""Options that several commands of the `opsroom` program share."""

import click


def _configured(_context: click.Context, _option: click.Parameter, given: str | None) -> str:
    """The environment says where the store is, or a file `.env`, unless somebody says it here."""
    from bot.app import store_address  # slow to import, and not needed for help

    return given or store_address()


DATABASE = click.option("--database-url", callback=_configured, help="The store; OPSROOM_DATABASE_URL if left out.")
"""Where the store is."""
