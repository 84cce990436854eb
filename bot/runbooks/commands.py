"""Command lines as values of runbook files: read when the file is loaded, so that what loads can be carried out."""

import shlex
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, PlainSerializer, PlainValidator, ValidationInfo, WithJsonSchema

from bot.operations.job.grammar import PROGRAMS
from bot.operations.line import Line, read_line
from bot.operations.refusal import LineRefused
from bot.runbooks.words import Text


class LineFault(ValueError):
    """A command line that was refused; `refused` knows where in the line."""

    def __init__(self, refused: LineRefused) -> None:
        shown = " ".join(refused.word.split())
        super().__init__((f'"{shown[:60]}": ' if shown else "") + f"{refused.reason}; {refused.instead}")
        self.refused = refused


def read(text: object, info: ValidationInfo) -> Line:
    """Return the operation of a command line. Raises ValueError with a sentence.

    The validation's context is the programs that may run as jobs; the usual ones if there is none.
    """
    if isinstance(text, Line):
        return text
    if not isinstance(text, str):
        raise ValueError("should be a command line as text; put it in quotes")  # pydantic reports it
    try:
        return read_line(text, programs=info.context or PROGRAMS)
    except LineRefused as refused:
        raise LineFault(refused) from None


def _listed(value: Any) -> Any:
    return (value,) if isinstance(value, (str, Line)) else value


def _query(text: str) -> str:
    """Refuse what is no PromQL."""
    try:
        read_line(f"promql {shlex.quote(text)}")
    except LineRefused as refused:
        raise ValueError(f"is no PromQL: {refused.reason}; {refused.instead}") from None
    return text


Query = Annotated[Text, AfterValidator(_query)]
"""A PromQL expression."""

CommandLine = Annotated[
    Line,
    PlainValidator(read),
    PlainSerializer(lambda line: line.text),
    WithJsonSchema({"type": "string", "minLength": 1, "description": "A command line."}),
]
"""One command line."""

CommandLines = Annotated[
    tuple[CommandLine, ...],
    BeforeValidator(_listed, json_schema_input_type=str | list[str]),
]
"""One command line, or several that are carried out one after the other."""
