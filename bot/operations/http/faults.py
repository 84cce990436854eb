"""What goes wrong on the way to a web server, as a sentence that names its host and nothing else of the address."""

import socket
import ssl
from collections.abc import Iterator

import httpx

from bot.errors import AnswerUnreadable, TargetError, TargetRefused, TargetUnreachable

# https://docs.openssl.org/3.0/man3/X509_STORE_CTX_get_error/
_CERTIFICATE = {
    9: "is not valid yet",
    10: "has expired",
    18: "is signed by itself",
    19: "comes from an authority that signed itself and is not trusted here",
    20: "comes from an authority that is not trusted here",
    21: "comes from an authority that is not trusted here",
    23: "was revoked",
    62: "is for another host",
    64: "is for another address",
}


_BY_TYPE: tuple[tuple[type[BaseException], type[TargetError], str], ...] = (
    (httpx.ConnectTimeout, TargetUnreachable, "{host} does not answer: no connection in time."),
    (httpx.ConnectError, TargetUnreachable, "{host} does not answer: no way leads to it."),
    (httpx.LocalProtocolError, TargetRefused, "The request to {host} cannot be sent as it is written."),
    (httpx.InvalidURL, TargetRefused, "The request to {host} cannot be sent as it is written."),
    (httpx.RemoteProtocolError, AnswerUnreadable, "{host} gave no answer that is HTTP, or only the beginning of one."),
)


def fault(error: BaseException, host: str) -> TargetError:
    """Return the error for whatever the client library raised."""
    for cause in causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            why = _CERTIFICATE.get(cause.verify_code, "is not accepted")
            return TargetRefused(f"The certificate of {host} {why}.")
        if isinstance(cause, ssl.SSLError) and not isinstance(cause, ssl.SSLWantReadError):
            return TargetUnreachable(f"{host} does not speak TLS as it should: is it https, and the right port?")
        if isinstance(cause, ConnectionRefusedError):
            return TargetUnreachable(f"{host} does not answer: connection refused.")
        if isinstance(cause, socket.gaierror):
            return TargetUnreachable(f"{host} is not known: its name has no address.")
    for kind, result, sentence in _BY_TYPE:
        if isinstance(error, kind):
            return result(sentence.format(host=host))
    return TargetUnreachable(f"{host} broke off the connection in the middle of its answer.")


def slow(host: str, seconds: float) -> TargetError:
    """Return the error for an answer that took too long."""
    return TargetUnreachable(f"{host} did not finish its answer within {seconds:g} seconds.")


def causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and what led to it, those of a group too."""
    while error is not None:
        yield error
        if isinstance(error, BaseExceptionGroup):
            for part in error.exceptions:
                yield from causes(part)
        error = error.__cause__ or error.__context__
