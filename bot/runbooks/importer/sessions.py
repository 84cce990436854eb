"""Lines that open a terminal: a session, an editor, a stream that never ends; and what looks or does the same here."""

import re

from bot.operations.refusal import LineRefused

_EDITED = (
    (r"\b(?:resources?|limits?|memory|cpu)\b", "set resources", "--limits=cpu=<cpu>,memory=<memory>"),
    (r"\b(?:replicas?|scal(?:e|ing)|instances?)\b", "scale", "--replicas=<count>"),
    (r"\b(?:images?|versions?|tags?)\b", "set image", "<container>=<image>"),
)
"""What a title says is edited, and the verb and its arguments that change that without an editor."""


def session(text: str, refused: LineRefused) -> tuple[str, str] | None:
    """Ask once whether there is an answer where the document opens a session."""
    if re.match(r"psql\b", text) and "interactive" in refused.reason:
        return f'{text} -c "SELECT 1"', "a session could run anything, so this only asks whether the database answers"
    if re.match(r"redis-cli\b", text) and refused.reason == "there is no command":
        return f"{text} PING", "a session could run anything, so this only asks whether the server answers"
    return None


def stream(text: str, refused: LineRefused) -> tuple[str, str] | None:
    """Show what was slow where the document watches all commands of a Redis server go by."""
    if refused.word.lower() != "monitor" or not text.startswith("redis-cli"):
        return None
    at = refused.column - 1
    return f"{text[:at]}SLOWLOG GET 20", f"monitor is not run, since {refused.reason}; what was slow is shown"


def left_open(text: str, refused: LineRefused) -> tuple[str, str] | None:
    """Ask for the process where the document leaves open which connections are ended."""
    if "pid = <pid>" not in refused.instead:
        return None
    changed = re.sub(r"(\bWHERE\s+)(?:\.\.\.|…)", r"\1pid = <pid>", text, flags=re.IGNORECASE)
    return changed, "the document leaves open which processes are meant, so the number of one is asked for"


def editor(text: str, about: str) -> tuple[str, str] | None:
    """Return a line that sets what `about`, the title above it, says is edited; None when it does not say."""
    found = re.match(r"(kubectl\b.*?)\s+edit\s+(\S.*)$", text)
    if found is None:
        return None
    for words, verb, arguments in _EDITED:
        if re.search(words, about, re.IGNORECASE):
            return f"{found[1]} {verb} {found[2]} {arguments}", "there is no editor here; the values are asked for"
    return None
