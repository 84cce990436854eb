"""Command lines of programs as jobs: `npm run build`, `k6 run smoke.js`, `aws s3 ls s3://bucket/`.

A job has no shell, no terminal and no end of its own, so what needs one of them is refused, with what works instead.
"""

import re
from collections.abc import Iterator
from itertools import zip_longest

from bot.operations.advice import keep_environment
from bot.operations.job.nouns import IsSet, Job
from bot.operations.refusal import LineRefused
from bot.operations.words import Part, Word

_CLOUDS = ("aws", "az", "gcloud", "docker", "docker-compose", "helm", "trivy")
_DATABASES = ("createdb", "dropdb", "pg_dump", "pg_dumpall", "pg_restore")
_SCRIPTS = ("git", "k6", "node", "npm", "npx", "pnpm", "yarn")
_FILES = ("cat", "du", "find", "grep", "gunzip", "gzip", "head", "ls", "sha256sum", "stat", "tail", "wc", "zcat")
_HOSTS = ("df", "dig", "free", "host", "nproc", "nslookup", "ps", "pwd", "uname", "uptime", "which")
PROGRAMS = frozenset((*_CLOUDS, *_DATABASES, *_SCRIPTS, *_FILES, *_HOSTS))
"""What may run as a job where a platform does not list its own programs."""

_NPM_OWN = re.compile(
    r"-[sw]|--(?:silent|if-present|workspaces?|ws|prefix|loglevel|ignore-scripts|foreground-scripts|include-workspace-root)(?:=.*)?",
    re.DOTALL,
)
_NPM_VALUED = ("--prefix", "--workspace", "--loglevel", "-w")
_ENDLESS = ("-f", "-F", "--follow", "--follow=true")
_SECRET = re.compile(r"--?(?:[\w-]*[_-])?(?:password|passwd|token|secret|api-?key)", re.IGNORECASE)
_VARIABLE = re.compile(r"[A-Za-z_]\w{0,127}", re.ASCII)


def read_job(line: str, part: Part) -> Job:
    """Return the job of a command line. Raises LineRefused for what a job cannot do."""
    program, *words = part
    for word in words:
        _check(line, part, word)
    _check_secrets(line, words)
    keep_environment(line, part)
    arguments = _npm(line, part) if program.text == "npm" else tuple(word.text for word in words)
    return Job(program.text, arguments)


def read_prefixed(line: str, part: Part) -> Job:
    """Return the job of `job PROGRAM …`: the program itself, even where there is an operation of that name."""
    if len(part) == 1:
        raise LineRefused(line, part[0].column, "job", "a program is needed", "write job PROGRAM and its arguments")
    return read_job(line, part[1:])


def read_is_set(line: str, part: Part) -> IsSet:
    """Return the question of `is-set NAME`. Raises LineRefused for anything but the name of a variable."""
    if len(part) != 2 or part[1].is_hole or not _VARIABLE.fullmatch(part[1].text):
        word = part[1] if len(part) > 1 else part[0]
        reason = "one name of a variable is needed, without $"
        raise LineRefused(line, word.column, word.text, reason, "write one such as is-set STRIPE_WEBHOOK_SECRET")
    return IsSet(part[1].text)


def _check(line: str, part: Part, word: Word) -> None:
    """Raise LineRefused for a word that needs a shell, or never ends."""
    if word.glob:
        reason = "there is no shell here that looks for files"
        raise LineRefused(line, word.column, word.text, reason, "name the file, or write a <file> that is asked for")
    if word.text in _ENDLESS and (part[0].text == "tail" or any(other.text == "logs" for other in part)):
        instead = "write tail -n 100 and the file" if part[0].text == "tail" else "write --tail=100"
        raise LineRefused(line, word.column, word.text, "this never ends", instead)
    if part[0].text.startswith("docker") and re.fullmatch(r"-(?:i?t|ti|i)|--tty|--interactive", word.text):
        raise LineRefused(line, word.column, word.text, "there is no terminal here", "leave it out")


def _check_secrets(line: str, words: list[Word]) -> None:
    """Raise LineRefused for a secret that stands on the line; a hole is filled from the settings of the target."""
    for word, following in zip_longest(words, words[1:]):
        name, given, value = word.text.partition("=")
        if not _SECRET.fullmatch(name):
            continue
        holder = word if given else following
        known = value if given else following.text if following and not following.text.startswith("-") else ""
        if known and holder is not None and not holder.holes:
            instead = "write a hole such as $API_TOKEN; its value comes from the settings of the target"
            raise LineRefused(line, word.column, name, "a secret must not stand on a line", instead)


def _npm(line: str, part: Part) -> tuple[str, ...]:
    """Return npm's arguments. Raises LineRefused for flags that npm would keep for itself.

    Source: npm-run-script documentation; without `--` in front, `--flag=value` sets an npm setting and the script
    gets nothing.
    """
    words = [word.text for word in part[1:]]
    if words[:1] not in (["run"], ["run-script"], ["test"], ["start"], ["stop"], ["restart"]):
        return tuple(words)
    stray = list(_stray(part))
    if stray:
        own = [word.text for word in part[1:] if word.text != "--" and word not in stray]
        meant = " ".join(["npm", *own, "--", *(f'"{word.text}"' if " " in word.text else word.text for word in stray)])
        reason = "npm keeps this flag for itself, and the script gets nothing"
        raise LineRefused(line, stray[0].column, stray[0].text, reason, f"write {meant}")
    if words[0] == "run-script":
        words[0] = "run"
    return tuple(words)


def _stray(part: Part) -> Iterator[Word]:
    """Yield the flags before `--` that are none of npm's own, with the values behind them."""
    words = list(part[1:])
    for at, word in enumerate(words):
        if word.text == "--":
            return
        if at and words[at - 1].text in _NPM_VALUED:
            continue
        if word.text.startswith("-") and not _NPM_OWN.fullmatch(word.text):
            yield word
