"""What is wrong between entries of `platform.yml`: a word for two severities, channel names that get too long."""

from collections.abc import Collection, Iterable

from bot.runbooks.channel_names import check_length
from bot.runbooks.document import Document
from bot.runbooks.people import Severity
from bot.runbooks.platform_file import PlatformFile, folded


def note_reference_faults(document: Document, name: str, platform: PlatformFile, wrong: Collection[str]) -> None:
    """Add the faults between entries to the document's; nothing is said about the sections in `wrong`."""
    if "severities" not in wrong:
        _note_repeated_words(document, platform.severities)
    if not {"channel-name", "severities"} & set(wrong):
        try:
            check_length(platform.channel_name, name, [severity.name for severity in platform.severities])
        except ValueError as error:
            document.fault(document.value(("channel-name",)), f"channel-name: {error}")


def _note_repeated_words(document: Document, severities: Iterable[Severity]) -> None:
    owners: dict[str, Severity] = {}
    for at, severity in enumerate(severities):
        for word_at, word in enumerate(severity.words):
            place = ("severities", at, "aliases", word_at - 1) if word_at else ("severities", at, "name")
            owner = owners.setdefault(folded(word), severity)
            if owner is not severity:
                document.fault(
                    document.value(place),
                    f'"{word}" already means severity {owner.name}; give it to one of them',
                )
