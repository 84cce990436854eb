"""The refusal of a command line: which word is at fault, why, and the nearest thing that works."""

from bot.errors import BadInput


class LineRefused(BadInput):
    """A command line that cannot be an operation.

    `word` is the one at fault and `column` where it starts, counted from 1; `reason` and `instead` are clauses of the
    sentence.
    """

    def __init__(self, line: str, column: int, word: str, reason: str, instead: str) -> None:
        shown = " ".join(word.split())
        named = f'"{shown[:60]}" ' if shown else ""
        super().__init__(f"{named}at column {column}: {reason}; {instead}{'' if instead.endswith('?') else '.'}")
        self.line, self.column, self.word, self.reason, self.instead = line, column, word, reason, instead
