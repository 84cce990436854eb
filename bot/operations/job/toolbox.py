"""A toolbox: where jobs run, and with what."""

from dataclasses import dataclass

from bot.errors import TargetRefused
from bot.nearest import hint


@dataclass(frozen=True, slots=True)
class Toolbox:
    """A namespace, and a Deployment whose image and environment jobs get, or an image.

    `container` is the Deployment's, the first if empty; `programs` are the only ones that are run, any if empty;
    `seconds` is the most that any job may take; `processors` and `memory` are Kubernetes quantities. `volume` is the
    PersistentVolumeClaim that all of them have at `volume_at`, if they share files.
    """

    namespace: str
    deployment: str = ""
    container: str = ""
    image: str = ""
    programs: tuple[str, ...] = ()
    seconds: float = 600.0
    processors: str = "1"
    memory: str = "1Gi"
    volume: str = ""
    volume_at: str = ""

    def check(self, program: str) -> None:
        """Raise TargetRefused for a program that is not run here."""
        if self.programs and program not in self.programs:
            raise TargetRefused(f"{program} is not run here; {hint(program, self.programs)}.")
