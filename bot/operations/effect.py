"""What an operation does to its target."""

from enum import IntEnum


class Effect(IntEnum):
    """The worst that an operation can do, from harmless to final; `max()` of several is the effect of all together."""

    READ = 0
    """Changes nothing."""
    WRITE = 1
    """Changes something that can be changed back: a restart, a scaling, an inserted row, an index."""
    DESTROY = 2
    """Loses something for good: deleted rows or keys, a dropped object, a restored database."""

    @property
    def word(self) -> str:
        """`read`, `write` or `destroy`."""
        return self.name.lower()
