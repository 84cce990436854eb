"""kubectl's grammar: a line's words become one operation."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.nearest import nearest
from bot.operations.kubernetes import read_verbs, write_verbs
from bot.operations.kubernetes.flags import Advice, Arguments, Flags, arguments, verb_of
from bot.operations.kubernetes.nouns import KubernetesOperation
from bot.operations.refusal import LineRefused
from bot.operations.words import Part, Word


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb of kubectl: its flags, and what reads it."""

    flags: Flags
    read: Callable[[Arguments], KubernetesOperation]


VERBS: Mapping[str, Verb | Mapping[str, Verb]] = {
    "get": Verb(read_verbs.GET, read_verbs.get),
    "top": Verb(read_verbs.TOP, read_verbs.top),
    "describe": Verb(read_verbs.DESCRIBE, read_verbs.describe),
    "logs": Verb(read_verbs.LOGS, read_verbs.logs),
    "wait": Verb(read_verbs.WAIT, read_verbs.wait),
    "rollout": {
        "history": Verb(read_verbs.HISTORY, read_verbs.history),
        "status": Verb(read_verbs.STATUS, read_verbs.status),
        "undo": Verb(write_verbs.UNDO, write_verbs.undo),
        "restart": Verb(write_verbs.RESTART, write_verbs.restart),
        "pause": Verb(write_verbs.PAUSE, write_verbs.pause),
        "resume": Verb(write_verbs.PAUSE, write_verbs.pause),
    },
    "set": {
        "image": Verb(write_verbs.SET, write_verbs.set_image),
        "resources": Verb(write_verbs.SET, write_verbs.set_resources),
        "env": Verb(write_verbs.SET, write_verbs.set_env),
    },
    "scale": Verb(write_verbs.SCALE, write_verbs.scale),
    "delete": Verb(write_verbs.DELETE, write_verbs.delete),
    "exec": Verb(write_verbs.EXEC, write_verbs.execute),
    "apply": Verb(write_verbs.APPLY, write_verbs.apply),
    "annotate": Verb(write_verbs.MARK, write_verbs.mark),
    "label": Verb(write_verbs.MARK, write_verbs.mark),
    "cordon": Verb(write_verbs.CORDON, write_verbs.cordon),
    "uncordon": Verb(write_verbs.CORDON, write_verbs.cordon),
    "drain": Verb(write_verbs.DRAIN, write_verbs.drain),
}
_NO_EDITOR = "there is no editor here"
_NO_TUNNEL = "nothing of the cluster is opened to this machine"
REFUSED: Mapping[str, Advice] = {
    "edit": (_NO_EDITOR, "use kubectl set resources, set image, set env or scale"),
    "cp": ("no files are copied", "use kubectl exec to read one"),
    "port-forward": (_NO_TUNNEL, "use curl of an address that the platform lists"),
    "proxy": (_NO_TUNNEL, "use kubectl get --raw"),
    "attach": ("nobody can type into it", "use kubectl logs or exec"),
    "debug": ("nothing is put into a running pod", "use kubectl exec, describe or logs"),
    "run": ("a pod without a controller is left behind", "write it as a job"),
    "create": ("what is made is written in a manifest", "use kubectl apply -f"),
    "expose": ("what is made is written in a manifest", "use kubectl apply -f"),
    "autoscale": ("what is made is written in a manifest", "use kubectl apply -f"),
    "replace": ("it overwrites what others changed", "use kubectl apply -f"),
    "patch": ("what a patch means cannot be told", "use kubectl set, scale, label, annotate or apply"),
    "diff": ("every change is planned before it is approved", "use kubectl apply -f"),
    "taint": ("it may evict every pod of a node", "use kubectl cordon or drain"),
    "config": ("the target says which cluster it is", "leave it out"),
    "explain": ("it reads documentation and no cluster", "leave it out"),
    "version": ("it says nothing of the platform", "use kubectl get --raw /version"),
    "cluster-info": ("it says nothing of the platform", "use kubectl get nodes"),
    "api-resources": ("it says nothing of the platform", "use kubectl get --raw /apis"),
    "events": ("kubectl has two ways to list them", "use kubectl get events"),
    "auth": ("rights are told when they are missing", "leave it out"),
    "certificate": ("certificates are signed by people", "ask who runs the cluster"),
}


def read(line: str, part: Part) -> KubernetesOperation:
    """Return the operation of a kubectl line, whose first word is `kubectl`. Raises LineRefused, and nothing else."""
    given: dict[str, Word] = {}
    verb, rest = verb_of(line, part[1:], given)
    if verb is None:
        raise LineRefused(line, part[-1].column, part[-1].text, "the verb is missing", f"there are {_names(VERBS)}")
    found = VERBS.get(verb.text)
    if isinstance(found, Mapping):
        parent, table = verb, found
        verb, rest = verb_of(line, rest, given)
        if verb is None:
            instead = f"there are {_names(table)}"
            raise LineRefused(line, parent.column, parent.text, "its second word is missing", instead)
        found = table.get(verb.text)
        if not isinstance(found, Verb):
            raise _unknown(line, verb, f"{parent.text} has no such verb", table)
    if found is None:
        raise _unknown(line, verb, "kubectl has no such verb here", VERBS)
    return found.read(arguments(line, verb, rest, found.flags, given))


def _names(table: Mapping[str, object]) -> str:
    return ", ".join(table)


def _unknown(line: str, verb: Word, reason: str, table: Mapping[str, object]) -> LineRefused:
    if table is VERBS and verb.text in REFUSED:
        return LineRefused(line, verb.column, verb.text, *REFUSED[verb.text])
    close = nearest(verb.text, table, limit=1)
    instead = f"did you mean {close[0]}" if close else f"there are {_names(table)}"
    return LineRefused(line, verb.column, verb.text, reason, instead)
