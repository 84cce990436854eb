"""Probes asked all at once.

Each has a time limit, its own or its target's, in which waiting for its turn at a busy target counts. The same line on
the same target is carried out once, however many probes ask for it.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from bot.diagnosis.binding import ValueMissing, ValueWrong, bound
from bot.diagnosis.finding import Finding, worst_first
from bot.diagnosis.judging import judge, unknown
from bot.diagnosis.ports import Reader
from bot.errors import AnswerUnreadable, OpsroomError, TargetError, TargetUnreachable
from bot.operations.backend import Limits
from bot.operations.effect import Effect
from bot.operations.line import Line
from bot.operations.operation import Operation
from bot.operations.output import Output
from bot.operations.refusal import LineRefused
from bot.runbooks.faults import NoTarget
from bot.runbooks.platform import Platform
from bot.runbooks.probes import Probe
from bot.runbooks.targets import Target

logger = logging.getLogger(__name__)

_Key = tuple[str, str, Operation, Effect | None]
OnFinding = Callable[[Finding], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class _Question:
    """One line of one probe, and where it is asked."""

    probe: Probe
    line: Line
    target: Target

    @property
    def seconds(self) -> float:
        return (self.probe.time_limit or self.target.probe_time_limit).total_seconds()

    @property
    def stated(self) -> Effect | None:
        return self.probe.stated_effect.effect if self.probe.stated_effect else None

    @property
    def key(self) -> _Key:
        return self.target.name, self.line.text, self.line.operation, self.stated


Answers = Mapping[_Key, "asyncio.Task[Output | TargetError]"]


class Diagnosis:
    """Asks probes, of targets that it can only read."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def is_possible(self, platform: Platform) -> bool:
        """Tell whether any target of a platform can be asked."""
        return self._reader.is_set_up(platform)

    async def run(
        self,
        platform: Platform,
        probes: Iterable[Probe],
        values: Mapping[str, str] | None = None,
        on_finding: OnFinding | None = None,
    ) -> tuple[Finding, ...]:
        """Return the findings of all probes that have command lines, the worst first.

        `values` fill the holes of the lines by their names. `on_finding` hears of each finding as soon as there is
        one, and raises nothing. Whatever goes wrong with a target is a finding of the level unknown.
        """
        asked = [_questions(platform, probe, values or {}) for probe in probes if probe.run]
        async with asyncio.TaskGroup() as group:
            answers = self._ask(group, platform, [each for one in asked for each in one if isinstance(each, _Question)])
            async with asyncio.TaskGroup() as waiting:
                tasks = [waiting.create_task(_told(questions, answers, on_finding)) for questions in asked]
            for answer in answers.values():
                answer.cancel()  # those that nobody waits for any more
        return worst_first([task.result() for task in tasks])

    def _ask(self, group: asyncio.TaskGroup, platform: Platform, questions: list[_Question]) -> Answers:
        """Begin to ask; the longest time limit of those who ask the same counts."""
        longest: dict[_Key, _Question] = {}
        for question in questions:
            if question.key not in longest or question.seconds > longest[question.key].seconds:
                longest[question.key] = question
        return {key: group.create_task(self._answer(platform, question)) for key, question in longest.items()}

    async def _answer(self, platform: Platform, question: _Question) -> Output | TargetError:
        limits = Limits(seconds=question.seconds)
        try:
            return await self._reader.read(platform, question.line, question.target.name, limits, question.stated)
        except TargetError as error:
            return error
        except Exception as error:  # A doorway: what one target answers must not end the probes of the others.
            name, kind = question.target.name, type(error).__name__
            logger.exception("A fault while %s was asked for %s", name, question.probe.name)
            return AnswerUnreadable(f"Opsroom could not make sense of what {name} did ({kind}); its log says more.")


Asked = _Question | Finding


def _questions(platform: Platform, probe: Probe, values: Mapping[str, str]) -> list[Asked]:
    """Return what to ask for a probe; a finding where that is known not to work."""
    return [_question(platform, probe, line, values) for line in probe.run]


def _question(platform: Platform, probe: Probe, line: Line, values: Mapping[str, str]) -> Asked:
    try:
        ready, target = bound(platform, probe, line, values)
    except (LineRefused, ValueMissing, ValueWrong, NoTarget) as error:
        return unknown(probe, str(error))
    return _Question(probe, ready, target)


async def _told(asked: list[Asked], answers: Answers, on_finding: OnFinding | None) -> Finding:
    """Return the finding of one probe: of several lines, that of the worst."""
    each = await asyncio.gather(*(_found(one, answers) for one in asked))
    finding = worst_first(list(each))[0]
    if on_finding:
        await on_finding(finding)
    return finding


async def _found(asked: Asked, answers: Answers) -> Finding:
    if isinstance(asked, Finding):
        return asked
    started = time.monotonic()
    answer = await _in_time(answers[asked.key], asked.seconds)
    finding = unknown(asked.probe, str(answer)) if isinstance(answer, OpsroomError) else _judged(asked, answer)
    return replace(finding, target=asked.target.name, seconds=time.monotonic() - started)


def _judged(question: _Question, output: Output) -> Finding:
    return judge(question.probe, output, question.line)


async def _in_time(answer: "asyncio.Task[Output | TargetError]", seconds: float) -> Output | TargetError:
    try:
        async with asyncio.timeout(seconds):
            return await asyncio.shield(answer)
    except TimeoutError:
        return TargetUnreachable(f"There was no answer within {seconds:g} s.")
