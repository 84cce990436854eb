"""The text filters of a line, run on what its operation brought back."""

from dataclasses import replace

from bot.operations.output import Output
from bot.operations.text.grammar import read_filter
from bot.operations.text.grep import grep
from bot.operations.text.jq import jq
from bot.operations.text.lines import columns, head, sort, tail, uniq
from bot.operations.text.nouns import Columns, CountLines, Filter, Grep, Head, Jq, Sort, Tail, Uniq

__all__ = ["Filter", "filtered", "read_filter"]


def filtered(output: Output, filters: tuple[Filter, ...]) -> Output:
    """Return the output behind its filters: text only, since the table or the series no longer says the same.

    The exit code is that of the operation when it failed, however well the filters did; else that of the last filter,
    so that `grep` without a find is 1 and `grep | wc -l` is 0. Raises AnswerUnreadable when jq cannot read the text,
    and TargetRefused when a pattern takes too much work. Costs up to a second for megabytes: call it in a thread.
    """
    if not filters:
        return output
    text, code = output.text, 0
    for filter_ in filters:
        lines, code = _run(filter_, text)
        text = "".join(f"{line}\n" for line in lines)
    return replace(output, text=text, table=None, series=(), code=output.code or code)


def _run(filter_: Filter, text: str) -> tuple[list[str], int]:
    if isinstance(filter_, Jq):
        return jq(filter_, text)
    lines = text.removesuffix("\n").split("\n") if text else []
    if isinstance(filter_, Grep):
        return grep(filter_, lines)
    return _picked(filter_, lines), 0


def _picked(filter_: Head | Tail | Sort | Columns | CountLines | Uniq, lines: list[str]) -> list[str]:
    match filter_:
        case Head():
            return head(filter_, lines)
        case Tail():
            return tail(filter_, lines)
        case Sort():
            return sort(filter_, lines)
        case Columns():
            return columns(filter_, lines)
        case CountLines():
            return [str(len(lines))]
        case Uniq():
            return uniq(filter_, lines)
