"""A document as an editor sees it: the text, what may go from it, and what is proposed."""

import hashlib
import re
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cached_property

from django.utils.text import Truncator

from kptracker.lib.documents.cleaning import Cleaned, clean
from kptracker.lib.documents.residue import Reason, Residue, find_residue
from kptracker.lib.documents.sentences import reading_notes
from kptracker.lib.folding import fold
from kptracker.lib.personal_data import Found

from ..models import Intake, MediaType, Statement
from ..models.statements import as_held
from ..proposing import Proposals, Similar, propose
from .held import Held, already_in
from .removing import apply, keyed, running_lines, sure_of
from .taking import personal_data_in

#: A statement that is so alike is chosen beforehand, 1 being one that names the very file.
SURE = 0.9
#: So many signs tell where a second text begins.
SHOWN = 120


@dataclass(frozen=True, slots=True)
class Removal:
    """A proposal for removal: its name in the form, what it is, and whether it is ticked."""

    key: str
    residue: Residue
    ticked: bool
    #: The words as the page shows them; a tear with the words on both its sides.
    words: str


@dataclass(frozen=True, slots=True)
class Cut:
    """A place at which a second text may begin: its name in the form, why, and its first words."""

    key: str
    at: int
    reason: str
    begins: str


@dataclass
class Screen:
    """One look at a document on its way in.

    ``text`` is what stands in the box, ``ticked`` the names of the proposals for removal that
    are to be applied; None ticks those that are sure. Everything else follows from the two.
    """

    intake: Intake
    text: str | None = None
    ticked: Collection[str] | None = None
    cleaned: Cleaned = field(init=False)

    def __post_init__(self) -> None:
        self.cleaned = clean(self.intake.text)
        self.text = as_held(self.cleaned.text if self.text is None else self.text)

    @cached_property
    def running(self) -> set[str]:
        """What the pages of the document repeat."""
        return running_lines(self.cleaned.residue)

    @cached_property
    def removals(self) -> list[Removal]:
        """What is proposed for removal from the text as it stands in the box."""
        paged = self.intake.media_type == MediaType.PDF
        return [
            Removal(
                key,
                one,
                sure_of(one, paged=paged) if self.ticked is None else key in self.ticked,
                _shown(self.text or "", one),
            )
            for key, one in keyed(find_residue(self.text or "", self.running))
        ]

    @cached_property
    def result(self) -> str:
        """The text without what is ticked: what would be saved."""
        keys = {one.key for one in self.removals if one.ticked}
        return as_held(apply(self.text or "", keys, running=self.running))

    @property
    def notes(self) -> list[str]:
        """What was left out while the document was read, and what was mended."""
        return reading_notes(self.intake.found) + [one.words for one in self.cleaned.notes]

    @cached_property
    def proposals(self) -> Proposals:
        """What the document seems to be."""
        return propose(self.result, name=self.intake.name, sha256=self.intake.sha256)

    @cached_property
    def cuts(self) -> list[Cut]:
        """The places at which a second text may begin."""
        return [
            Cut(_key_of_line(self.result, one.at), one.at, one.reason, _begin(self.result, one.at))
            for one in self.proposals.splits
        ]

    @cached_property
    def held(self) -> list[Held]:
        """The statements that have the document already."""
        return self.held_but_by(None)

    def held_but_by(self, target: Statement | None) -> list[Held]:
        """Return the statements that have it already; ``target`` may have the bare file."""
        sha256 = self.intake.sha256
        return already_in(self.result, sha256=sha256, target=target, but=self.intake.after)

    @cached_property
    def alike(self) -> list[Similar]:
        """Statements whose text is much like this one."""
        own = self.intake.after.slug if self.intake.after else ""
        return [one for one in self.proposals.duplicates if one.kind == "near" and one.slug != own]

    @cached_property
    def candidates(self) -> list[Similar]:
        """The statements of the record to which the text may belong, the likeliest first."""
        own = self.intake.after.slug if self.intake.after else ""
        found = [*self.proposals.waiting, *self.proposals.duplicates]
        return [one for one in found if one.slug != own]

    @property
    def likeliest(self) -> str:
        """The slug of the statement that it surely belongs to, '' where none is sure."""
        first = next(iter(self.candidates), None)
        sure = first is not None and not first.has_text and first.similarity >= SURE
        return first.slug if first is not None and sure and self.intake.after is None else ""

    @cached_property
    def personal(self) -> list[tuple[str, Found]]:
        """Personal data in the text, each with its name in the form."""
        return [
            (hashlib.sha256(one.words.encode("utf-8", "replace")).hexdigest()[:12], one)
            for one in personal_data_in(self.result)
        ]


def _shown(text: str, one: Residue) -> str:
    if one.reason != Reason.TORN:
        words = " / ".join(line.strip() for line in one.text.split("\n") if line.strip())
        return Truncator(words).chars(SHOWN)
    before, after = text[max(0, one.start - 30) : one.start], text[one.end : one.end + 30]
    between = " ".join(one.text.split())
    return f"…{before} ¶ {between + ' ¶ ' if between else ''}{after}…"


def _begin(text: str, at: int) -> str:
    words = " ".join(text[at : at + 4 * SHOWN].split())
    return words if len(words) <= SHOWN else words[:SHOWN].rsplit(" ", 1)[0] + " …"


def _key_of_line(text: str, at: int) -> str:
    """Return a name for a place that stays while marks around its words are removed."""
    letters = re.sub(r"\W+", "", fold(text[at : at + SHOWN].split("\n")[0]))[:60]
    return hashlib.sha256(letters.encode("utf-8", "replace")).hexdigest()[:12]
