"""An answer as `curl` would print it, and the facts that a probe may read."""

import codecs
from collections.abc import Mapping

from bot.operations.http.exchange import Answer
from bot.operations.http.nouns import HttpRequest, Show
from bot.operations.http.write_out import written
from bot.operations.output import Output

_FAILED = 22  # curl's exit code for -f and an answer of 400 and above
_MEANING = {
    401: "the credentials are missing or wrong",
    403: "the credentials do not reach that far",
    404: "there is nothing at this address",
    429: "too many requests, it wants a pause",
    502: "the server behind it gave no proper answer",
    503: "the service is not available",
    504: "the server behind it did not answer in time",
}


def printed(request: HttpRequest, answer: Answer, seconds: float, redirects: int) -> Output:
    """Return the output of a request; `seconds` is how long it took with all its redirects."""
    failed = request.fail and answer.status >= 400
    text = _failure(answer) if failed else _text(request, answer)
    if request.write_out:
        text += written(request.write_out, _values(request, answer, seconds, redirects))
    facts: dict[str, float | str] = {
        "status": float(answer.status),
        "seconds": round(seconds, 6),
        "size": float(len(answer.body)),
        "content-type": answer.headers.get("content-type", ""),
        "redirects": float(redirects),
    }
    if answer.expires is not None:
        facts["expires-days"] = round(answer.expires, 2)
    cut = f"the rest behind {len(answer.body):,} bytes" if answer.more else ""
    return Output(text, code=_FAILED if failed else 0, facts=facts, cut=cut)


def _failure(answer: Answer) -> str:
    meaning = _MEANING.get(answer.status)
    name = f"HTTP {answer.status} {answer.reason}".strip()
    return f"{name}: {meaning}" if meaning else name


def _text(request: HttpRequest, answer: Answer) -> str:
    if request.show is Show.NOTHING:
        return ""
    body = _body(answer)
    return f"{_head(answer)}\n\n{body}".rstrip("\n") if request.show is Show.BOTH else body


def _head(answer: Answer) -> str:
    first = f"{answer.version} {answer.status} {answer.reason}".strip()
    return "\n".join([first, *(f"{name}: {_header(name, value)}" for name, value in answer.headers.multi_items())])


def _header(name: str, value: str) -> str:
    """Return a header's value; of a cookie the name alone, for its value may be somebody's session."""
    return f"{value.partition('=')[0]}=…" if name.lower() == "set-cookie" else value


def _body(answer: Answer) -> str:
    """Return the body as text; what is not text is only described."""
    encoding = answer.headers.get("content-encoding", "identity").lower()
    size = f"{'more than ' if answer.more else ''}{len(answer.body):,} bytes"
    if not answer.body:
        return ""
    if encoding not in ("", "identity"):
        return f"compressed ({encoding}), {size}"
    text = _decoded(answer.body, answer.headers.get("content-type", ""), final=not answer.more)
    return f"binary, {size}" if text is None else text


def _decoded(body: bytes, content_type: str, *, final: bool) -> str | None:
    charset = content_type.lower().partition("charset=")[2].partition(";")[0].strip(" \"'") or "utf-8"
    try:
        " ".encode(
            charset
        )  # refuses what is no charset but a codec, such as zlib, which unfolds a little into gigabytes
        name = codecs.lookup(charset).name
        text = codecs.getincrementaldecoder(name)("strict").decode(body, final)
    except (LookupError, ValueError, TypeError, AttributeError):
        return None
    return None if not isinstance(text, str) or "\0" in text else text


def _values(request: HttpRequest, answer: Answer, seconds: float, redirects: int) -> Mapping[str, str]:
    return {
        "content_type": answer.headers.get("content-type", ""),
        "http_code": f"{answer.status:03d}",
        "method": request.method,
        "num_redirects": str(redirects),
        "response_code": f"{answer.status:03d}",
        "size_download": str(len(answer.body)),
        "time_total": f"{seconds:.6f}",
    }
