"""Small values in prose: spans of time, ways to reach people, thresholds."""

import re
from typing import Any

_SPAN = re.compile(
    r"(\d{1,4})\s*(s(?:ec(?:ond)?s?)?|m(?:in(?:ute)?s?)?|h(?:(?:ou)?rs?)?|d(?:ays?)?|w(?:eeks?)?)\b", re.IGNORECASE
)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]*\w")
_PHONE = re.compile(r"\+?\d[\d ().-]{5,22}\d")
_URL = re.compile(r"https?://[^\s<>|)\]`]+")
_CHANNEL = re.compile(r"(?<![\w/])#([a-z][a-z0-9_-]{1,79})\b")
_HANDLE = re.compile(r"(?<![\w.])@([a-z0-9][a-z0-9._-]{1,79})\b")


def span(text: str) -> str | None:
    """Return a span of time as runbooks write it (`15m`), or None: `< 15 minutes`, `within 1 hour`, `1 day`."""
    found = _SPAN.search(text)
    return f"{int(found[1])}{found[2][0].lower()}" if found else None


def url(text: str) -> str | None:
    """Return the first web address in a text."""
    found = _URL.search(text)
    return found[0].rstrip(".,;") if found else None


def channel(text: str) -> str | None:
    """Return the first Slack channel in a text, without its number sign."""
    found = _CHANNEL.search(text)
    return found[1] if found else None


def ways(text: str) -> dict[str, Any]:
    """Return the ways to reach somebody that a text gives, as a contact has them."""
    address = url(text)
    rest = text.replace(address, "") if address else text
    mail = _EMAIL.search(rest)
    rest = rest.replace(mail[0], "") if mail else rest
    found = {
        "slack-channel": channel(rest),
        "slack-user": (handle := _HANDLE.search(rest)) and handle[1],
        "email": mail and mail[0],
        "phone": (phone := _PHONE.search(rest)) and phone[0].strip(" ()."),
        "pager": "PagerDuty" if re.search(r"pagerduty", text, re.IGNORECASE) else None,
        "url": address,
    }
    return {way: value for way, value in found.items() if value}


def key_and_value(text: str) -> tuple[str, str] | None:
    """Return what stands before and behind the first colon (or dash) of an item; None when there is none."""
    found = re.match(r"\s*([^:`]{1,80}?)\s*(?::\s+|\s[–—-]\s)(\S.*)$", text)
    return (found[1], found[2]) if found else None
