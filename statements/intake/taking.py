"""What was decided about a document is saved: a statement, its text, its file."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from kptracker.lib.documents.reading import Reading
from kptracker.lib.models import OldSlug
from kptracker.lib.personal_data import Found, pattern_of, places_of
from kptracker.lib.publishing import State
from kptracker.lib.writing import in_one_go

from .. import actions
from ..guarding import find_in, hidden_names
from ..models import (
    Clearance,
    MediaType,
    Organisation,
    Original,
    Person,
    Role,
    Statement,
    StatementSpeaker,
    Text,
)
from ..models.statements import as_held
from ..redacting import Removal
from .held import Held, already_in

#: Says in a sentence what else came of a text that was taken in; '' for nothing.
Teller = Callable[[Text], str]
_tellers: list[Teller] = []


def tell_also(teller: Teller) -> None:
    """Have ``teller`` say what came of each text that is taken in, in another room."""
    if teller not in _tellers:
        _tellers.append(teller)


@dataclass(frozen=True)
class Document:
    """The file that a statement comes in: what it was called, its bytes and its kind."""

    name: str
    content: bytes
    media_type: str

    @property
    def sha256(self) -> str:
        """The hash by which the same file is known again."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class Spoken:
    """Somebody who spoke a statement, in which function, under which name."""

    person: Person
    role: Role | None = None
    name_as_given: str = ""


@dataclass
class TakenIn:
    """What came of a document."""

    statement: Statement
    text: Text
    #: Whether the statement is new: a draft.
    created: bool
    original: Original | None = None
    #: How many places with personal data were left out, and what the removals leave to be done.
    left_out: int = 0
    removals: list[Removal] = field(default_factory=list)
    #: Sentences for whoever took it in.
    notes: list[str] = field(default_factory=list)


class AlreadyInError(ValidationError):
    """The document is in the record already; ``held`` says where."""

    def __init__(self, held: Sequence[Held]) -> None:
        self.held = list(held)
        names = "; ".join(f"{one.statement} ({one.reason})" for one in self.held)
        super().__init__(_("It is in the record already: %(where)s.") % {"where": names})


def media_type_of(reading: Reading) -> str:
    """Return the kind of file under which the original is kept; '' for text that was pasted."""
    if reading.kind == "pasted":
        return ""
    return str(MediaType.TEXT) if reading.kind == "txt" else reading.kind


def personal_data_in(body: str, statement: Statement | None = None) -> list[Found]:
    """Return the personal data in a text that nobody cleared for its statement, each once.

    Names of people who are not to be named are among them.
    """
    cleared: set[str] = set()
    if statement is not None:
        rows = Clearance.objects.filter(table=statement._meta.label_lower, row_id=statement.pk)
        cleared = set(rows.values_list("words", flat=True))
    first: dict[str, Found] = {}
    for one in find_in(Text(body=body), hidden_names(), only=["body"]):
        if one.found.words not in cleared:
            first.setdefault(one.found.words, one.found)
    return list(first.values())


@transaction.atomic
def take_in(
    body: str,
    *,
    by: Any,
    language: str,
    text_kind: str = "verbatim",
    statement: Statement | None = None,
    values: Mapping[str, Any] | None = None,
    issuers: Sequence[Organisation] = (),
    speakers: Iterable[Spoken] = (),
    document: Document | None = None,
    may_be_published: Mapping[str, str] | None = None,
    leave_out: Iterable[Found] = (),
    but: Statement | None = None,
) -> TakenIn:
    """Save a text as one of a statement of the record, or of a new draft, with its file.

    Args:
        body: the cleaned text, as the editor left it.
        by: the user; None for a command.
        language: its language; ``text_kind``: verbatim, excerpt or summary.
        statement: the statement of the record that it belongs to; None makes a draft of
            ``values`` (fields of a statement), ``issuers`` and ``speakers``. A statement that
            is there keeps what it says; its empty language and document are filled in.
        document: the file; None for text that was pasted.
        may_be_published: words that look personal and may stay, each with the reason.
        leave_out: personal data that are removed from the text at once; the file, which holds
            them too, is then not kept.
        but: the statement made of another part of the same file.

    Raises:
        AlreadyInError: the file or its words are in the record.
        ValidationError: a rule does not hold; ``text`` names what is wrong with the text. In
            either case nothing is saved.

    """
    body = as_held(body)
    if not body.strip():
        raise ValidationError({"text": _("There is no text left.")})
    sha256 = document.sha256 if document else ""
    held = already_in(body, sha256=sha256, target=statement, but=but)
    if held:
        raise AlreadyInError(held)
    leave_out = list(leave_out)
    # The words are followed from here on: passages that wait for this text know it as it came.
    with in_one_go():
        created = statement is None
        if statement is None:
            statement = _new_statement(values or {}, document, text_kind, language, by=by)
            actions.set_issuers(statement, issuers, by=by)
            _save_speakers(statement, speakers, by=by)
        else:
            statement = _known_statement(statement, document, language, by=by)
        _clear(statement, may_be_published or {}, by=by)
        # For the blink of an eye: the removal below takes these back, with the words.
        _clear(statement, {one.words: _("left out of the text") for one in leave_out}, by=by)
        text = _save_text(statement, text_kind, language, body, by=by)
        original = None
        if document is not None:
            original = actions.keep_original(
                statement, document.name, document.content, document.media_type, by=by
            )
    taken = TakenIn(statement, text, created, original, len(leave_out))
    _remove(taken, leave_out, by=by)
    taken.notes = [words for tell in _tellers if (words := tell(taken.text))]
    return taken


def _new_statement(
    values: Mapping[str, Any], document: Document | None, text_kind: str, language: str, *, by: Any
) -> Statement:
    given = {
        "language": language,
        "text_seen": "excerpt" if text_kind == "excerpt" else "full",
        **values,
    }
    row = Statement(**given)
    title = slugify(row.title or row.title_fr)[:80]
    if not (row.title or row.title_fr):
        raise ValidationError({"title": _("Give the title in English or in French.")})
    if row.date is None:
        raise ValidationError({"date": _("Give the date, as much of it as is known.")})
    row.slug = row.slug or _free_slug(f"{row.date}-{title}" if title else str(row.date))
    if document is not None and not row.document:
        row.document = _free_document(document.name)
    return actions.save(row, by=by, why=_("taken in from a document"))


def _free_slug(wanted: str) -> str:
    """Return a slug that no statement has or had."""
    wanted = wanted[:80].strip("-")
    old = OldSlug.objects.filter(table=Statement._meta.label_lower)
    number, slug = 1, wanted
    while Statement.objects.filter(slug=slug).exists() or old.filter(slug=slug).exists():
        number += 1
        slug = f"{wanted}-{number}"
    return slug


def _free_document(name: str) -> str:
    """Return the name of a file where no statement has it yet, else ''."""
    return "" if Statement.objects.filter(document=name).exists() else name


def _known_statement(
    statement: Statement, document: Document | None, language: str, *, by: Any
) -> Statement:
    """Return a statement of the record as it stands now, its empty fields about the text filled."""
    row: Statement = Statement.objects.select_for_update().get(pk=statement.pk)
    if row.state == State.TAKEN_DOWN:
        raise ValidationError({"target": _("It was taken down: publish it again first.")})
    before = row.language, row.document
    row.language = row.language or language
    if document is not None and not row.document:
        row.document = _free_document(document.name)
    if (row.language, row.document) != before:
        actions.save(row, by=by, why=_("its text was taken in from a document"))
    return row


def _save_speakers(statement: Statement, speakers: Iterable[Spoken], *, by: Any) -> None:
    for position, one in enumerate(speakers, start=1):
        row = StatementSpeaker(
            statement=statement,
            person=one.person,
            role=one.role,
            name_as_given=one.name_as_given,
            position=position,
        )
        try:
            actions.save(row, by=by)
        except ValidationError as error:
            raise ValidationError({"speakers": error.messages}) from error


def _clear(statement: Statement, words: Mapping[str, str], *, by: Any) -> None:
    for one, why in words.items():
        known = Clearance.objects.filter(
            table=statement._meta.label_lower, row_id=statement.pk, words=one
        )
        if not known.exists():
            actions.clear(statement, one, by=by, why=why)


def _save_text(statement: Statement, kind: str, language: str, body: str, *, by: Any) -> Text:
    try:
        return actions.save(
            Text(statement=statement, kind=kind, language=language, body=body), by=by
        )
    except ValidationError as error:
        errors = getattr(error, "error_dict", {})
        # What is wrong with the kind or the language of the text is said there.
        named = {name: errors[name] for name in ("language",) if name in errors}
        if named:
            raise ValidationError(named) from error
        raise ValidationError({"text": error.messages}) from error
    except IntegrityError as error:
        raise ValidationError({"text": _("Somebody else entered a text just now.")}) from error


def _remove(taken: TakenIn, leave_out: Sequence[Found], *, by: Any) -> None:
    """Remove personal data from what was just saved, as they are removed anywhere."""
    if not leave_out:
        return
    for one in leave_out:
        pattern = pattern_of([one.words])
        if pattern is None or not places_of(pattern, Text.objects.get(pk=taken.text.pk).body):
            continue  # the same number, written otherwise, went before
        why = _("left out when the text came in")
        taken.removals.append(
            actions.redact(taken.statement, one.words, by=by, why=why, kind=one.kind)
        )
    taken.text.refresh_from_db()
    if taken.original is not None:
        taken.original.refresh_from_db()
