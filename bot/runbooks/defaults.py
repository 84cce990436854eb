"""Whether the default of each parameter is a value that the parameter takes."""

from bot.runbooks.deeds import Deed
from bot.runbooks.document import TODO
from bot.runbooks.entry import walk
from bot.runbooks.parameter_values import refusal_of
from bot.runbooks.sheets import Sheets


def note_default_faults(sheets: Sheets) -> None:
    """Add the faults about defaults to the documents'; what is still to be filled in is told elsewhere."""
    for sheet in sheets:
        for location, entry in walk(sheet.content):
            if not isinstance(entry, Deed):
                continue
            for name, parameter in entry.parameters.items():
                if parameter.default is None or parameter.default.startswith(TODO):
                    continue
                if sentence := refusal_of(parameter, parameter.default):
                    place = (*location, "parameters", name, "default")
                    sheet.document.fault(sheet.document.value(place), f"default: {sentence.rstrip('.')}")
