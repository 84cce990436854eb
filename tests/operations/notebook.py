"""What a deed notes, kept for the looks that follow it."""

from typing import Any

from bot.operations.changing import Deed


class Notebook:
    """Keeps what was noted, as the store does."""

    def __init__(self, identity: str = "deed-1") -> None:
        self._identity = identity
        self.noted: Any = None

    async def note(self, what: Any) -> None:
        """Keep it."""
        self.noted = what

    @property
    def deed(self) -> Deed:
        """The deed, as it is tried once more."""
        return Deed(self._identity, self.note, self.noted)
