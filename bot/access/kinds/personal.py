"""What says who somebody is or what they pay with: mail addresses, telephone and card numbers, accounts.

Numbers are redacted only when their check digits are right, so that times and identifiers stay.
"""

import re

_MAIL = re.compile(
    r"(?<![\w.+%-])(?!git@)[\w.+%-]{1,256}+@(?:[A-Za-z0-9-]{1,63}+\.){1,8}(?!service\b|socket\b|timer\b|mount\b)[A-Za-z]{2,24}(?![\w-])"
)
_CARD = re.compile(r"(?<![\w.+-])\d(?:[ -]?\d){12,18}(?![\w-]|\.\d)", re.ASCII)
_ISSUER = re.compile(  # ISO/IEC 7812: the ranges of the card schemes, with their lengths
    r"4(?:\d{12}|\d{15}|\d{18})|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}|"
    r"(?:6011|64[4-9]\d|65\d\d|62\d\d)\d{12}|3(?:0[0-5]|[68]\d)\d{11}|35(?:2[89]|[3-8]\d)\d{12}",
    re.ASCII,
)
_ACCOUNT = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![A-Za-z0-9])", re.ASCII)
_PHONE = re.compile(r"(?<![\w:+-])(?<!\d )\+[1-9]\d{0,2}(?:[ .-]?\(?\d{1,5}\)?){2,6}(?![\w:])", re.ASCII)
_LOCAL_PHONE = re.compile(r"(?<![\w.-])(?:\(\d{3}\) ?|\d{3}-)\d{3}-\d{4}(?![\w-]|\.\d)", re.ASCII)
_SOCIAL_SECURITY = re.compile(r"(?<![\w.-])(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\w-]|\.\d)", re.ASCII)


def people(text: str) -> str:
    """Return the text without what belongs to a person."""
    if "@" in text:
        text = _MAIL.sub("[redacted: e-mail]", text)
    text = _CARD.sub(_card, text)
    text = _ACCOUNT.sub(_account, text)
    if "+" in text:
        text = _PHONE.sub(_phone, text)
    if "-" in text:
        text = _LOCAL_PHONE.sub("[redacted: phone]", text)
        text = _SOCIAL_SECURITY.sub("[redacted: social security number]", text)
    return text


def _card(found: "re.Match[str]") -> str:
    digits = re.sub(r"\D", "", found[0])
    return "[redacted: card]" if _ISSUER.fullmatch(digits) and _luhn(digits) else found[0]


def _luhn(digits: str) -> bool:
    """Whether the last digit is the check digit of the others (ISO/IEC 7812-1, annex B)."""
    doubled = [sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2]]
    return (sum(doubled) + sum(map(int, digits[-1::-2]))) % 10 == 0


def _account(found: "re.Match[str]") -> str:
    """Redact an IBAN whose check digits are right (ISO 13616-1: modulo 97 leaves 1)."""
    packed = found[0].replace(" ", "")
    number = "".join(str(int(char, 36)) for char in packed[4:] + packed[:4])
    return "[redacted: iban]" if 15 <= len(packed) <= 34 and int(number) % 97 == 1 else found[0]


def _phone(found: "re.Match[str]") -> str:
    return "[redacted: phone]" if 8 <= sum(map(str.isdigit, found[0])) <= 15 else found[0]
