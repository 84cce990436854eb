"""Passwords in commands that log in, and values that stand on the line below their name."""

import re

_HELLO = re.compile(
    r"(\bHELLO[\"']?\s{1,3}[\"']?[23][\"']?\s{1,3}[\"']?AUTH[\"']?\s{1,3}[\"']?[^\s\"']{1,100}[\"']?\s{1,3}[\"']?)"
    r"([^\s\"'\[<$][^\s\"']{0,500}+)",
    re.IGNORECASE | re.ASCII,
)
_SETUSER = re.compile(r"\bACL[\"']?\s{1,3}[\"']?SETUSER\b[^\n]{1,2000}+", re.IGNORECASE | re.ASCII)
_RULE = re.compile(r"((?<=[\s\"'])[><#!])(?!\[redacted)([^\s\"'<$][^\s\"']{0,500}+)", re.ASCII)
_BELOW = re.compile(
    r"(\b(?:\w{1,40}_)?(?:password|passwd|passphrase)[ \t]{0,4}=[ \t]{0,4}\\?\r?\n[ \t]{0,40})"
    r"([^\s=:\[<$][^\s=:]{3,500}+)(?=[ \t]*(?:\r?\n|\Z))",
    re.IGNORECASE | re.ASCII,
)


def passwords(text: str) -> str:
    """Return the text without such passwords; the commands and the names stay."""
    low = text.lower()
    if "hello" in low:
        text = _HELLO.sub(r"\1[redacted: password]", text)
    if "setuser" in low:
        text = _SETUSER.sub(lambda found: _RULE.sub(r"\1[redacted: password]", found[0]), text)
    if "pass" in low and "=" in text:
        text = _BELOW.sub(r"\1[redacted: password]", text)
    return text
