"""What stands below a heading as a procedure or a checklist: its commands, lists and remarks as steps."""

import re
from dataclasses import dataclass

from bot.operations.found import commands_in
from bot.operations.refusal import LineRefused
from bot.runbooks.importer.adapting import Adapted, adapt, clauses
from bot.runbooks.importer.blocks import KNOWN, Above, pieces_of
from bot.runbooks.importer.draft import Draft, Procedure, Step
from bot.runbooks.importer.headings import is_label, phase_of, plain, sentence, shortened
from bot.runbooks.importer.outline import Block, Code, Item, Section, Table, Text
from bot.runbooks.importer.pieces import Command, Gap, Piece, Point, Remark, Setting, Skipped

_AFTERTHOUGHT = re.compile(
    r"(?:should|returns?|expect\w*|look for|example|note|output|used by|if |or |see |e\.g\.|filter by|input:|this )",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _Reader:
    """Where a section is being read: the part that a label began, and what the next command is about."""

    draft: Draft
    procedure: Procedure
    phase: str | None = None
    last: Step | None = None

    def blocks(self, blocks: tuple[Block, ...] | list[Block], about: str = "") -> int:
        """Read what stands below a heading or an item; return how many commands there were."""
        count = 0
        for block in blocks:
            match block:
                case Code():
                    count += self.code(block, about)
                case Item():
                    count += self.item(block)
                case Text():
                    count += self.text(block)
                case Table():
                    count += self.table(block)
        return count

    def text(self, text: Text) -> int:
        """Read a paragraph: a label, a command in its words, or a summary."""
        count = self.codes(text)
        whole_label = bool(text.label) and plain(text.text) == plain(text.label)
        if not count and (whole_label or text.text.endswith(":")):
            self.phase = phase_of(text.text) or (None if text.label else self.phase)
            return 0
        if not count and not self.procedure.steps:
            self.procedure.summary.append((text.line, text.text))
        elif not count:
            self.draft.leave_out(text.line, text.text, "it is prose; put it into a note or a step")
        return count

    def item(self, item: Item) -> int:
        """Read an item of a list: a symptom, a command, or a step for a person."""
        head, before = item.head, self.phase
        if self.phase == "symptoms":
            self.procedure.symptoms.append(plain(head.text))
            return self.blocks(item.blocks)
        whole_label = bool(head.label) and plain(head.text) == plain(head.label)
        if whole_label and item.blocks and all(isinstance(block, Item) for block in item.blocks):
            self.phase = phase_of(head.label) or self.phase
            count = self.points(item, sentence(head.label))
            self.phase = before
            return count
        count = self.codes(head)
        count += self.blocks([block for block in item.blocks if not isinstance(block, Item)], sentence(head.text))
        nested = [block for block in item.blocks if isinstance(block, Item)]
        if not count:
            self.person(head.line, _human(head.text))
        for inner in nested:
            count += self.item(inner)
        return count

    def points(self, item: Item, about: str) -> int:
        """Read the items below a bold one, each with what they are about."""
        count = 0
        for inner in item.blocks:
            if isinstance(inner, Item):
                found = self.codes(inner.head) + self.blocks(inner.blocks)
                count += found
                if not found:
                    self.person(inner.head.line, f"{about}: {_human(inner.head.text)}")
        return count

    def codes(self, text: Text) -> int:
        """Place the commands that stand in a sentence."""
        found = [command for code in text.codes for command in commands_in(code)]
        title = _around_code(text.text) if len(found) == 1 else ""
        return sum(self.command(text.line, command, title) for command in found)

    def table(self, table: Table) -> int:
        """Place the commands that stand in the cells of a table, each under the first cell of its row."""
        count = 0
        for line, cells in table.rows:
            found = [command for cell in cells for code in cell.codes for command in commands_in(code)]
            for command in found:
                count += self.command(line, command, sentence(cells[0].text))
            if not found:
                self.draft.leave_out(line, " | ".join(cell.text for cell in cells), "no table of a kind that is known")
        return count

    def code(self, code: Code, about: str) -> int:
        """Place what a block of code holds."""
        pieces = pieces_of(code)
        if pieces is None:
            language = f"it is {code.language}" if code.language else "it is text"
            self.draft.leave_out(code.line, code.content, f"{language}, and holds no command line")
            return 0
        return self.pieces(list(pieces), about)

    def pieces(self, pieces: list[Piece], about: str) -> int:
        """Place the pieces of a block of code, each with the remark above it; return how much was placed."""
        above = Above(about)
        for piece in [*pieces, Gap(0)]:
            match piece:
                case Remark() | Gap():
                    if above.is_left_over:
                        self.remark(above.line, above.remark, above.count)
                    above.begin(piece)
                    if is_label(above.remark):
                        self.phase = phase_of(above.remark)
                        above.remark = ""
                case Point(line, text):
                    self.point(line, text, above.next(""))
                case Command(line, text, remark):
                    self.command(line, text, above.next(remark))
                case Setting() | Skipped():
                    self.aside(piece)
        return above.count

    def aside(self, piece: Setting | Skipped) -> None:
        """Note the value of a variable, or what cannot be placed."""
        if isinstance(piece, Setting):
            self.procedure.settings[piece.name.lower().replace("_", "-")] = piece.value
        else:
            self.draft.leave_out(piece.line, piece.text, piece.why)

    def remark(self, line: int, text: str, count: int) -> None:
        """Place a remark below which there is no command: an afterthought, or a step for a person."""
        if self.last and (_AFTERTHOUGHT.match(text) or text.startswith("-") or (count and text.endswith("."))):
            self.last.notes += (sentence(text).rstrip(".") + ".",)
        elif len(text.split()) > 1:
            self.person(line, _human(text))
        else:
            self.draft.leave_out(line, text, "it is a word without a command")

    def point(self, line: int, text: str, about: str) -> None:
        """Place a point of a list in code."""
        if self.phase == "symptoms":
            self.procedure.symptoms.append(plain(text))
        else:
            self.person(line, f"{about}: {_human(text)}" if about else _human(text))

    def command(self, line: int, text: str, title: str) -> int:
        """Place a command line; one that cannot be carried out becomes a step for a person. Returns 1."""
        try:
            adapted = adapt(text, KNOWN, title)
        except LineRefused as refused:
            self.refused(line, text, title, refused)
        else:
            self.last = _step(line, text, title, adapted)
            self.procedure.add(self.last, self.phase)
        return 1

    def refused(self, line: int, text: str, title: str, refused: LineRefused) -> None:
        """Leave a line that can never be carried out to a person, if it is a command at all."""
        self.draft.leave_out(line, text, f"{refused.reason}; {refused.instead}")
        if commands_in(text):
            said = f"{title}: {text}" if title else f"Run by hand: {text}"
            because = f"{refused.reason[:1].upper()}{refused.reason[1:]}."
            self.procedure.add(Step(line, title, human=said, because=because), self.phase)

    def person(self, line: int, text: str) -> None:
        """Add a step for a person."""
        if text:
            self.procedure.add(Step(line, text, human=text), self.phase)


def read_section(section: Section, draft: Draft) -> Procedure:
    """Return what stands below a heading as a procedure; what cannot be placed is noted in the draft."""
    procedure = Procedure(section.line, section.path)
    _Reader(draft, procedure).blocks(section.blocks)
    procedure.settle()
    return procedure


def _step(line: int, text: str, title: str, adapted: Adapted) -> Step:
    words = title or shortened(adapted.line.text)
    return Step(line, words, command=adapted.line, notes=tuple(clauses(adapted, text)))


def _around_code(text: str) -> str:
    """Return a sentence without the command in it: what is done, as people say it."""
    shown = re.sub(r"\(\s*\)", "", re.sub(r"\s*`[^`]*`", "", text))
    return sentence(
        re.sub(r"[\s:,]*\b(?:with|by|using|via|run|running)\s*[.:]?\s*$", "", shown.strip(), flags=re.IGNORECASE)
    )


def _human(text: str) -> str:
    return sentence(text.replace("**", ""))
