"""Tokens that say themselves what they are: most providers give theirs a prefix of its own.

Source of the forms: the providers' own documentation of their keys and the public list of GitHub's secret scanning.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Token:
    """One form: what to call it, text that is in every one of them, and the pattern."""

    kind: str
    anchors: tuple[str, ...]
    pattern: "re.Pattern[str]"


def tokens(text: str) -> str:
    """Return the text with its tokens redacted."""
    for token in _TOKENS:
        if any(anchor in text for anchor in token.anchors):
            text = token.pattern.sub(f"[redacted: {token.kind}]", text)
    return text


def _token(kind: str, pattern: str, *anchors: str) -> Token:
    """Return a form. None begins within a word, which also keeps the search from starting over again and again.

    The look back comes behind the letters that the pattern begins with, since a search for plain letters is quick.
    """
    if pattern.startswith("(?<="):
        return Token(kind, anchors, re.compile(pattern, re.ASCII))
    found = re.match(r"[\w/-]*(?![?*+{|])", pattern)
    plain = found[0] if found else ""
    return Token(kind, anchors, re.compile(rf"{plain}(?<![\w-]{plain})(?:{pattern[len(plain) :]})", re.ASCII))


_TOKENS = (
    _token("slack token", r"xox[abcdeoprs](?:\.xox[bp])?-[\w-]{10,500}+", "xox"),
    _token("slack token", r"xapp-\d-[\w-]{10,500}+", "xapp-"),
    _token("slack token", r"xwfp-[\w-]{10,500}+", "xwfp-"),
    _token(
        "slack webhook", r"(?<=hooks\.slack\.com/)(?:services|workflows|triggers)/[\w/+-]{12,300}+", "hooks.slack.com/"
    ),
    _token("github token", r"gh[pousr]_\w{30,300}+", "ghp_", "gho_", "ghu_", "ghs_", "ghr_"),
    _token("github token", r"github_pat_\w{30,300}+", "github_pat_"),
    _token("gitlab token", r"gl(?:pat|ptt|dt|rt|cbt|ft|oas|soat|agent)-[\w.-]{16,300}+", "gl"),
    _token("aws key", r"A(?:KIA|SIA|BIA|CCA)[A-Z2-7]{16}(?![A-Za-z0-9])", "AKIA", "ASIA", "ABIA", "ACCA"),
    _token("google key", r"AIza[\w-]{35}", "AIza"),
    _token("google token", r"ya29\.[\w.-]{20,2000}+", "ya29."),
    _token("google secret", r"GOCSPX-[\w-]{20,100}+", "GOCSPX-"),
    _token("google token", r"1//0[\w-]{30,300}+", "1//0"),
    _token("azure secret", r"(?<![~.])[\w~.-]{3}\dQ~[\w~.-]{31,34}", "Q~"),
    _token("stripe key", r"[rs]k_(?:live|test)_\w{10,300}+", "k_live_", "k_test_"),
    _token("stripe secret", r"whsec_[\w+/=-]{16,300}+", "whsec_"),
    _token("jwt", r"eyJ[\w-]{8,8000}+\.eyJ[\w-]{4,8000}+(?:\.[\w-]{0,2000}+)?", "eyJ"),
    _token("jwt", r"eyJ[\w-]{8,4000}+(?:\.[\w-]{0,8000}+){4}", "eyJ"),
    _token("mapbox token", r"[sp]k\.eyJ[\w-]{20,500}+\.[\w-]{10,100}+", "k.eyJ"),
    _token("grafana key", r"eyJrIjoi[\w+/=-]{30,500}+", "eyJrIjoi"),
    _token("grafana token", r"gl(?:sa|c)_[\w+/=-]{20,500}+", "glsa_", "glc_"),
    _token("npm token", r"npm_[A-Za-z0-9]{36}", "npm_"),
    _token("pypi token", r"pypi-[\w-]{16,500}+", "pypi-"),
    _token("rubygems key", r"rubygems_[0-9a-f]{48}", "rubygems_"),
    _token("docker token", r"dckr_(?:pat|oat)_[\w-]{20,200}+", "dckr_"),
    _token("sendgrid key", r"SG\.[\w-]{16,64}\.[\w-]{16,64}", "SG."),
    _token("mailgun key", r"key-[0-9a-f]{32}(?![0-9a-f])", "key-"),
    _token("mailchimp key", r"[0-9a-f]{32}-us\d{1,2}(?!\w)", "-us"),
    _token("twilio key", r"SK[0-9a-f]{32}(?![0-9a-f])", "SK"),
    _token("resend key", r"re_[A-Za-z0-9]{8}_[A-Za-z0-9]{20,40}", "re_"),
    _token("anthropic key", r"sk-ant-[\w-]{20,300}+", "sk-ant-"),
    _token("openai key", r"sk-(?:proj-|svcacct-|admin-|or-v1-)?(?=[\w-]*\d)[\w-]{32,300}+", "sk-"),
    _token("hugging face token", r"hf_[A-Za-z]{30,50}", "hf_"),
    _token("discord token", r"[MNO][\w-]{23,27}\.[\w-]{6}\.[\w-]{27,40}", "."),
    _token("discord webhook", r"(?<=/api/webhooks/)\d{15,20}/[\w-]{20,200}+", "/api/webhooks/"),
    _token("teams webhook", r"(?<=webhook\.office\.com/)webhookb2/[\w@/-]{40,400}+", "webhook.office.com/"),
    _token("telegram token", r"\d{8,10}:AA[\w-]{33}", ":AA"),
    _token("shopify token", r"shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}", "shp"),
    _token("square token", r"sq0(?:atp|csp|idp)-[\w-]{20,60}", "sq0"),
    _token("square token", r"EAAA[\w-]{58,62}", "EAAA"),
    _token("paypal token", r"access_token\$(?:production|sandbox)\$\w{10,30}\$[0-9a-f]{32}", "access_token$"),
    _token("digitalocean token", r"do[opr]_v1_[0-9a-f]{64}", "_v1_"),
    _token("heroku key", r"HRKU-[\w-]{30,100}+", "HRKU-"),
    _token("fly token", r"FlyV1 [\w+/=,-]{30,2000}+", "FlyV1 "),
    _token("fly token", r"fo1_[\w-]{40,60}", "fo1_"),
    _token("netlify token", r"nfp_[\w-]{30,60}", "nfp_"),
    _token("linear key", r"lin_(?:api|oauth)_[A-Za-z0-9]{30,100}+", "lin_"),
    _token("notion token", r"(?:ntn|secret)_[A-Za-z0-9]{40,60}", "ntn_", "secret_"),
    _token("figma token", r"fig[dou]r?_[\w-]{30,100}+", "fig"),
    _token("atlassian token", r"ATATT3[\w=+/-]{30,400}+", "ATATT3"),
    _token("airtable token", r"pat[A-Za-z0-9]{14}\.[0-9a-f]{64}", "pat"),
    _token("new relic key", r"NR(?:AA|AK|II|IQ|JS)-[\w-]{20,50}", "NR"),
    _token("sentry token", r"sntry[su]_[\w+/=-]{30,500}+", "sntry"),
    _token("vault token", r"hv[sbr]\.[\w-]{20,300}+", "hvs.", "hvb.", "hvr."),
    _token("terraform token", r"[A-Za-z0-9]{14}\.atlasv1\.[\w-]{50,100}+", ".atlasv1."),
    _token("doppler token", r"dp\.(?:pt|st|ct|sa|scim|audit)\.(?:[\w-]{1,40}\.)?\w{40,50}", "dp."),
    _token("databricks token", r"dapi[0-9a-f]{32}(?:-\d)?", "dapi"),
    _token("planetscale token", r"pscale_(?:tkn|pw|oauth)_[\w.-]{30,80}", "pscale_"),
    _token("supabase key", r"sb(?:p|_secret)_[\w-]{20,100}+", "sbp_", "sb_secret_"),
    _token("pulumi token", r"pul-[0-9a-f]{40}", "pul-"),
    _token("age key", r"AGE-SECRET-KEY-1[0-9A-Z]{58}", "AGE-SECRET-KEY-1"),
    _token(
        "hashed password",
        r"\$(?:2[abxy]\$\d\d|argon2(?:id|i|d)\$v=\d+\$[\w,=]+|[156y](?:\$rounds=\d+)?)\$[\w./+$=-]{20,200}+",
        "$",
    ),
    _token("hashed password", r"SCRAM-SHA-256\$\d+:[\w+/=]+\$[\w+/=]+:[\w+/=]+", "SCRAM-SHA-256$"),
    _token("hashed password", r"md5[0-9a-f]{32}(?![0-9a-f])", "md5"),
)
