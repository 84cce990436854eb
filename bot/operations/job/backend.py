"""The target of jobs: makes a Kubernetes Job of an operation, follows its log, says how it ended, removes it."""

import asyncio
import math
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import replace

from bot.errors import ChangeUnclear, TargetError, TargetRefused, TargetUnreachable
from bot.operations.backend import Limits
from bot.operations.changing import Deed, Foresight
from bot.operations.job import changing
from bot.operations.job.environment import is_set
from bot.operations.job.following import Following
from bot.operations.job.manifest import MAIN, Json, manifest, name_of
from bot.operations.job.nouns import IsSet, Job
from bot.operations.job.toolbox import Toolbox
from bot.operations.job.verdict import JobFailed, Verdict, lost, too_long, verdict
from bot.operations.kubernetes.connection import Cluster, Request
from bot.operations.kubernetes.faults import ClusterRefused, unreadable
from bot.operations.operation import Operation
from bot.operations.output import Output

Listener = Callable[[str], Awaitable[None]]
"""Takes the lines of a log that are new."""

_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 1.0  # seconds between two looks
_ANSWER = 2.0  # seconds that an answer may come after the time limit, so that it is the job that is late
_LEAVING = 10.0  # seconds for the removal
_SHORTEST = 1  # seconds: the least deadline that Kubernetes takes


class JobBackend:
    """Runs programs in a cluster.

    The cluster is shared with other backends and not closed here.
    """

    def __init__(self, cluster: Cluster, toolbox: Toolbox) -> None:
        self._cluster, self._toolbox = cluster, toolbox
        self._removals: set[asyncio.Task[None]] = set()

    async def run(
        self, operation: Operation, limits: Limits, *, identity: str = "", listener: Listener | None = None
    ) -> Output:
        """Run a program to its end and return its log and exit code; `facts` has `seconds` and the `job`'s name.

        With an `identity` a second call finds the job of the first, running or done, and starts none: it stays until
        `remove`, also when the call is cancelled. Without one it is removed in any case. Raises JobFailed when the
        program did not end by itself, and other TargetErrors.
        """
        seconds = min(limits.seconds, self._toolbox.seconds)
        until = time.monotonic() + seconds
        if isinstance(operation, IsSet):
            with _read():
                return await self._answer(operation, until)
        job = self._runnable(operation)
        name, longest = name_of(job, identity), max(_SHORTEST, math.floor(seconds))
        async with self._made(name, job, longest, until, keep=bool(identity)):
            return await _Run(self._cluster, self._toolbox, name, job.program, limits, until).follow(listener)

    async def dry_run(self, operation: Operation, limits: Limits) -> Output:
        """Let the server try to make a job of a program, and keep nothing: what it says, or its refusal.

        Raises TargetError.
        """
        if not isinstance(operation, Job):
            raise TargetRefused("This runs no program: there is nothing to try.")
        self._toolbox.check(operation.program)
        until = time.monotonic() + limits.seconds
        name, seconds = name_of(operation, ""), max(_SHORTEST, math.floor(self._toolbox.seconds))
        with _read():
            body = manifest(name, operation, self._toolbox, await self._template(until), seconds)
        await self._cluster.send(Request("POST", self._path(), [("dryRun", "All")], body), until)
        return Output(f"job.batch/{name} would be made")

    async def foresee(self, operation: Operation, limits: Limits) -> Foresight:
        """Return what running a program would do, tried by the server; see `changing`. Raises TargetError."""
        tried = await self.dry_run(operation, limits)
        assert isinstance(operation, Job), "the dry run refuses everything else"
        with _read():
            template = await self._template(time.monotonic() + limits.seconds)
            return changing.foresee(operation, self._toolbox, template, tried.text)

    async def change(self, operation: Operation, limits: Limits, deed: Deed) -> Output:
        """Run a program to its end, once for a deed; one that did not end by itself has the exit code -1.

        The job stays until `remove`. Raises ChangeUnclear when the cluster could not be asked how it ended, and other
        TargetErrors when it was not begun.
        """
        job = self._runnable(operation)
        await deed.note(changing.note_of(name_of(job, deed.identity)))
        try:
            return await self.run(job, limits, identity=deed.identity)
        except JobFailed as error:
            return changing.failed(error)

    async def look(self, operation: Operation, limits: Limits, deed: Deed) -> Output | None:
        """Follow the job of a deed to its end; None when there is none. Raises ChangeUnclear, or TargetError."""
        job = self._runnable(operation)
        if deed.noted is None:
            return None
        until, name = time.monotonic() + min(limits.seconds, self._toolbox.seconds), name_of(job, deed.identity)
        try:
            await self._cluster.send(Request("GET", self._path(name)), until)
        except ClusterRefused as error:
            if error.status != 404:
                raise
            changing.check_kept(name, deed.noted)
            return None
        try:
            return await _Run(self._cluster, self._toolbox, name, job.program, limits, until).follow(None)
        except JobFailed as error:
            return changing.failed(error)

    async def remove(self, operation: Job, identity: str) -> None:
        """Remove the job of an identity, and end its program if it still runs; one that is not there is no fault."""
        await self._remove(name_of(operation, identity))

    async def close(self) -> None:
        """Wait for the removals that are under way."""
        await asyncio.gather(*self._removals)

    def _runnable(self, operation: Operation) -> Job:
        """Return the program to run. Raises TargetRefused for what is none, or is not run here."""
        if not isinstance(operation, Job):
            raise TargetRefused(f"Programs are run here, and this is an operation for {operation.kind.value}.")
        self._toolbox.check(operation.program)
        return operation

    @asynccontextmanager
    async def _made(self, name: str, operation: Job, seconds: int, until: float, *, keep: bool) -> AsyncIterator[None]:
        """Make the job for the block; one that is not to be kept goes with it, however it ends."""
        with _read():
            body = manifest(name, operation, self._toolbox, await self._template(until), seconds)
        try:
            await self._make(name, body, until, found_is_fine=keep)
            yield
        finally:
            if not keep:
                removal = asyncio.create_task(self._removed(name))
                self._removals.add(removal)
                removal.add_done_callback(self._removals.discard)
                await asyncio.shield(removal)

    async def _make(self, name: str, body: Json, until: float, *, found_is_fine: bool) -> None:
        try:
            await self._cluster.send(Request("POST", self._path(), body=body), until)
        except ClusterRefused as error:
            if error.status != 409 or not found_is_fine:
                raise
        except TargetUnreachable as error:
            # Whether it was made is not known: it has a name by which it can be found.
            try:
                await self._cluster.send(Request("GET", self._path(name)), time.monotonic() + _ANSWER)
            except ClusterRefused as missing:
                raise (error if missing.status == 404 else missing) from None
            except TargetError:
                raise ChangeUnclear(f"It is not known whether the job {name} was made: {error}") from None

    async def _template(self, until: float) -> Json:
        """Return the pod template of the toolbox's Deployment; empty for a toolbox with an image of its own."""
        name, namespace = self._toolbox.deployment, self._toolbox.namespace
        if not name:
            return {}
        try:
            path = f"/apis/apps/v1/namespaces/{namespace}/deployments/{name}"
            found = await self._cluster.json(Request("GET", path), until)
        except ClusterRefused as error:
            if error.status != 404:
                raise
            raise TargetRefused(
                f"There is no deployment {name} in namespace {namespace}, whose image jobs would run in."
            ) from None
        template: Json = found["spec"]["template"]
        return template

    async def _answer(self, question: IsSet, until: float) -> Output:
        return await is_set(question, self._cluster, self._toolbox, await self._template(until), until)

    async def _removed(self, name: str) -> None:
        """Remove it; the outcome of the job is known, and what goes wrong here must not hide it."""
        try:
            await self._remove(name)
        except TargetError:
            return  # its deadline ends it, and the cluster removes what is done for long

    async def _remove(self, name: str) -> None:
        request = Request("DELETE", self._path(name), [("propagationPolicy", "Background")])
        try:
            await self._cluster.send(request, time.monotonic() + _LEAVING)
        except ClusterRefused as error:
            if error.status != 404:
                raise

    def _path(self, name: str = "") -> str:
        path = f"/apis/batch/v1/namespaces/{self._toolbox.namespace}/jobs"
        return f"{path}/{name}" if name else path


@contextmanager
def _read() -> Iterator[None]:
    """Turn an answer of the cluster that lacks what its schema says it has into AnswerUnreadable."""
    try:
        yield
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise unreadable() from error


class _Run:
    """One job that was made, followed to its end."""

    def __init__(
        self, cluster: Cluster, toolbox: Toolbox, name: str, program: str, limits: Limits, until: float
    ) -> None:
        self._cluster, self._toolbox, self._name, self._program = cluster, toolbox, name, program
        self._size, self._until, self._started = limits.size, until, time.monotonic()
        self._answered = until + _ANSWER
        self._log: Following | None = None
        self._away, self._pod = "", ""

    async def follow(self, listener: Listener | None) -> Output:
        """Return its output. Raises JobFailed."""
        pause, stands = _FIRST_PAUSE, Verdict()
        while True:
            stands, new = await self._look(stands)
            if listener is not None and new:
                await listener(new)
            if stands.final and self._log:
                with suppress(TargetError):  # how it ended is known; a part of its log has to do
                    await self._log.complete(self._answered)
            if stands.code is not None:
                return self._output(stands.code)
            if stands.fault:
                raise self._failed(stands.fault)
            if time.monotonic() + pause > self._until:
                if self._away:
                    raise ChangeUnclear(f"It is not known how {self._program} ended: {self._away}.")
                raise self._failed(await self._too_late(stands))
            await asyncio.sleep(pause)
            pause = _FIRST_PAUSE if new else min(pause * 1.5, _LONGEST_PAUSE)

    async def _look(self, before: Verdict) -> tuple[Verdict, str]:
        """Return how it stands, and what it said since the last look; as before while the cluster is away."""
        try:
            with _read():
                stands, pod = await self._stands()
                said = await self._listen(stands, pod)
        except TargetUnreachable as error:
            self._away = str(error).rstrip(".")
            return before, ""
        self._away = ""
        return stands, said

    async def _stands(self) -> tuple[Verdict, str]:
        """Return how it stands, and the name of its pod, empty when there is none."""
        namespace = self._toolbox.namespace
        job, pods = await asyncio.gather(
            self._cluster.json(
                Request("GET", f"/apis/batch/v1/namespaces/{namespace}/jobs/{self._name}"), self._answered
            ),
            self._cluster.json(
                Request("GET", f"/api/v1/namespaces/{namespace}/pods", [("labelSelector", f"job-name={self._name}")]),
                self._answered,
            ),
        )
        found = sorted(pods["items"], key=lambda pod: str(pod["metadata"]["creationTimestamp"]))
        pod = found[-1] if found else None
        name = pod["metadata"]["name"] if pod else ""
        if self._pod and name != self._pod:  # older clusters would start the program a second time
            return Verdict(fault=lost({}, self._program)), ""
        self._pod = name
        return verdict(job, pod, self._program, self._toolbox.memory), name

    async def _listen(self, stands: Verdict, pod: str) -> str:
        """Return what it said since the last time."""
        if not stands.begun or not pod:
            return ""
        if self._log is None:
            path = f"/api/v1/namespaces/{self._toolbox.namespace}/pods/{pod}/log"
            self._log = Following(self._cluster, path, MAIN, self._size)
        return await self._log.fresh(self._answered)

    async def _too_late(self, stands: Verdict) -> str:
        if stands.begun:
            return too_long(self._program)
        why = await self._refusal() or stands.waits
        return f"{self._program} did not start within its time: {why}"

    async def _refusal(self) -> str:
        """Return why the cluster makes no pod for it, such as a quota, if it says so."""
        namespace = self._toolbox.namespace
        query = [("fieldSelector", f"involvedObject.name={self._name},type=Warning")]
        try:
            path = f"/api/v1/namespaces/{namespace}/events"
            with _read():
                events = await self._cluster.json(Request("GET", path, query), time.monotonic() + 2)
                said = str(events["items"][-1].get("message", "")) if events["items"] else ""
        except TargetError:
            return ""
        return " ".join(said.split())[:300]

    def _failed(self, fault: str) -> JobFailed:
        return JobFailed(f"{fault}.", self._output(code=-1))

    def _output(self, code: int) -> Output:
        facts: dict[str, float | str] = {"seconds": round(time.monotonic() - self._started, 3), "job": self._name}
        output = Output(self._log.text if self._log else "", code=code, facts=facts)
        if self._log and self._log.cut:
            return replace(output, cut=f"all of the log but its first {self._size:,} bytes")
        return output
