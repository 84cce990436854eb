"""Command lines that can never work here, and what does instead."""

import re
from collections.abc import Callable, Mapping
from itertools import pairwise

from bot.operations.refusal import LineRefused
from bot.operations.words import Part

_PREFIX = "it adds nothing here"
_VARIABLES = re.compile(r"/proc/[^/\s]+/environ\b")
_SHOWN = re.compile(r"(?:^|[;&|(])\s*(?:printenv\b|(?:env|export|set)\s*(?:$|[;&|)]))")


def advise(line: str, part: Part) -> None:
    """Raise LineRefused with exact advice when the first word is one that can never work."""
    head = part[0]
    if re.match(r"[A-Za-z_]\w*=", head.text):
        reason = "a line cannot set variables"
        instead = _behind(
            line, part, 1, "write {}; variables belong to the target", "set it in the target's environment"
        )
        raise LineRefused(line, head.column, head.text.partition("=")[0], reason, instead)
    advice = _ADVICE.get(head.text)
    if advice is not None:
        reason, instead = advice(line, part) if callable(advice) else advice
        raise LineRefused(line, head.column, head.text, reason, instead)


def keep_environment(line: str, command: Part) -> None:
    """Raise LineRefused when a command in a container would show the variables that it is given.

    Passwords and keys are among them, and most of their names do not say so. `env NAME=value PROGRAM` shows nothing.
    """
    program = command[0].text.rpartition("/")[2]
    shown = [word for word in command if _VARIABLES.search(word.text)]
    scripts = [script for option, script in pairwise(command) if re.fullmatch(r"-[a-z]*c", option.text)]
    shown += [script for script in scripts if _SHOWN.search(script.text)]
    if program == "printenv" or (program == "env" and _first_plain(command) == len(command)):
        shown.insert(0, command[0])
    if shown:
        reason, instead = "this would show values that may be secrets", "write is-set NAME, which says set or not set"
        raise LineRefused(line, shown[0].column, shown[0].text, reason, instead)


def _behind(line: str, part: Part, first: int, sentence: str, otherwise: str) -> str:
    """Return the sentence with the rest of the line from a word on, or what to say when nothing is left."""
    if len(part) <= first:
        return otherwise
    return sentence.format(line[part[first].column - 1 :].strip())


def _first_plain(part: Part) -> int:
    """Return which word is the command behind a prefix: the first that is no option, number or assignment."""
    for at, word in enumerate(part[1:], 1):
        if not re.match(r"-|\d+(?:\.\d+)?[smhd]?$|\w+=", word.text):
            return at
    return len(part)


def _watch(line: str, part: Part) -> tuple[str, str]:
    return "this never ends", _behind(line, part, _first_plain(part), "run it once: {}", "run the command itself once")


def _prefix(reason: str) -> "Callable[[str, Part], tuple[str, str]]":
    def advice(line: str, part: Part) -> tuple[str, str]:
        return reason, _behind(line, part, _first_plain(part), "write {}", "write the command itself")

    return advice


def _echo(_: str, part: Part) -> tuple[str, str]:
    holes = re.findall(r"\$\{?([A-Za-z_]\w*)", " ".join(word.text for word in part[1:] if word.holes))
    if holes:
        return "this would show a value that may be a secret", f"write is-set {holes[0]}, which says set or not set"
    return "this only repeats its words", "leave it out"


def _open(line: str, part: Part) -> tuple[str, str]:
    return "there is no browser here", _behind(
        line, part, 1, "write curl -I {}, or a human step with the address", "write a human step with the address"
    )


def _ssh(line: str, part: Part) -> tuple[str, str]:
    return "nobody logs in to servers from here", _behind(
        line, part, 2, "run it as a job: {}", "run the command as a job, or with kubectl exec"
    )


def _environment(line: str, part: Part) -> tuple[str, str]:
    if len(part) > 1 and re.fullmatch(r"[A-Za-z_]\w*", part[1].text):
        return "this would show values that may be secrets", f"write is-set {part[1].text}"
    if _first_plain(part) < len(part):
        return _prefix("variables belong to the target")(line, part)
    return "this would show values that may be secrets", "write is-set NAME for each variable that matters"


def _shell(_: str, part: Part) -> tuple[str, str]:
    behind = part[_first_plain(part) :]
    if behind and not any(word.text == "-c" for word in part):
        script = behind[0].text
        return "there is no shell here", f"list {script} among the programs of the job target, and write {script}"
    return "there is no shell here", "write the commands themselves, one on each line"


_Advice = tuple[str, str] | Callable[[str, Part], tuple[str, str]]
_NO_TERMINAL = "there is no terminal here"
_EDITED = "change the file in its repository, and apply it with kubectl apply -f"
_ADVICE: Mapping[str, _Advice] = {
    "watch": _watch,
    "echo": _echo,
    "printf": _echo,
    "open": _open,
    "xdg-open": _open,
    "ssh": _ssh,
    "scp": ("nothing is copied between servers from here", "write a job such as aws s3 cp"),
    "sftp": ("nothing is copied between servers from here", "write a job such as aws s3 cp"),
    "rsync": ("nothing is copied between servers from here", "write a job such as aws s3 sync"),
    "sudo": _prefix("nothing runs as another user here"),
    "su": _prefix("nothing runs as another user here"),
    **dict.fromkeys(("time", "nohup", "nice", "command", "exec", "then", "do", "&"), _prefix(_PREFIX)),
    "timeout": _prefix("every operation has a time limit; an entry may set time-limit"),
    "env": _environment,
    "printenv": _environment,
    "set": _environment,
    "export": ("a line cannot set variables", "set it in the environment of the target"),
    "unset": ("a line cannot set variables", "set it in the environment of the target"),
    "source": ("there is no shell here", "set the variables in the environment of the target"),
    ".": ("there is no shell here", "set the variables in the environment of the target"),
    "alias": ("there is no shell here", "write the command itself"),
    "cd": ("there is no working folder here", "leave it out, and write paths in full"),
    "pushd": ("there is no working folder here", "leave it out, and write paths in full"),
    **dict.fromkeys(("vim", "vi", "nano", "emacs", "ed", "code"), (_NO_TERMINAL, _EDITED)),
    **dict.fromkeys(("less", "more"), (_NO_TERMINAL, "write cat, or head -n 100")),
    **dict.fromkeys(("top", "htop"), (_NO_TERMINAL, "write kubectl top pods or kubectl top nodes")),
    "tmux": (_NO_TERMINAL, "leave it out"),
    "screen": (_NO_TERMINAL, "leave it out"),
    "mysql": ("there is no MySQL target", "write job mysql -e and the statement, where the job target lists mysql"),
    **dict.fromkeys(("bash", "sh", "zsh", "dash", "ksh", "fish", "eval"), _shell),
    **dict.fromkeys(
        ("if", "for", "while", "until", "case", "function"), ("there is no shell here", "write a procedure")
    ),
    "xargs": ("there is nothing before it", "name what the command is to work on"),
    "awk": ("it reads what is before a pipe", "write it behind one: kubectl get pods | awk '{print $1}'"),
    "sed": ("it reads what is before a pipe", "write grep, or awk '{print $1}', behind one"),
    "jq": ("it reads what is before a pipe", "write it behind one: curl https://host/status | jq .status"),
    "tee": ("there is nothing before it", "leave it out; the output goes to Slack and into the timeline"),
    "sleep": ("nothing waits here", "write kubectl wait or kubectl rollout status, with --timeout"),
    "kill": ("there is no process of yours here", "write kubectl delete pod NAME, or kubectl rollout restart"),
    "pkill": ("there is no process of yours here", "write kubectl delete pod NAME, or kubectl rollout restart"),
    "systemctl": ("services are restarted where they run", "write kubectl rollout restart deployment/NAME"),
    "service": ("services are restarted where they run", "write kubectl rollout restart deployment/NAME"),
    "journalctl": ("logs are read where they are written", "write kubectl logs deployment/NAME --tail=100"),
    "wget": ("there is one client for HTTP", "write curl and the address"),
    "http": ("there is one client for HTTP", "write curl and the address"),
    "ping": ("there is no raw network here", "write tcp HOST PORT, or curl -I and the address"),
    "oc": ("there is one client for clusters", "write kubectl"),
    "k": ("there is one client for clusters", "write kubectl"),
    "k9s": (_NO_TERMINAL, "write kubectl get pods"),
    "crontab": ("the clock of the runbook does that", "give the entry a schedule in checklists.yml"),
    "rm": ("files are not deleted from here", "write a human step, or list rm among the programs of the job target"),
}
