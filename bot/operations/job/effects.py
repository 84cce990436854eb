"""What programs do, as far as it is known: the short table of those that only read, and of words that lose something.

Whatever is not in the table of readers counts as a write, and a runbook may say otherwise for its own scripts.
"""

from collections.abc import Mapping

from bot.operations.effect import Effect

Arguments = tuple[str, ...]

_ANY: tuple[Arguments, ...] = ((),)
_READERS: Mapping[str, tuple[Arguments, ...]] = {
    **dict.fromkeys(("cat", "df", "du", "free", "grep", "head", "ls", "nproc", "ps", "pwd", "stat", "tail"), _ANY),
    **dict.fromkeys(("dig", "find", "host", "nslookup", "sha256sum", "uname", "uptime", "wc", "which", "zcat"), _ANY),
    "aws": (
        ("s3", "ls"),
        ("cloudwatch", "describe-alarms"),
        ("cloudwatch", "get-metric-statistics"),
        ("ec2", "describe-instances"),
        ("ecs", "describe-services"),
        ("ecs", "list-services"),
        ("eks", "describe-cluster"),
        ("elasticache", "describe-cache-clusters"),
        ("elbv2", "describe-target-health"),
        ("rds", "describe-db-instances"),
        ("rds", "describe-db-snapshots"),
        ("ses", "get-send-quota"),
        ("ses", "get-send-statistics"),
        ("sts", "get-caller-identity"),
    ),
    "docker": (
        ("compose", "logs"),
        ("compose", "ps"),
        ("images",),
        ("logs",),
        ("ps",),
        ("stats", "--no-stream"),
        ("version",),
    ),
    "docker-compose": (("logs",), ("ps",)),
    "gcloud": (
        ("compute", "instances", "list"),
        ("container", "clusters", "list"),
        ("sql", "backups", "list"),
        ("sql", "instances", "describe"),
        ("sql", "instances", "list"),
        ("sql", "operations", "list"),
    ),
    "git": (("diff",), ("log",), ("rev-parse",), ("show",), ("status",)),
    "gunzip": (("-c",), ("-l",), ("-t",), ("--stdout",), ("--list",), ("--test",)),
    "gzip": (("-l",), ("-t",), ("--list",), ("--test",), ("-dc",), ("-cd",)),
    "helm": (("history",), ("list",), ("status",)),
    "k6": (("inspect",), ("version",)),
    "npm": (("audit",), ("ls",), ("list",), ("outdated",), ("ping",), ("view",), ("--version",)),
    "trivy": (("fs",), ("image",), ("version",)),
}
_ONLY_THIS: Mapping[str, tuple[Arguments, ...]] = {"node": (("--version",), ("-v",)), "npm": (("run",),)}
_CHANGES: Mapping[str, tuple[str, ...]] = {
    "find": ("-delete", "-exec", "-ok", "-fprint", "-fls"),
    "git": ("--output", "--ext", "--textc", "-O", "--open"),
    "npm": ("fix", "--fix", "--script", "--node-o"),
    "trivy": (
        "-c",
        "-o",
        "--generate",
        "--output",
        "--reset",
        "--clear-cache",
        "--config",
        "--module",
        "--server",
        "--download",
        "--cache",
    ),
    "helm": ("--post-renderer",),
    "gcloud": ("--flags-file",),
}
"""How the options begin that make a reader do more; git and npm take them shortened, too."""

_LOSING_PROGRAMS = (
    *("dd", "mkfs", "rm", "rmdir", "shred", "truncate", "wipefs"),
    *("dropdb", "dropuser", "mongorestore", "mysql", "pg_restore", "psql", "redis-cli", "kubectl"),
)
_LOSING_WORDS = (
    *("clean", "delete", "destroy", "down", "drop", "prune", "purge", "rb", "remove", "reset", "rm", "rmi"),
    *("terminate", "uninstall", "--delete", "-delete", "--force", "--hard", "--volumes", "-D"),
)
_LOSING_STARTS = ("delete-", "deregister-", "purge-", "remove-", "reset-", "restore-", "terminate-")
_SCRIPTS = ("npm", "npx", "pnpm", "yarn")


def effect_of(program: str, arguments: Arguments) -> Effect:
    """Return the worst that a program can do with these arguments."""
    name = program.rsplit("/", 1)[-1]
    if program == "pg_restore" and arguments[:1] in (("-l",), ("--list",)) and len(arguments) == 2:
        return Effect.READ
    if name in _LOSING_PROGRAMS:
        return Effect.DESTROY
    if _reads(program, arguments):
        return Effect.READ
    if name not in _SCRIPTS and any(word in _LOSING_WORDS or word.startswith(_LOSING_STARTS) for word in arguments):
        return Effect.DESTROY
    return Effect.WRITE


def _reads(program: str, arguments: Arguments) -> bool:
    if arguments in _ONLY_THIS.get(program, ()):
        return True
    known = any(arguments[: len(start)] == start for start in _READERS.get(program, ()))
    return known and not any(word.startswith(_CHANGES.get(program, ())) for word in arguments)
