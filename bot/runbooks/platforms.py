"""All platforms that were loaded, and the words that people use for them."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.runbooks.platform import Platform, folded


@dataclass(slots=True)
class Platforms:
    """The platforms in the order of their folders' names.

    Whoever holds this sees the new ones after the runbooks were read again; a Platform itself never changes.
    """

    all: tuple[Platform, ...] = ()

    def become(self, other: "Platforms") -> None:
        """Hold the platforms of another from now on, all at once."""
        self.all = other.all

    def __iter__(self) -> Iterator[Platform]:
        return iter(self.all)

    def __len__(self) -> int:
        return len(self.all)

    @property
    def names(self) -> tuple[str, ...]:
        """The folders' names."""
        return tuple(platform.name for platform in self.all)

    def get(self, name: str) -> Platform | None:
        """Return the platform whose folder has this name."""
        return next((platform for platform in self.all if platform.name == name), None)

    def named(self, text: str) -> Platform | None:
        """Return the platform that a person means: folder, title or alias, in any case, `social live` too."""
        wanted = folded(text)
        return next((p for p in self.all if wanted and wanted in map(folded, words_for(p))), None)

    def of_channel(self, name: str) -> Platform | None:
        """Return the platform that has a Slack channel of this name (without the number sign)."""
        return next((p for p in self.all if name in (channel.name for channel in p.channels.values())), None)


def words_for(platform: Platform) -> tuple[str, ...]:
    """Return everything that people may type for a platform, the folder's name first."""
    return (platform.name, platform.title, *platform.aliases)
