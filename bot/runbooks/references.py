"""What is wrong between entries of a platform: a word for two severities, names that name nothing."""

from collections.abc import Collection, Iterable

from bot.nearest import hint
from bot.runbooks.channel_names import check_length
from bot.runbooks.document import Document, Place
from bot.runbooks.platform import PlatformFile, Severity, folded


def note_reference_faults(document: Document, name: str, platform: PlatformFile, wrong: Collection[str]) -> None:
    """Add the faults between entries to the document's; nothing is said about the sections in `wrong`."""
    if "severities" not in wrong:
        _note_repeated_words(document, platform.severities)
        _note_unknown_people(document, platform, wrong)
    if not {"announcement", "channels"} & set(wrong):
        place = document.value(("announcement", "channel"))
        _note_unknown(document, place, platform.announcement.channel, platform.channels, "channel")
    if not {"channel-name", "severities"} & set(wrong):
        try:
            check_length(platform.channel_name, name, [severity.name for severity in platform.severities])
        except ValueError as error:
            document.fault(document.value(("channel-name",)), f"channel-name: {error}")


def _note_unknown_people(document: Document, platform: PlatformFile, wrong: Collection[str]) -> None:
    contacts: dict[str, list[str]] = {"contacts": list(platform.contacts)}
    either = {**contacts, "channels": list(platform.channels)}
    for at, severity in enumerate(platform.severities):
        for key, names, sections in (
            ("page", severity.page, contacts),
            ("escalate-to", severity.escalate_to, contacts),
            ("notify", severity.notify, either),
        ):
            if set(sections) & set(wrong):
                continue
            known = [entry for section in sections.values() for entry in section]
            for name_at, entry in enumerate(names):
                place = document.value(("severities", at, key, name_at))
                _note_unknown(document, place, entry, known, "contact or channel" if key == "notify" else "contact")


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


def _note_unknown(document: Document, place: Place, name: str, known: Collection[str], kind: str) -> None:
    if name in known:
        return
    document.fault(place, f'"{name}" is no {kind} of this platform; {hint(name, sorted(known))}')
