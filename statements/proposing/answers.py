"""What is proposed to an editor: values with their reasons, never decisions."""

from dataclasses import dataclass, field, fields

#: A place in the text: first and last code point, the last not counted.
Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Proposal:
    """One value for one field of a statement.

    ``value`` is what the form takes (a text, a code, a slug, a date as known), ``label`` what
    an editor reads, ``reason`` why it is proposed, ``evidence`` the words of the text that
    show it. ``sure`` says that the document states it; where it is not, an editor must look.
    """

    field: str
    value: str
    label: str
    reason: str
    evidence: Place | None = None
    sure: bool = False


@dataclass(frozen=True, slots=True)
class PersonProposal(Proposal):
    """Somebody whom the text names; ``value`` is the slug, '' for somebody not in the record.

    ``role`` is the reference of the function held at the time, '' where none is known.
    """

    name_as_given: str = ""
    role: str = ""
    role_label: str = ""


@dataclass(frozen=True, slots=True)
class Similar:
    """A statement of the record that seems to be the document, or a version of it.

    ``kind`` is "same_file", "same_text", "near" (its text is much like this one) or
    "described" (title, date and meeting agree). ``has_text`` says whether the record holds
    its words; a described one without them is waiting for this document.
    """

    kind: str
    slug: str
    label: str
    similarity: float
    reason: str
    has_text: bool


@dataclass(frozen=True, slots=True)
class Split:
    """A place at which a second text begins in the same file."""

    at: int
    reason: str


@dataclass(slots=True)
class Proposals:
    """All that is proposed for one document; each list begins with the best, none may be full."""

    title: list[Proposal] = field(default_factory=list)
    title_kind: list[Proposal] = field(default_factory=list)
    kind: list[Proposal] = field(default_factory=list)
    date: list[Proposal] = field(default_factory=list)
    language: list[Proposal] = field(default_factory=list)
    meeting: list[Proposal] = field(default_factory=list)
    place: list[Proposal] = field(default_factory=list)
    issuers: list[Proposal] = field(default_factory=list)
    voice: list[Proposal] = field(default_factory=list)
    speakers: list[PersonProposal] = field(default_factory=list)
    #: Named, thanked or addressed, but not speaking.
    named: list[PersonProposal] = field(default_factory=list)
    #: Seem to speak and are not in the record.
    unknown: list[PersonProposal] = field(default_factory=list)
    delivered: list[Proposal] = field(default_factory=list)
    #: The document, or a text much like it, is in already.
    duplicates: list[Similar] = field(default_factory=list)
    #: Statements without their text that this seems to be.
    waiting: list[Similar] = field(default_factory=list)
    splits: list[Split] = field(default_factory=list)

    def of(self, name: str) -> list[Proposal]:
        """Return what is proposed for a field, best first. Raises KeyError for another name."""
        if name not in FIELDS:
            raise KeyError(name)
        return list(getattr(self, name))

    def first(self, name: str) -> Proposal | None:
        """Return the best proposal for a field, None where nothing was found."""
        return next(iter(self.of(name)), None)

    def all(self) -> list[Proposal]:
        """Return every proposal for every field, in the order of the fields."""
        return [proposal for name in FIELDS for proposal in self.of(name)]


#: The fields for which values are proposed.
FIELDS = tuple(
    entry.name
    for entry in fields(Proposals)
    if entry.name not in ("duplicates", "waiting", "splits")
)
