"""What headings, labels and remarks say: which part of a procedure begins, when a checklist is due, a name."""

import re
import unicodedata

from bot.runbooks.channel_names import slugged

_PHASES = (
    ("symptoms", r"symptoms?|signs|indicators?|when to \w+|impact|detection signals?"),
    ("diagnose", r"diagnos\w*|investigat\w*|triage|assess\w*|checks?|identif\w+|analysis|pre-?checks?|prerequisites"),
    ("follow-up", r"follow[- ]?up|post-\w+|prevent\w*|afterwards|lessons|next steps|verif\w+|validation|monitor\w*"),
    (
        "resolve",
        r"resol\w+|mitigat\w*|solutions?|fix\w*|recover\w*|remed\w+|actions?|responses?|steps?|procedure|rollback",
    ),
)
_LABEL = re.compile(
    r"(?:initial |immediate |quick |possible |recommended )?"
    r"(?:symptoms?|diagnos(?:is|tics?)|investigation|triage|checks|resolution|mitigations?|solutions?|fix(?:es)?|recovery|"
    r"remediation|actions|steps|verification|validation|follow-?up|prevention)(?: steps| actions)?"
)
_KIND = re.compile(r"^(?:alert|incident|runbook|playbook|procedure|scenario)(?: \d+)?:\s+", re.IGNORECASE)
_TIME = re.compile(r"\b(\d{1,2})(?::(\d{2}))?\s*([ap])\.?m\b|\b(\d{1,2}):(\d{2})\b", re.IGNORECASE)
_DAY = re.compile(r"\b(sun|mon|tue|wed|thu|fri|sat)(?:s?days?|nesdays?|rs?days?|urdays?|s|rs?)?\b", re.IGNORECASE)
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4}
_EVENTS = (
    ("pre-deployment", r"pre-?deploy|before (?:a |each |every )?(?:deploy|release)"),
    ("hand-over", r"hand-?(?:over|off)"),
)


def phase_of(label: str) -> str | None:
    """Return which part of a procedure a label begins: symptoms, diagnose, resolve or follow-up; None for none."""
    words = re.sub(r"^[\W\d]+|[\W]+$", "", label).lower()
    if not words or len(words.split()) > 4:
        return None
    found = [(match.start(), name) for name, form in _PHASES if (match := re.search(rf"\b(?:{form})\b", words))]
    if words.split()[-1] in ("steps", "actions", "commands") and found:
        return min(found)[1]
    return min(found)[1] if found and len(words.split()) <= 3 else None


def is_label(text: str) -> bool:
    """Tell whether a whole line only says which part of a procedure comes below it: `Investigation steps:`."""
    return _LABEL.fullmatch(text.strip(" :#=-").lower()) is not None


def plain(text: str) -> str:
    """Return text without marks of code, numbers, pictures and a colon at its end."""
    shown = re.sub(r"`([^`]*)`", r"\1", text)
    shown = "".join(char for char in shown if unicodedata.category(char) not in ("So", "Sk", "Cs", "Co", "Cn"))
    shown = re.sub(r"^\s*(?:\d{1,2}(?:\.\d{1,2})*[.):]\s+|[-*•]\s+)", "", " ".join(shown.split()))
    shown = re.sub(
        r"^(?:alert|incident|runbook|playbook|procedure|scenario)(?: \d+)?:\s+", "", shown, flags=re.IGNORECASE
    )
    return shown.strip(" :;–—-\ufe0f") or " ".join(text.split())


def key(text: str) -> str:
    """Return a name for an entry: what the words are, at most 48 characters, cut between words."""
    slug = slugged(plain(text)) or "step"
    if len(slug) <= 48:
        return slug
    return slug[:49].rpartition("-")[0] or slug[:48]


def shortened(text: str) -> str:
    """Return a command line as a title: at most 60 characters."""
    return text if len(text) <= 60 else f"{text[:57].rstrip()}..."


def sentence(text: str) -> str:
    """Return text with a capital letter at its start."""
    shown = plain(text)
    return shown[:1].upper() + shown[1:]


def schedule_of(*headings: str) -> str | None:
    """Return when something is due, from its heading and those around it, the nearest first; None if none says it."""
    for event, form in _EVENTS:
        if any(re.search(form, heading, re.IGNORECASE) for heading in headings):
            return event
    clock = next((found for heading in headings if (found := _TIME.search(heading))), None)
    rhythm = next((cron for heading in headings if (cron := _rhythm(heading))), None)
    if clock is None or rhythm is None:
        return None
    hour, minute = int(clock[1] or clock[4]), int(clock[2] or clock[5] or 0)
    if clock[3]:
        hour = hour % 12 + (12 if clock[3].lower() == "p" else 0)
    return f"{minute} {hour} {rhythm}" if hour < 24 and minute < 60 else None


def _rhythm(heading: str) -> str | None:
    """Return day, month and weekday of a cron expression."""
    words = heading.lower()
    day = _DAY.search(words)
    ordinal = next((number for word, number in _ORDINALS.items() if re.search(rf"\b{word}\b", words)), None)
    if day and ordinal:
        return f"* * {day[1].upper()}#{ordinal}"
    if day:
        return f"* * {day[1].upper()}"
    if re.search(r"\bmonthly\b|\bevery month\b", words):
        return "1 * *"
    return "* * *" if re.search(r"\bdaily\b|\bevery day\b|\bmorning\b|\bevening\b|\bnightly\b", words) else None
