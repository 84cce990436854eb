"""A platform as it was loaded: everything that its folder says, found by name."""

from collections.abc import Mapping
from pathlib import Path

from bot.operations.job.grammar import PROGRAMS
from bot.operations.operation import Operation
from bot.runbooks.actions import Action
from bot.runbooks.alerts import Alert
from bot.runbooks.checklists import Checklist, Item
from bot.runbooks.faults import NoTarget
from bot.runbooks.monitors import Monitor
from bot.runbooks.people import Severity
from bot.runbooks.platform_file import PlatformFile, folded
from bot.runbooks.probes import Probe, probe_in
from bot.runbooks.procedures import Procedure
from bot.runbooks.steps import ActionHere, ActionStep, ProbeHere, ProbeStep, Step
from bot.runbooks.targeting import kind_for, meant_for
from bot.runbooks.targets import JobTarget, Target
from bot.runbooks.words import Key

__all__ = ["Platform", "PlatformFile", "Severity", "folded"]


class Platform(PlatformFile):
    """A platform: its file, the files beside it, its folder's name, and its templates' text by file name.

    `probes` and `actions` hold those that procedures define in place, too.
    """

    name: Key
    home: Path = Path()
    templates: Mapping[str, str]
    probes: Mapping[str, Probe] = {}
    actions: Mapping[str, Action] = {}
    alerts: Mapping[str, Alert] = {}
    checklists: Mapping[str, Checklist] = {}
    procedures: Mapping[str, Procedure] = {}

    def probe(self, name: str) -> Probe | None:
        """Return the probe of this name."""
        return self.probes.get(name)

    def action(self, name: str) -> Action | None:
        """Return the action of this name."""
        return self.actions.get(name)

    def alert(self, name: str) -> Alert | None:
        """Return the alert of this name."""
        return self.alerts.get(name)

    def checklist(self, name: str) -> Checklist | None:
        """Return the checklist of this name."""
        return self.checklists.get(name)

    def procedure(self, name: str) -> Procedure | None:
        """Return the procedure of this name."""
        return self.procedures.get(name)

    def probe_of(self, entry: Item | Monitor) -> Probe | None:
        """Return what a checklist's item or a monitor looks at; None when it is nothing for a machine."""
        return self.probes.get(entry.probe) if entry.probe else probe_in(entry, entry.name, entry.title)

    def first_probes(self) -> tuple[Probe, ...]:
        """Return the probes of the initial assessment: what one looks at before there is anything to go on."""
        first = self.procedures.get(self.initial_assessment or "")
        return self.probes_of(first) if first else ()

    def probes_of(self, procedure: Procedure) -> tuple[Probe, ...]:
        """Return the probes that a procedure's diagnosis looks at and that a machine can run, each once.

        Those that are restricted are not among them: `restricted_of` says which.
        """
        return tuple(probe for probe in self._looked_at(procedure) if not probe.restricted)

    def restricted_of(self, procedure: Procedure) -> tuple[Probe, ...]:
        """Return the restricted probes of a procedure's diagnosis: everybody asks for them alone."""
        return tuple(probe for probe in self._looked_at(procedure) if probe.restricted)

    def _looked_at(self, procedure: Procedure) -> tuple[Probe, ...]:
        entries = (self.entry_of(step) for (part, _), step in procedure.steps() if part == "diagnose")
        found = {entry.name: entry for entry in entries if isinstance(entry, Probe) and entry.run}
        return tuple(found.values())

    def entry_of(self, step: Step) -> Probe | Action | None:
        """Return the probe or the action of a step, with the values that the step says; None for other steps."""
        entry: Probe | Action | None = None
        match step:
            case ProbeStep() | ProbeHere():
                entry = self.probes.get(step.probe)
            case ActionStep() | ActionHere():
                entry = self.actions.get(step.action)
        preset = step.preset if isinstance(step, ProbeStep | ActionStep) else {}
        return entry.with_preset(preset) if entry and preset else entry

    @property
    def programs(self) -> frozenset[str]:
        """What may run as a job here; `read_line` takes it when a line is read again with values."""
        jobs = [target for target in self.targets.values() if isinstance(target, JobTarget)]
        return frozenset(program for target in jobs for program in target.programs or PROGRAMS) or PROGRAMS

    def target_for(self, operation: Operation, name: str | None = None) -> Target:
        """Return where an operation is carried out: the target of this name, or the first that is meant for it.

        Raises NoTarget with a sentence when there is none.
        """
        kind = kind_for(operation, self.targets.values())
        if name is not None:
            if (named := self.targets.get(name)) is not None and named.kind == kind:
                return named
            raise NoTarget(f"{self.title} has no {kind} target {name}.")
        same = [target for target in self.targets.values() if target.kind == kind]
        if not same:
            raise NoTarget(f"{self.title} has no {kind} target.")
        return next((target for target in same if meant_for(target, operation)), same[0])
