"""The options of `curl` that mean something here, and advice for those that are refused."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.nearest import hint
from bot.operations.refusal import LineRefused
from bot.operations.words import Part, Word, behind

_SHORT = {
    "A": "user-agent",
    "d": "data",
    "e": "referer",
    "f": "fail",
    "F": "form",
    "g": "globoff",
    "G": "get",
    "H": "header",
    "i": "include",
    "I": "head",
    "k": "insecure",
    "K": "config",
    "L": "location",
    "m": "max-time",
    "o": "output",
    "O": "remote-name",
    "b": "cookie",
    "c": "cookie-jar",
    "E": "cert",
    "N": "no-buffer",
    "s": "silent",
    "S": "show-error",
    "T": "upload-file",
    "u": "user",
    "v": "verbose",
    "w": "write-out",
    "x": "proxy",
    "X": "request",
    "4": "ipv4",
    "6": "ipv6",
}
VALUED = (
    "connect-timeout",
    "data",
    "data-ascii",
    "data-raw",
    "data-urlencode",
    "header",
    "json",
    "max-time",
    "output",
    "referer",
    "request",
    "url",
    "user",
    "user-agent",
    "write-out",
)
PLAIN = (
    "compressed",
    "fail",
    "get",
    "globoff",
    "head",
    "http1.1",
    "include",
    "location",
    "no-buffer",
    "no-progress-meter",
    "show-error",
    "silent",
)
_REFUSED: Mapping[str, tuple[str, str]] = {
    "insecure": ("certificates are always checked", "leave it out, and mend the certificate or list its authority"),
    "upload-file": ("no file is sent from here", "write the text itself with -d"),
    "form": ("no form with files is sent from here", "write the fields with -d"),
    "data-binary": ("no file is sent from here", "write the text itself with -d"),
    "config": ("there is no file to read options from", "write the options on the line"),
    "proxy": ("requests go straight to the host that the platform lists", "leave it out"),
    "cookie": ("no cookies are kept", "write a header, such as -H 'Cookie: name=$NAME'"),
    "cookie-jar": ("no cookies are kept", "leave it out"),
    "remote-name": ("nothing is written to a file", "leave it out; the output goes to Slack"),
    "cert": ("there is no file to read a certificate from", "leave it out"),
    "cacert": ("there is no file to read a certificate from", "leave it out"),
    "key": ("there is no file to read a key from", "leave it out"),
    "resolve": ("names are looked up and checked", "list the host in the platform's target"),
    "connect-to": ("names are looked up and checked", "list the host in the platform's target"),
    "unix-socket": ("requests go to a host", "write the host's address"),
    "retry": ("a line runs once", "leave it out; a monitor repeats by itself"),
    "verbose": ("it shows headers with secrets", "write -i to see the head of the answer"),
    "trace": ("it shows headers with secrets", "write -i to see the head of the answer"),
    "ipv4": ("the address is chosen by what answers", "leave it out"),
    "ipv6": ("the address is chosen by what answers", "leave it out"),
}


@dataclass(frozen=True, slots=True)
class Option:
    """One option by its long name, the word it was written in, and its value if it takes one."""

    name: str
    word: Word
    value: Word


def read_options(line: str, words: Part) -> Iterator[Option]:
    """Yield the options of a `curl` line in order; an address is the option `url`. Raises LineRefused."""
    rest = list(words)
    while rest:
        word = rest.pop(0)
        if not word.text.startswith("-") or word.text == "-":
            yield Option("url", word, word)
        elif word.text.startswith("--"):
            name = word.text[2:]
            _known(line, word, name, word.text)
            yield Option(name, word, _value(line, word, rest) if name in VALUED else word)
        else:
            yield from _short(line, word, rest)


def _short(line: str, word: Word, rest: list[Word]) -> Iterator[Option]:
    """Yield the options of a cluster such as `-fsS` or `-XPOST`."""
    for at, letter in enumerate(word.text[1:], start=1):
        name = _SHORT.get(letter, letter)
        _known(line, word, name, f"-{letter}")
        if name not in VALUED:
            yield Option(name, word, word)
            continue
        attached = behind(word, at + 1)
        yield Option(name, word, attached if attached.text else _value(line, word, rest))
        return


def _known(line: str, word: Word, name: str, shown: str) -> None:
    if name in VALUED or name in PLAIN:
        return
    asked = "retry" if name.startswith("retry") else "trace" if name.startswith("trace") else name
    if asked in _REFUSED:
        raise LineRefused(line, word.column, shown, *_REFUSED[asked])
    known = [f"--{option}" for option in (*VALUED, *PLAIN)]
    instead = hint(shown, known) if len(shown) > 2 else "use those such as -f, -I, -i, -H, -d, -X, -L and -m"
    raise LineRefused(line, word.column, shown, "curl has no such option here", instead)


def _value(line: str, word: Word, rest: list[Word]) -> Word:
    if not rest:
        raise LineRefused(line, word.column, word.text, "a value is missing behind it", "write the value")
    return rest.pop(0)
