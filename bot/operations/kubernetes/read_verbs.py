"""The verbs that read: get, top, describe, logs, wait, rollout history and status."""

import re
from collections.abc import Mapping
from urllib.parse import unquote, urlsplit

from bot.operations.kubernetes import jsonpath
from bot.operations.kubernetes.flags import Arguments, Flags
from bot.operations.kubernetes.nouns import Describe, Get, History, Logs, Raw, Reading, Status, Thing, Top, Wait
from bot.operations.kubernetes.quantities import moment
from bot.operations.kubernetes.things import (
    WORKLOADS,
    field_selector,
    kind,
    label_selector,
    name,
    namespace,
    no_more,
    no_names,
    one,
    only,
    things,
)
from bot.operations.operation import Hole

_LABELS = {"-l": "labels", "--selector": "labels"}
_FIELDS = {"--field-selector": "fields"}
_ALL = {"-A": "everywhere", "--all-namespaces": "everywhere"}
_NO_END = ("a run reads what is there and ends", "leave it out")

GET = Flags(
    {**_LABELS, **_FIELDS, "-o": "output", "--output": "output", "--sort-by": "sort", "--raw": "raw"},
    {**_ALL, "--no-headers": "no-headers", "--show-labels": "show-labels"},
    {
        **dict.fromkeys(("-w", "--watch", "--watch-only"), _NO_END),
        **dict.fromkeys(("--template",), ("Go templates are not read here", "use -o jsonpath=")),
        **dict.fromkeys(("-f", "--filename", "-k"), ("there is no file here", "name the objects")),
    },
)
TOP = Flags(
    {**_LABELS, "--sort-by": "sort"},
    {**_ALL, "--containers": "containers", "--no-headers": "no-headers"},
)
DESCRIBE = Flags(_LABELS, {"--show-events": "events"}, dict.fromkeys(_ALL, ("it would be too much to read", "give -n")))
LOGS = Flags(
    {**_LABELS, "--tail": "tail", "--since": "since", "--since-time": "since-time", "-c": "container"}
    | {"--container": "container"},
    {
        "-p": "previous",
        "--previous": "previous",
        "--all-containers": "all-containers",
        "--timestamps": "timestamps",
        "--prefix": "prefix",
    },
    {**dict.fromkeys(("-f", "--follow"), ("a run reads what is there and ends", "leave -f out"))},
)
HISTORY = Flags({"--revision": "revision"})
STATUS = Flags({"--timeout": "timeout"}, {"-w": "watch", "--watch": "watch"})
WAIT = Flags({**_LABELS, **_FIELDS, "--for": "for", "--timeout": "timeout"}, {"--all": "all"})

_OUTPUTS = ("wide", "name", "json", "yaml", "jsonpath")
_READABLE_BY_PROXY = re.compile(r"stats/summary|metrics(?:/[a-z]+)?|healthz|configz")
_HIDDEN = {"secrets", "exec", "attach", "portforward", "log"}


def get(found: Arguments) -> Reading:
    """Read `kubectl get`."""
    if "raw" in found.flags:
        no_more(found, 0)
        return Raw(namespace(found), path=_raw(found))
    listed = things(found)
    no_more(found, len(found.words))
    labels, fields = label_selector(found), field_selector(found)
    no_names(found, listed, labels, fields, "-A" if found.on("everywhere") else "")
    output, path = _output(found)
    _keep_secrets(found, listed, output)
    return Get(
        namespace(found),
        things=listed,
        everywhere=found.on("everywhere"),
        labels=labels,
        fields=fields,
        output=output,
        path=path,
        sort_by=_path(found, "sort"),
        headers=not found.on("no-headers"),
        show_labels=found.on("show-labels"),
    )


def top(found: Arguments) -> Top:
    """Read `kubectl top`."""
    no_more(found, 2)
    if not found.words:
        raise found.refuse(found.verb, "it does not say of what", "write top pods or top nodes")
    what = kind(found, found.words[0], found.words[0].text)
    if what not in ("pods", "nodes"):
        raise found.refuse(found.words[0], "only pods and nodes are measured", "write top pods or top nodes")
    if what == "nodes" and (found.on("containers") or found.on("everywhere")):
        raise found.refuse(found.words[0], "nodes have neither containers nor a namespace", "leave the flag out")
    labels = label_selector(found)
    called = name(found, found.words[1]) if len(found.words) > 1 else ""
    no_names(found, (Thing(what, called),), labels, "-A" if found.on("everywhere") else "")
    return Top(
        namespace(found) if what == "pods" else "",
        what=what,
        name=called,
        everywhere=found.on("everywhere"),
        labels=labels,
        containers=found.on("containers"),
        sort_by=_top_order(found),
        headers=not found.on("no-headers"),
    )


def describe(found: Arguments) -> Describe:
    """Read `kubectl describe`."""
    listed, labels = things(found), label_selector(found)
    no_more(found, len(found.words))
    no_names(found, listed, labels)
    return Describe(namespace(found), things=listed, labels=labels)


def logs(found: Arguments) -> Logs:
    """Read `kubectl logs`."""
    no_more(found, 2)
    labels = label_selector(found)
    thing, container = _log_source(found)
    if bool(thing) == bool(labels):
        word = found.words[0] if found.words else found.verb
        raise found.refuse(word, "a log is read by a name or by a selector", "give one of them")
    if "since" in found.flags and "since-time" in found.flags:
        raise found.refuse(found.flags["since-time"], "--since and --since-time exclude each other", "give one")
    if container and found.on("all-containers"):
        raise found.refuse(found.verb, "--all-containers leaves no choice of a container", "leave one of them out")
    return Logs(
        namespace(found),
        thing=thing,
        labels=labels,
        container=container,
        all_containers=found.on("all-containers"),
        previous=found.on("previous"),
        tail=_tail(found, bool(labels)),
        since=found.duration("since"),
        since_time=_since_time(found),
        timestamps=found.on("timestamps"),
        prefix=found.on("prefix"),
    )


def history(found: Arguments) -> History:
    """Read `kubectl rollout history`."""
    no_more(found, len(found.words))
    return History(namespace(found), thing=one(found, WORKLOADS), revision=found.whole("revision", 1))


def status(found: Arguments) -> Status:
    """Read `kubectl rollout status`."""
    no_more(found, len(found.words))
    return Status(
        namespace(found),
        thing=one(found, WORKLOADS),
        timeout=found.duration("timeout"),
        watch=found.on("watch", default=True),
    )


def wait(found: Arguments) -> Wait:
    """Read `kubectl wait`."""
    no_more(found, len(found.words))
    listed, labels, fields = things(found), label_selector(found), field_selector(found)
    no_names(found, listed, labels, fields, "--all" if found.on("all") else "")
    if not (labels or fields or found.on("all") or all(thing.name for thing in listed)):
        raise found.refuse(found.words[0], "it does not say which", "give a name, -l or --all")
    until = _until(found)
    if until.startswith("jsonpath") and any(_is_secret(thing) for thing in listed):
        raise found.refuse(found.flags["for"], "what secrets hold is not asked about", "wait for create or delete")
    timeout = found.duration("timeout")
    return Wait(
        namespace(found),
        things=listed,
        labels=labels,
        fields=fields,
        everything=found.on("all"),
        until=until,
        timeout=30.0 if timeout is None else timeout,
    )


def _output(found: Arguments) -> tuple[str, str]:
    """Return the form of the output, and its JSONPath."""
    word = found.flags.get("output")
    if word is None:
        return "", ""
    form, _, path = word.text.partition("=")
    if form not in _OUTPUTS or (path and form != "jsonpath"):
        raise found.refuse(word, "there is no such output here", f"there are {', '.join(_OUTPUTS)}")
    return (form, _path_of(found, "output", path)) if form == "jsonpath" else (form, "")


def _path(found: Arguments, flag: str) -> str:
    return _path_of(found, flag, found.text(flag)) if flag in found.flags else ""


def _path_of(found: Arguments, flag: str, text: str) -> str:
    """Check a JSONPath and return it."""
    try:
        jsonpath.parse(text)
    except ValueError as error:
        instead = "write it like {.items[*].metadata.name}"
        raise found.refuse(found.flags[flag], f"this JSONPath cannot be read ({error})", instead) from None
    return text


def _keep_secrets(found: Arguments, listed: tuple[Thing, ...], output: str) -> None:
    """Refuse every form that shows what a secret holds."""
    if any(map(_is_secret, listed)) and (output in ("json", "yaml", "jsonpath") or "sort" in found.flags):
        word = found.flags.get("output") or found.flags["sort"]
        raise found.refuse(word, "what secrets hold is not shown", "leave it out: names and ages are listed")


def _is_secret(thing: Thing) -> bool:
    return thing.type.partition(".")[0] in ("secrets", "secret")


def _raw(found: Arguments) -> str:
    """Return the path of `--raw`, which reaches neither secrets nor into pods."""
    word = found.flags["raw"]
    split = urlsplit(word.text)
    parts = unquote(unquote(split.path)).split("/")
    if split.scheme or split.netloc or not split.path.startswith("/") or {"..", "."} & set(parts):
        raise found.refuse(word, "this is not a path of the cluster", "write it like /api/v1/nodes")
    if _HIDDEN & set(parts) or "watch" in split.query or "follow" in split.query or "watch" in parts:
        raise found.refuse(word, "this path is not read here", "use get, logs or exec")
    if "proxy" in parts:
        inner = "/".join(parts[parts.index("proxy") + 1 :])
        if parts[:4] != ["", "api", "v1", "nodes"] or len(parts) < 6 or not _READABLE_BY_PROXY.fullmatch(inner):
            instead = "of a node's proxy there are stats/summary, metrics, healthz and configz; use curl for a service"
            raise found.refuse(word, "this is not read through the cluster", instead)
    return word.text


def _top_order(found: Arguments) -> str:
    order = found.text("sort")
    if order not in ("", "cpu", "memory"):
        raise found.refuse(found.flags["sort"], "there is no such order", "sort by cpu or memory")
    return order


def _log_source(found: Arguments) -> tuple[Thing | None, str]:
    """Return whose log it is, and the container."""
    container = name(found, found.flags["container"]) if "container" in found.flags else ""
    if not found.words:
        return None, container
    first, rest = found.words[0], found.words[1:]
    if "/" not in first.text and rest and first.text.lower() in ("pod", "pods", "po", *_workload_words()):
        raise found.refuse(first, "kubectl takes the next word for a container", f"write {first.text}/{rest[0].text}")
    if rest and container:
        raise found.refuse(rest[0], "the container is given twice", "give it once")
    if "/" in first.text:
        head, _, tail = first.text.partition("/")
        thing = Thing(kind(found, first, head), name(found, first, tail))
        only(found, (thing,), ("pods", *WORKLOADS, "replicasets", "jobs", "services"))
    else:
        thing = Thing("pods", name(found, first))
    return thing, name(found, rest[0]) if rest else container


def _workload_words() -> Mapping[str, None]:
    return dict.fromkeys(("deployment", "deployments", "deploy", "statefulset", "sts", "daemonset", "ds", "job"))


def _tail(found: Arguments, selected: bool) -> int | Hole | None:  # noqa: FBT001 kubectl's rule
    """Return the number of lines: with a selector kubectl reads ten of each container unless told, else all."""
    lines = found.whole("tail", -1)
    if lines is None:
        return 10 if selected else None
    return None if lines == -1 else lines


def _since_time(found: Arguments) -> str:
    text = found.text("since-time")
    if text and not found.flags["since-time"].is_hole and ("T" not in text or moment(text) is None):
        instead = "write it like 2026-11-02T09:30:00Z"
        raise found.refuse(found.flags["since-time"], "this is not a time", instead)
    return text


def _until(found: Arguments) -> str:
    """Return what is waited for in its one form: a condition's name in lower case and its value."""
    if "for" not in found.flags:
        raise found.refuse(found.verb, "it does not say for what", "add --for=condition=ready")
    word = found.flags["for"]
    if word.text in ("delete", "create"):
        return word.text
    form, _, rest = word.text.partition("=")
    if form == "condition" and re.fullmatch(r"[A-Za-z]+(?:=[A-Za-z]+)?", rest, re.ASCII):
        condition, _, value = rest.lower().partition("=")
        return f"condition={condition}={value or 'true'}"
    if form == "jsonpath" and rest:
        path, _, _ = rest.rpartition("}=") if "}=" in rest else (rest, "", "")
        _path_of(found, "for", f"{path}}}" if "}=" in rest else path)
        return word.text
    instead = "write condition=ready, delete, create or jsonpath={.status.phase}=Running"
    raise found.refuse(word, "this cannot be waited for", instead)
