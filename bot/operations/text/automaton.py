"""Matching in linear time: a finite automaton whose states are made as they are met.

The work for a line grows with its length and never with the ways in which the pattern could fit, so that no pattern
can keep the bot busy (Thompson 1968; Russ Cox, "Regular Expression Matching Can Be Simple And Fast", 2007).
"""

from dataclasses import dataclass, field

from bot.errors import TargetRefused
from bot.operations.text.pattern import Chars, Choice, Edge, Node, Repeat, Sequence, is_word

_MOST_MOVES = 50_000  # kept; beyond it the memory is given back and the states are made anew
_MOST_WORK = 2_000_000  # steps to make states, about 1 s: only a pattern made for it needs more

_START, _WORD, _OTHER = 0, 1, 2


@dataclass(slots=True)
class _State:
    """Where the match may stand before the next character, and what kind the last one was."""

    threads: frozenset[int]
    last: int
    moves: "dict[str, _State]" = field(default_factory=dict)


@dataclass(slots=True)
class _Program:
    """The instructions of a pattern: a Chars to pass, an Edge to check, a tuple to go on at, or None for the end."""

    steps: list[Chars | Edge | tuple[int, ...] | None] = field(default_factory=list)

    def add(self, step: "Chars | Edge | tuple[int, ...] | None") -> int:
        self.steps.append(step)
        return len(self.steps) - 1

    def compile(self, node: Node) -> None:
        """Add the instructions of a tree; what comes next is behind them."""
        if isinstance(node, Chars | Edge):
            self.add(node)
        elif isinstance(node, Sequence):
            for inner in node.nodes:
                self.compile(inner)
        elif isinstance(node, Choice):
            self._choice(node.nodes)
        else:
            self._repeat(node)

    def _choice(self, nodes: tuple[Node, ...]) -> None:
        fork = self.add(())
        starts, ends = [], []
        for node in nodes:
            starts.append(len(self.steps))
            self.compile(node)
            ends.append(self.add(()))
        self.steps[fork] = tuple(starts)
        for end in ends:
            self.steps[end] = (len(self.steps),)

    def _repeat(self, node: Repeat) -> None:
        for _ in range(node.least):
            self.compile(node.node)
        if node.most is None:
            fork = self.add(())
            self.compile(node.node)
            self.add((fork,))
            self.steps[fork] = (fork + 1, len(self.steps))
            return
        forks = []
        for _ in range(node.most - node.least):
            forks.append(self.add(()))
            self.compile(node.node)
        for fork in forks:
            self.steps[fork] = (fork + 1, len(self.steps))


class Automaton:
    """A pattern that is ready to match; it keeps the states that it made. Not for two threads at once."""

    def __init__(self, node: Node, *, fold: bool = False) -> None:
        program = _Program()
        program.compile(node)
        program.add(None)
        self._steps, self._fold = program.steps, fold
        self._hit = _State(frozenset(), _OTHER)
        self._work = 0
        self._forget()

    def matches(self, line: str) -> bool:
        """Whether the pattern is anywhere in the line. Raises TargetRefused when that takes too much work."""
        state, hit = self._first, self._hit
        for char in line:
            following = state.moves.get(char)
            state = self._move(state, char) if following is None else following
            if state is hit:
                return True
        return self._closure(state, None) is None

    def _forget(self) -> None:
        self._states: dict[tuple[frozenset[int], int], _State] = {}
        self._count = 0
        self._first = self._state(frozenset((0,)), _START)

    def _state(self, threads: frozenset[int], last: int) -> _State:
        return self._states.setdefault((threads, last), _State(threads, last))

    def _move(self, state: _State, char: str) -> _State:
        """Return the state behind a character, and remember it."""
        if self._count >= _MOST_MOVES:
            self._forget()
        self._count += 1
        reached = self._closure(state, char)
        if reached is None:
            following = self._hit
        else:
            passed = {0} | {at + 1 for at, chars in reached if self._passes(chars, char)}
            following = self._state(frozenset(passed), _WORD if is_word(char) else _OTHER)
        state.moves[char] = following
        return following

    def _passes(self, chars: Chars, char: str) -> bool:
        if not self._fold:
            return chars.has(char)
        cases = (char, char.lower(), char.upper())
        return all(map(chars.has, cases)) if chars.negated else any(map(chars.has, cases))

    def _closure(self, state: _State, following: str | None) -> "list[tuple[int, Chars]] | None":
        """Return what may take the next character (None is the end of the line), or None when the end is reached."""
        stack, seen = list(state.threads), set(state.threads)
        found: list[tuple[int, Chars]] = []
        while stack:
            at = stack.pop()
            step = self._steps[at]
            if step is None:
                return None
            if isinstance(step, Chars):
                found.append((at, step))
                continue
            targets = step if isinstance(step, tuple) else (at + 1,) if _holds(step, state.last, following) else ()
            for target in targets:
                if target not in seen:
                    seen.add(target)
                    stack.append(target)
        self._work += len(seen)
        if self._work > _MOST_WORK:
            raise TargetRefused("The pattern takes too long on this output: write a simpler one.")
        return found


def _holds(edge: Edge, last: int, following: str | None) -> bool:
    """Whether the place between the last character and the next is the edge."""
    before, after = last == _WORD, following is not None and is_word(following)
    return {
        "^": last == _START,
        "$": following is None,
        "b": before is not after,
        "B": before is after,
        "<": not before and after,
        ">": before and not after,
        "(w": not before,
        "w)": not after,
    }[edge.kind]
