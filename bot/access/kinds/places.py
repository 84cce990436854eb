"""Secrets that are known by where they stand: keys in their blocks, logins in addresses, headers of requests."""

import re

_BLOCK = re.compile(
    r"-----BEGIN (?:[A-Z0-9]+ ){0,4}PRIVATE KEY(?: BLOCK)?-----(?:[^-]|-(?!----))*+(?:-----END [A-Z0-9 ]{0,60}-----)?"
)
_PACKED = re.compile(r"LS0tLS1CRUdJTiB(?!DRVJU)[A-Za-z0-9+/]{20,}+={0,2}")  # a block in base64, but no certificate
_PUTTY = re.compile(r"PuTTY-User-Key-File-\d: [^\n]*(?:\n(?!\n)[^\n]*){0,200}+")
_LOGIN = re.compile(r"(://)[^\s/@:\"'<>?#\[]{0,200}+:(?:[^\s/@\"'<>?#\[]{0,500}+@){1,5}+", re.ASCII)
_DATABASE_LOGIN = re.compile(  # passwords there are often written as they are, with what an address should encode
    r"(\b(?:postgres(?:ql)?|mysql|mariadb|mongodb|rediss?|amqps?)(?:\+\w{1,20})?://)(?!\[redacted)[^\s/@:\"'<>\[$]{0,200}+:"
    r"(?=[^\s\"'<>\[$]{0,500}@)(?:[^\s@\"'<>\[$]{0,500}+@){1,5}+(?=[\w.\[-])",
    re.IGNORECASE | re.ASCII,
)
_USER = re.compile(r"(://)([\w.~%+-]{20,200}+)@", re.ASCII)
_PARAMETER = re.compile(
    r"([?&](?:access_?token|auth_?token|id_token|refresh_token|token|api_?key|apikey|key|sig|signature|x-amz-signature|"
    r"x-amz-credential|x-amz-security-token|x-goog-signature|client_secret|secret|password|passwd|pwd|code|auth|jwt|"
    r"session|sessionid)=)([^\s&\"'<>#\[$]{6,4000}+)",
    re.IGNORECASE | re.ASCII,
)
_AUTHORIZATION = re.compile(
    r"(authorization\\?[\"']?\s{0,3}[:=]\s{0,3}(?:\[ ?)?\\?[\"']?)"
    r"(?:(bearer|basic|token|digest|apikey|key|negotiate|aws4-hmac-sha256)\s{1,3})?"
    r"(?!\s|bearer|basic|token|digest)([^\n\"'\\$<\[][^\n\"'\\]{2,4000}+)",
    re.IGNORECASE | re.ASCII,
)
_BEARER = re.compile(r"\b([Bb]earer\s{1,3})(?=[^\s\"']{0,200}\d)([\w.~+/=-]{12,4000}+)", re.ASCII)
_HEADER = re.compile(
    r"(?<![\w-])(((?:set-)?cookie|x-[a-z-]{0,30}?(?:api-?key|token|secret|auth)|private-token|dd-api-key|dd-application-key)"
    r"\\?[\"']?: {0,3}\\?[\"']?)([^\s\"'\\$<\[][^\n\"'\\]{3,4000}+)",
    re.IGNORECASE | re.ASCII,
)
_USER_OPTION = re.compile(
    r"((?:\s-u|\s--user|\s--proxy-user)[ =]{1,3}[\"']?)([^\s:\"'$<]{1,100}+:[^\s\"'$<\[]{1,200}+)"
)


def keys(text: str) -> str:
    """Return the text without private keys, with or without their last line."""
    if "PRIVATE KEY" in text:
        text = _BLOCK.sub("[redacted: private key]", text)
    if "LS0tLS1CRUdJTiB" in text:
        text = _PACKED.sub("[redacted: private key]", text)
    if "PuTTY-User-Key-File-" in text:
        text = _PUTTY.sub("[redacted: private key]", text)
    return text


def logins(text: str) -> str:
    """Return the text with addresses that name their host but no login, and no token among their parameters."""
    if "://" in text and "@" in text:
        text = _DATABASE_LOGIN.sub(r"\1[redacted: login]@", text)
        text = _LOGIN.sub(r"\1[redacted: login]@", text)
        text = _USER.sub(r"\1[redacted: login]@", text)
    if "?" in text or "&" in text:
        text = _PARAMETER.sub(r"\1[redacted: token]", text)
    return text


def headers(text: str) -> str:
    """Return the text without what proves who sent a request."""
    low = text.lower()
    if "authorization" in low:
        text = _AUTHORIZATION.sub(
            lambda found: f"{found[1]}{found[2] or ''}{' ' if found[2] else ''}[redacted: login]", text
        )
    if "bearer" in low:
        text = _BEARER.sub(r"\1[redacted: token]", text)
    if any(name in low for name in ("cookie", "x-", "private-token", "dd-ap")):
        text = _HEADER.sub(_header, text)
    if " -u" in text or " --user" in text or "--proxy-user" in text:
        text = _USER_OPTION.sub(r"\1[redacted: login]", text)
    return text


def _header(found: "re.Match[str]") -> str:
    kind = "cookie" if found[2].lower().endswith("cookie") else "token"
    return f"{found[1]}[redacted: {kind}]"
