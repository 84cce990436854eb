"""`redis-cli` lines as operations."""

import re
from collections.abc import Sequence

from bot.nearest import hint, nearest
from bot.operations.redis.commands import ALIKE, CHANGEABLE, COMMANDS, READABLE, REFUSED, named, readable
from bot.operations.redis.nouns import BigKeys, Command, DeleteMatching, Latency, RedisOperation, Scan
from bot.operations.redis.options import Options, database, read_options
from bot.operations.refusal import LineRefused
from bot.operations.words import Part, Word

_SET_OPTIONS = re.compile(r"(?:(?:NX|XX|KEEPTTL|(?:EX|PX) (?:[1-9]\d*|\S*[$<\[]\S+)) ?)*", re.ASCII | re.IGNORECASE)
_XARGS_PLAIN = ("-r", "-0", "--no-run-if-empty", "--null", "-t")
_XARGS_VALUED = ("-n", "-L", "-P", "-d", "--max-args", "--max-procs", "--delimiter")


def read_redis(line: str, part: Part) -> RedisOperation:
    """Return the operation of a `redis-cli` line. Raises LineRefused."""
    options = read_options(line, part[1:])
    number = database(line, options)
    if options.modes:
        return _mode(line, options, number)
    if not options.rest:
        raise LineRefused(line, part[-1].column, part[-1].text, "there is no command", "write one, such as PING")
    if options.pattern is not None:
        raise LineRefused(line, options.pattern.column, "--pattern", "it goes with --scan", "add --scan")
    return _command(line, options.rest, number)


def delete_matching_from(line: str, parts: Sequence[Part]) -> DeleteMatching | None:
    """Return the deletion that `redis-cli --scan --pattern X | xargs redis-cli DEL` is as a whole.

    `KEYS X` on the left means the same. None when the parts are anything else; raises LineRefused for a pattern that
    is every key, and for what `redis-cli` itself refuses.
    """
    if len(parts) != 2 or parts[0][0].text != "redis-cli" or parts[1][0].text != "xargs":
        return None
    behind = _behind_xargs(parts[1])
    if not behind or behind[0].text != "redis-cli":
        return None
    listing, deleting = read_options(line, parts[0][1:]), read_options(line, behind[1:])
    verbs = [word.text.upper() for word in deleting.rest]
    if verbs not in (["DEL"], ["UNLINK"]):
        return None
    pattern = _listed(listing)
    if pattern is None:
        return None
    number = database(line, listing)
    if number != database(line, deleting):
        raise LineRefused(
            line, behind[0].column, "redis-cli", "it works in another database", "write the same -n twice"
        )
    return _delete_matching(line, pattern, number)


def _behind_xargs(part: Part) -> Part:
    at = 1
    while at < len(part) and part[at].text.startswith("-"):
        at += 2 if part[at].text in _XARGS_VALUED else 1
    return part[at:]


def _listed(options: Options) -> Word | None:
    """Return the glob of a listing of keys: of --scan, or of KEYS."""
    if set(options.modes) == {"--scan"} and not options.rest:
        return options.pattern or Word("*", options.modes["--scan"].column)
    if not options.modes and len(options.rest) == 2 and options.rest[0].text.upper() == "KEYS":
        return options.rest[1]
    return None


def _mode(line: str, options: Options, number: int | None) -> RedisOperation:
    name = next(iter(options.modes))
    others = [*list(options.modes.values())[1:], *options.rest]
    if others:
        reason = f"{name} stands alone"
        raise LineRefused(
            line, others[0].column, others[0].text, reason, f"write redis-cli {name} on a line of its own"
        )
    if options.pattern is not None and name != "--scan":
        raise LineRefused(line, options.pattern.column, "--pattern", "it goes with --scan", "leave it out")
    if name == "--scan":
        return Scan(options.pattern.text if options.pattern else "*", database=number)
    if name in ("--bigkeys", "--memkeys"):
        return BigKeys(database=number)
    return Latency(history=name == "--latency-history", database=number)


def _command(line: str, words: Part, number: int | None) -> RedisOperation:
    name, size = named(tuple(word.text for word in words))
    first, rest = words[0], words[size:]
    shape = COMMANDS.get(name)
    if shape is None:
        raise _no_command(line, first, name)
    if shape.most is not None and len(rest) > shape.most:
        extra = rest[shape.most]
        reason = "this is one argument too many"
        raise LineRefused(line, extra.column, extra.text, reason, f"write redis-cli {shape.usage}")
    if len(rest) < shape.fewest:
        raise LineRefused(line, first.column, name, "something is missing", f"write redis-cli {shape.usage}")
    _check(line, name, rest)
    if name in ("DEL", "UNLINK") and any(map(_is_glob, rest)):
        if len(rest) > 1:
            glob = next(filter(_is_glob, rest))
            raise LineRefused(
                line, glob.column, glob.text, "a pattern stands alone", f"write {name} {glob.text} by itself"
            )
        return _delete_matching(line, rest[0], number)
    return Command(name, _as_equal(name, tuple(word.text for word in rest)), database=number)


def _as_equal(name: str, arguments: tuple[str, ...]) -> tuple[str, ...]:
    """Return arguments in one spelling, where Redis does not mind capitals."""
    if name == "INFO":
        return tuple(map(str.lower, arguments))
    if name in ("CONFIG GET", "CONFIG SET"):
        return (arguments[0].lower(), *arguments[1:])
    kept = {"FLUSHDB": 0, "SET": 2}.get(name, len(arguments))
    return (*arguments[:kept], *map(str.upper, arguments[kept:]))


def _no_command(line: str, word: Word, name: str) -> LineRefused:
    first = word.text.upper()
    for asked in (name, first):
        known = ALIKE.get(asked, asked)
        if known in REFUSED:
            return LineRefused(line, word.column, name, *REFUSED[known])
    if word.holes:
        return LineRefused(
            line, word.column, word.text, "the command itself must be written", "write one, such as PING"
        )
    groups = [known for known in COMMANDS if known.startswith(f"{first} ")]
    if groups:
        return LineRefused(line, word.column, name, "this is not run here", hint(name, groups))
    instead = hint(name, COMMANDS) if nearest(name, COMMANDS) else "PING, INFO, GET, TTL, --scan and SLOWLOG GET are"
    return LineRefused(line, word.column, name, "this command is not among those that are run here", instead)


def _check(line: str, name: str, rest: Part) -> None:
    """Check the arguments that not every text may be."""
    if name == "CONFIG GET" and not readable(rest[0].text):
        raise LineRefused(line, rest[0].column, rest[0].text, "this setting is not shown", hint(rest[0].text, READABLE))
    if name == "CONFIG SET" and rest[0].text.lower() not in CHANGEABLE:
        instead = hint(rest[0].text, CHANGEABLE)
        raise LineRefused(line, rest[0].column, rest[0].text, "this setting is not changed here", instead)
    if name in ("SLOWLOG GET", "EXPIRE") and rest:
        _number(line, rest[-1])
    if name == "FLUSHDB" and rest and rest[0].text.upper() not in ("ASYNC", "SYNC"):
        raise LineRefused(line, rest[0].column, rest[0].text, "FLUSHDB takes ASYNC or SYNC", "leave it out")
    options = " ".join(word.text for word in rest[2:])
    if name == "SET" and not _SET_OPTIONS.fullmatch(options):
        usage = COMMANDS["SET"].usage
        raise LineRefused(line, rest[2].column, options, "SET has no such options here", f"write redis-cli {usage}")


def _number(line: str, word: Word) -> None:
    if not word.is_hole and not re.fullmatch(r"-?[0-9]{1,12}", word.text):
        raise LineRefused(line, word.column, word.text, "this is not a number", "write a whole number")


def _is_glob(word: Word) -> bool:
    return any(char in _known_text(word) for char in "*?[")


def _known_text(word: Word) -> str:
    """Return what is known of a word: its text without its holes."""
    text = word.text
    for place in reversed(word.places):
        text = text[: place.start] + text[place.end :]
    return text


def _delete_matching(line: str, word: Word, number: int | None) -> DeleteMatching:
    if not re.search(r"[^*?\[\]^\\-]", re.sub(r"\[[^\]]*\]", "", word.text)) and not word.holes:
        reason = "this pattern is every key"
        raise LineRefused(line, word.column, word.text, reason, "name a prefix, such as DEL cache:*, or write FLUSHDB")
    return DeleteMatching(word.text, database=number)
