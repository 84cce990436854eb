"""kubectl lines read for tests."""

from bot.operations.kubernetes.grammar import read
from bot.operations.kubernetes.nouns import KubernetesOperation
from bot.operations.words import split


def operation(line: str) -> KubernetesOperation:
    """Return the operation of a line's first part."""
    return read(line, split(line)[0])
