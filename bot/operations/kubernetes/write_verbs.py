"""The verbs that change: rollout undo and its like, scale, set, delete, exec, apply, label, annotate, cordon, drain."""

import re
from pathlib import PurePosixPath

from bot.operations.advice import keep_environment
from bot.operations.kubernetes import selectors
from bot.operations.kubernetes.changes import (
    Apply,
    Cordon,
    Delete,
    Drain,
    Exec,
    Mark,
    Pairs,
    Pause,
    Restart,
    Scale,
    SetEnv,
    SetImage,
    SetResources,
    Undo,
)
from bot.operations.kubernetes.flags import Arguments, Flags
from bot.operations.kubernetes.nouns import Thing
from bot.operations.kubernetes.quantities import amount
from bot.operations.kubernetes.things import (
    WORKLOADS,
    field_selector,
    kind,
    label_selector,
    name,
    named,
    namespace,
    no_more,
    no_names,
    one,
    only,
    things,
)
from bot.operations.words import Word

_LABELS = {"-l": "labels", "--selector": "labels"}
_CONTAINER = {"-c": "container", "--container": "container", "--containers": "container"}
_NAME_THEM = ("it takes everything", "name what is meant, or select it with -l")
_ONLY_NAMED = dict.fromkeys(("--all", "-l", "--selector", "-A"), ("what is changed is named", "write kind/name"))
_FILE = dict.fromkeys(("-f", "--filename", "-k"), ("there is no file here", "write kind/name"))

UNDO = Flags({"--to-revision": "revision"}, refused={**_FILE, **_ONLY_NAMED})
RESTART = Flags(_LABELS, refused={**_FILE, "--all": _NAME_THEM, "-A": _NAME_THEM})
PAUSE = Flags(refused={**_FILE, **_ONLY_NAMED})
SCALE = Flags(
    {"--replicas": "replicas", "--current-replicas": "current"},
    refused={**_FILE, **_ONLY_NAMED, "--timeout": ("scaling does not wait", "add kubectl rollout status")},
)
SET = Flags(
    {**_CONTAINER, "--limits": "limits", "--requests": "requests"},
    refused={
        **_FILE,
        **_ONLY_NAMED,
        "--from": ("what a secret or ConfigMap holds is not copied", "write envFrom in the manifest"),
        "--list": ("variables may hold passwords", "use kubectl describe"),
    },
)
MARK = Flags(_LABELS, {"--overwrite": "overwrite"}, {"--all": _NAME_THEM, **_FILE})
DELETE = Flags(
    {**_LABELS, "--field-selector": "fields", "--grace-period": "grace"},
    {"--ignore-not-found": "ignore-missing", "--wait": "wait", "--now": "now"},
    {
        "--all": _NAME_THEM,
        **dict.fromkeys(("-A", "--all-namespaces"), ("it would reach into every namespace", "give -n")),
        **dict.fromkeys(("-f", "--filename", "-k"), ("what a file names is not seen here", "write kind/name")),
        "--force": ("what is forced may go on running", "leave it out; --grace-period=1 is quick too"),
        "--cascade": ("what belongs to it goes with it", "leave it out"),
    },
)
_TTY = ("nobody can type into it", "leave it out")
EXEC = Flags(
    {"-c": "container", "--container": "container"},
    {},
    dict.fromkeys(("-i", "-t", "--stdin", "--tty"), _TTY),
)
APPLY = Flags(
    {"-f": "file", "--filename": "file", "-k": "kustomize", "--kustomize": "kustomize"},
    {"-R": "recursive", "--recursive": "recursive", "--server-side": "server-side"},
    {
        "--prune": ("it deletes what is not named", "delete it by its name"),
        "--force": ("it deletes and makes anew", "leave it out"),
        "--all": _NAME_THEM,
    },
)
CORDON = Flags(refused=_ONLY_NAMED)
DRAIN = Flags(
    {"--grace-period": "grace", "--timeout": "timeout", "--pod-selector": "pods"},
    {
        "--ignore-daemonsets": "ignore-daemonsets",
        "--delete-emptydir-data": "empty-dir",
        "--delete-local-data": "empty-dir",
        "--force": "force",
    },
    {**_ONLY_NAMED, "--disable-eviction": ("it would pass over disruption budgets", "leave it out")},
)

_SCALABLE = ("deployments", "statefulsets", "replicasets", "replicationcontrollers")
_TEMPLATED = (*WORKLOADS, "replicasets", "replicationcontrollers", "cronjobs")
_KEY = re.compile(r"(?:[a-z0-9.-]{1,253}/)?[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?", re.ASCII)
_LABEL_VALUE = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?", re.ASCII)
_VARIABLE = re.compile(r"[A-Za-z_.-][A-Za-z0-9_.-]*", re.ASCII)
_IMAGE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/@-]{0,500}", re.ASCII)


def undo(found: Arguments) -> Undo:
    """Read `kubectl rollout undo`."""
    no_more(found, len(found.words))
    revision = found.whole("revision")
    return Undo(namespace(found), thing=one(found, WORKLOADS), revision=None if revision == 0 else revision)


def restart(found: Arguments) -> Restart:
    """Read `kubectl rollout restart`."""
    no_more(found, len(found.words))
    labels = label_selector(found)
    listed = things(found) if labels else named(found)
    no_names(found, listed, labels)
    only(found, listed, WORKLOADS)
    return Restart(namespace(found), things=listed, labels=labels)


def pause(found: Arguments) -> Pause:
    """Read `kubectl rollout pause` and `resume`."""
    no_more(found, len(found.words))
    return Pause(namespace(found), thing=one(found, ("deployments",)), paused=found.verb.text == "pause")


def scale(found: Arguments) -> Scale:
    """Read `kubectl scale`."""
    no_more(found, len(found.words))
    replicas = found.whole("replicas")
    if replicas is None:
        raise found.refuse(found.verb, "the number is missing", "add --replicas=3")
    return Scale(
        namespace(found), things=named(found, _SCALABLE), replicas=replicas, current=found.whole("current", -1)
    )


def set_image(found: Arguments) -> SetImage:
    """Read `kubectl set image`."""
    pairs = _pairs(found)
    images = []
    for word, key, value in pairs:
        if value is None or not (word.holes or _IMAGE.fullmatch(value)):
            raise found.refuse(word, "this is not an image", "write it like web=registry.example.com/web:1.4.2")
        images.append((key if key == "*" else name(found, word, key), value))
    return SetImage(namespace(found), thing=one(found, _TEMPLATED), images=tuple(sorted(images)))


def set_resources(found: Arguments) -> SetResources:
    """Read `kubectl set resources`."""
    no_more(found, len(found.words))
    limits, requests = _quantities(found, "limits"), _quantities(found, "requests")
    if not limits and not requests:
        raise found.refuse(found.verb, "it does not say to what", "add --limits=cpu=500m,memory=512Mi")
    thing = one(found, _TEMPLATED)
    return SetResources(namespace(found), thing=thing, container=_container(found), limits=limits, requests=requests)


def set_env(found: Arguments) -> SetEnv:
    """Read `kubectl set env`."""
    pairs = _pairs(found)
    for word, key, _ in pairs:
        if not _VARIABLE.fullmatch(key):
            raise found.refuse(word, "this is not a variable", "write it like LOG_LEVEL=debug")
    variables = _sorted(pairs)
    return SetEnv(namespace(found), thing=one(found, _TEMPLATED), container=_container(found), variables=variables)


def mark(found: Arguments) -> Mark:
    """Read `kubectl label` and `kubectl annotate`."""
    pairs, labels = _pairs(found), label_selector(found)
    what = "labels" if found.verb.text == "label" else "annotations"
    for word, key, value in pairs:
        bad = what == "labels" and value is not None and not word.holes and not _LABEL_VALUE.fullmatch(value)
        if not _KEY.fullmatch(key) or bad:
            raise found.refuse(word, f"this cannot be one of the {what}", "write it like team=payments or team-")
    listed = things(found) if labels else named(found)
    no_names(found, listed, labels)
    return Mark(
        namespace(found),
        what=what,
        things=listed,
        labels=labels,
        pairs=_sorted(pairs),
        overwrite=found.on("overwrite"),
    )


def delete(found: Arguments) -> Delete:
    """Read `kubectl delete`. What would take everything but a few is refused."""
    no_more(found, len(found.words))
    listed, labels, fields = things(found), label_selector(found), field_selector(found)
    no_names(found, listed, labels, fields)
    if not all(thing.name for thing in listed):
        _bounded(found, labels, fields)
    return Delete(
        namespace(found),
        things=listed,
        labels=labels,
        fields=fields,
        grace=1 if found.on("now") else found.whole("grace", 1),
        ignore_missing=found.on("ignore-missing") or bool(labels or fields),
        wait=found.on("wait", default=True),
    )


def execute(found: Arguments) -> Exec:
    """Read `kubectl exec`."""
    if not found.words:
        raise found.refuse(found.verb, "it does not say where", "name the pod")
    if not found.command:
        word = found.words[1] if len(found.words) > 1 else found.verb
        raise found.refuse(word, "the command is missing", "write it behind --, such as -- df -h")
    if len(found.words) > 1:
        raise found.refuse(found.words[1], "this word is one too many", "write the command behind --")
    keep_environment(found.line, found.command)
    command = tuple(word.text for word in found.command)
    return Exec(namespace(found), thing=_place(found), container=_container(found), command=command)


def apply(found: Arguments) -> Apply:
    """Read `kubectl apply`."""
    if found.words:
        raise found.refuse(found.words[0], "this word is one too many", "write the file behind -f")
    no_more(found, 0)
    flag = "kustomize" if "kustomize" in found.flags else "file"
    if flag not in found.flags or {"file", "kustomize"} <= found.flags.keys():
        raise found.refuse(found.verb, "it takes files or a kustomization", "write -f k8s/web.yml or -k k8s/production")
    word = found.flags[flag]
    paths = tuple(dict.fromkeys(_inside(found, word, text) for text in word.text.split(",")))
    return Apply(namespace(found), paths=paths, kustomize=flag == "kustomize", recursive=found.on("recursive"))


def cordon(found: Arguments) -> Cordon:
    """Read `kubectl cordon` and `uncordon`."""
    no_more(found, len(found.words))
    return Cordon(nodes=_nodes(found), on=found.verb.text == "cordon")


def drain(found: Arguments) -> Drain:
    """Read `kubectl drain`."""
    no_more(found, 1)
    return Drain(
        node=_nodes(found)[0],
        ignore_daemonsets=found.on("ignore-daemonsets"),
        delete_empty_dir_data=found.on("empty-dir"),
        force=found.on("force"),
        grace=found.whole("grace", -1),
        timeout=found.duration("timeout"),
        pods=label_selector(found, "pods"),
    )


def _bounded(found: Arguments, labels: str, fields: str) -> None:
    if not labels and not fields:
        raise found.refuse(found.words[0], "the names are missing", "name them, or select them with -l app=web")
    if not selectors.says_which(labels) and not selectors.says_which(fields):
        word = found.flags["labels"] if labels else found.flags["fields"]
        reason = "this takes everything but what it names"
        raise found.refuse(word, reason, "name what is to be deleted, or select it with -l app=web")


def _nodes(found: Arguments) -> tuple[str, ...]:
    if not found.words:
        raise found.refuse(found.verb, "it does not say which node", "name it")
    texts = [
        (word, word.text.partition("/")[2] if word.text.startswith(("node/", "nodes/", "no/")) else word.text)
        for word in found.words
    ]
    return tuple(dict.fromkeys(name(found, word, text) for word, text in texts))


def _place(found: Arguments) -> Thing:
    head, slash, tail = found.words[0].text.partition("/")
    if not slash:
        return Thing("pods", name(found, found.words[0]))
    thing = Thing(kind(found, found.words[0], head), name(found, found.words[0], tail))
    only(found, (thing,), ("pods", *WORKLOADS, "replicasets", "jobs", "services"))
    return thing


def _container(found: Arguments) -> str:
    word = found.flags.get("container")
    return "" if word is None or word.text == "*" else name(found, word)


def _inside(found: Arguments, word: Word, text: str) -> str:
    """Return a path that stays within the platform's folder."""
    path = PurePosixPath(text)
    if not text or text == "-" or path.is_absolute() or ".." in path.parts or ":" in text or set("*?\\\0") & set(text):
        raise found.refuse(word, "this is no file of the runbook", "write its path in the platform's folder")
    return str(path)


def _pairs(found: Arguments) -> list[tuple[Word, str, str | None]]:
    """Take the words `key=value` and `key-` from a line's words, at least one."""
    pairs = [word for word in found.words if "=" in word.text or word.text.endswith("-")]
    found.words = [word for word in found.words if word not in pairs]
    no_more(found, len(found.words))
    if not pairs:
        raise found.refuse(found.verb, "it does not say to what", "write it like name=value")
    split = []
    for word in pairs:
        key, equals, value = word.text.partition("=")
        split.append((word, key if equals else key[:-1], value if equals else None))
    if len({key for _, key, _ in split}) < len(split):
        raise found.refuse(pairs[-1], "a name is given twice", "give it once")
    return split


def _sorted(pairs: list[tuple[Word, str, str | None]]) -> Pairs:
    return tuple(sorted(((key, value) for _, key, value in pairs), key=lambda pair: pair[0]))


def _quantities(found: Arguments, flag: str) -> tuple[tuple[str, str], ...]:
    if flag not in found.flags:
        return ()
    word, pairs = found.flags[flag], {}
    for piece in word.text.split(","):
        key, _, value = piece.partition("=")
        if not _KEY.fullmatch(key) or not (word.holes or amount(value) is not None) or key in pairs:
            raise found.refuse(word, "these are not quantities", "write them like cpu=500m,memory=512Mi")
        pairs[key] = value
    return tuple(sorted(pairs.items()))
