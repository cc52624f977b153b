"""`manage.py import_documents DIR|FILE...`: many documents become texts of the record."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import IntegrityError, transaction

from kptracker.lib.documents.cleaning import Cleaned, clean, without
from kptracker.lib.documents.kinds import MEDIA_TYPES
from kptracker.lib.documents.reading import LIMITS, DocumentError, Reading, read_document
from kptracker.lib.partial_dates import PartialDate
from kptracker.lib.personal_data import masked
from kptracker.lib.publishing import State
from kptracker.lib.writing import StaleVersionError

from ...intake import Document, Spoken, already_in, media_type_of, personal_data_in, take_in
from ...models import DataKind, Meeting, Organisation, Person, Role, Statement
from ...proposing import Proposal, Proposals, propose
from ...redacting import Removal

#: Files of a folder that are read; others are passed over, since a folder holds all sorts.
ENDINGS = {*(f".{kind}" for kind in MEDIA_TYPES), ".htm", ".md", ".text"}
#: What is shown of a proposal for removal.
SHOWN = 60
#: What a new statement cannot do without.
NEEDED = ("title", "kind", "date", "voice", "language")


class NotTakenError(Exception):
    """A document is not taken in; its text says why and what to do."""


@dataclass
class Outcome:
    """What became of a file: "taken", "already" or "refused", and the lines about it."""

    what: str
    lines: list[str] = field(default_factory=list)
    removals: list[Removal] = field(default_factory=list)


class Command(BaseCommand):
    """
    Take in documents, each wholly or not at all.

    A text goes to the statement of the record that names the file as its document; otherwise
    it becomes a new draft. Nothing is published by this.
    """

    help = (
        "Takes in documents (.txt, .pdf, .docx, .odt, .html): each becomes the text of the "
        "statement that names the file as its document, or of a new draft. What seems not to "
        "belong to a text (logos, page numbers, marks) is listed, and the file waits; with "
        "--accept all of it is removed, and personal data are left out of texts that visitors "
        "read at once. Run again, it passes over what is in already."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "paths", nargs="+", type=Path, metavar="DIR|FILE", help="folders and files to read"
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would be done, and write nothing"
        )
        parser.add_argument(
            "--accept", action="store_true", help="take every proposal for removal that is listed"
        )

    def handle(self, *args: Any, paths: list[Path], **options: Any) -> None:
        files = list(_files(paths))
        if not files:
            raise CommandError("There is no document to read: name files, or a folder with some.")
        counts = {"taken": 0, "already": 0, "refused": 0}
        for number, path in enumerate(files, start=1):
            self._progress(number, len(files), path)
            outcome = _take(path, accept=options["accept"], dry_run=options["dry_run"])
            counts[outcome.what] += 1
            self.stdout.write("\n".join([f"{path.name}", *(f"  {one}" for one in outcome.lines)]))
        would = "would be " if options["dry_run"] else ""
        self.stdout.write(
            f"\n{counts['taken']} {would}taken in, {counts['already']} in already, "
            f"{counts['refused']} not taken in."
        )
        if options["dry_run"]:
            self.stdout.write("This was a trial: nothing was written.")
        if counts["refused"]:
            raise CommandError("Not every document was taken in: the lines above say why.")

    def _progress(self, number: int, total: int, path: Path) -> None:
        self.stderr.write(f"Reading {number} of {total}: {path.name}")


def _files(paths: Iterable[Path]) -> Iterable[Path]:
    """Yield the files that are meant, those of a folder by name. Raises CommandError."""
    for path in paths:
        if path.is_dir():
            inside = (one for one in sorted(path.iterdir()) if one.is_file())
            yield from (one for one in inside if one.suffix.lower() in ENDINGS)
        elif path.exists():
            yield path
        else:
            raise CommandError(f"There is no file or folder {path}.")


def _take(path: Path, *, accept: bool, dry_run: bool) -> Outcome:
    outcome = Outcome("refused")
    try:
        with transaction.atomic():
            _take_in(path, outcome, accept=accept, dry_run=dry_run)
            if dry_run:
                transaction.set_rollback(True)
        for removal in outcome.removals:
            outcome.lines += [f"the same words stand in: {one}" for one in removal.elsewhere]
            # Known only when all is committed.
            outcome.lines += removal.notes
    except (NotTakenError, DocumentError) as error:
        outcome.what = "refused"
        outcome.lines.append(f"NOT TAKEN IN: {error}")
    except ValidationError as error:
        outcome.what = "refused"
        outcome.lines += [f"NOT TAKEN IN: {one}" for one in _messages(error)]
    except (StaleVersionError, IntegrityError, OSError) as error:
        outcome.what = "refused"
        outcome.lines.append(f"NOT TAKEN IN: {error}")
    return outcome


def _messages(error: ValidationError) -> list[str]:
    by_field = getattr(error, "message_dict", None)
    if by_field is None:
        return error.messages
    return [
        one if name in ("text", "__all__") else f"{name}: {one}"
        for name, messages in by_field.items()
        for one in messages
    ]


def _take_in(path: Path, outcome: Outcome, *, accept: bool, dry_run: bool) -> None:
    """Take one document in, noting in ``outcome`` what is found and what was done."""
    lines = outcome.lines
    size = path.stat().st_size
    if size > LIMITS.content_bytes:
        # Refused unread: read_document says why, and need not see all of it for that.
        content = path.open("rb").read(LIMITS.content_bytes + 1)
    else:
        content = path.read_bytes()
    reading = read_document(path.name, content)
    cleaned = clean(reading.text)
    # What passages of the record are counted in: the cleaned text without all that is proposed.
    text = without(cleaned, range(len(cleaned.residue)))
    held = already_in(text, sha256=reading.sha256)
    if held:
        lines += [f"already in: {one.statement.slug} ({one.reason})" for one in held]
        outcome.what = "already"
        return
    found = propose(text, name=reading.name, sha256=reading.sha256)
    target = Statement.objects.filter(document=reading.name).first()
    _tell_reading(reading, cleaned, lines, accept=accept)
    _tell_proposals(found, target, lines)
    personal = personal_data_in(text, target)
    public = target is not None and target.state == State.PUBLISHED
    for one in personal:
        lines[:] = [line.replace(one.words, masked(one.words)) for line in lines]
        kind = DataKind(one.kind).label
        lines.append(f"personal data: {kind} {masked(one.words)}")
    if cleaned.residue and not accept:
        raise NotTakenError(
            "look at what is proposed for removal, and run again with --accept to have all of "
            "it removed; or take the document in by the admin, and choose there."
        )
    if personal and public and not accept:
        raise NotTakenError(
            "its statement is public, so visitors would read the personal data at once. Run "
            "again with --accept to leave them out, or decide on each in the admin."
        )
    if target is None:
        _check_draft(found)
    language = (target.language if target else "") or _value(found, "language")
    if not language:
        raise NotTakenError("its language cannot be told: take it in by the admin.")
    document = Document(reading.name, content, media_type_of(reading))
    taken = take_in(
        text,
        by=None,
        language=_value(found, "language") or language,
        statement=target,
        values=None if target else _values(found),
        issuers=[] if target else _issuers(found),
        speakers=[] if target else _speakers(found),
        # A trial leaves no file behind.
        document=None if dry_run else document,
        leave_out=personal if public else [],
    )
    if taken.created:
        lines.append(f"-> new draft: {taken.statement.slug}")
    else:
        lines.append(f"-> text of: {taken.statement.slug}")
    if taken.left_out:
        lines.append(
            f"personal data left out of the public text: {taken.left_out} (the file is not kept)"
        )
    elif personal:
        lines.append("the personal data keep the draft from being published until decided on")
    lines += taken.notes
    outcome.what, outcome.removals = "taken", taken.removals


def _tell_reading(reading: Reading, cleaned: Cleaned, lines: list[str], *, accept: bool) -> None:
    encoding = f", {reading.encoding}" if reading.encoding else ""
    lines.append(f"read: {reading.kind}{encoding}, {len(cleaned.text)} signs")
    lines += [f"note: {one}" for one in reading.notes]
    lines += [f"mended: {one.words}" for one in cleaned.notes]
    did = "removed" if accept else "proposed for removal"
    for one in cleaned.residue:
        words = " ".join(one.text.split())
        shown = words if len(words) <= SHOWN else words[:SHOWN] + "…"
        lines.append(f"{did}: {one.reason.label}" + (f": “{shown}”" if shown else ""))


def _tell_proposals(found: Proposals, target: Statement | None, lines: list[str]) -> None:
    for name in ("title", "kind", "date", "language", "meeting", "place", "voice", "delivered"):
        if best := found.first(name):
            lines.append(f"{name}: {_shown(best)} ({best.reason})")
    for name in ("issuers", "speakers", "named", "unknown"):
        if proposals := found.of(name):
            lines.append(
                f"{name}: " + "; ".join(f"{one.label} ({one.reason})" for one in proposals)
            )
    for cut in found.splits:
        lines.append(
            f"two texts in one file? At sign {cut.at}: {cut.reason}. Kept as one; the admin can "
            "split it."
        )
    if target is not None:
        lines.append(f"belongs to: {target.slug} (it names this file as its document)")
        return
    for one in found.waiting:
        lines.append(f"perhaps of: {one.slug}, {one.similarity:.0%} ({one.reason})")
    for one in found.duplicates:
        lines.append(f"much like: {one.slug}, {one.similarity:.0%} ({one.reason})")


def _shown(proposal: Proposal) -> str:
    label = " ".join(proposal.label.split())
    return label if proposal.value in ("", label) else f"{label} [{proposal.value}]"


def _value(found: Proposals, name: str) -> str:
    best = found.first(name)
    return best.value if best else ""


def _check_draft(found: Proposals) -> None:
    """Refuse what cannot be entered without somebody's decision. Raises NotTakenError."""
    like = [one.slug for one in found.duplicates if one.kind == "near"]
    if like:
        raise NotTakenError(
            f"the record has a text much like it ({', '.join(like)}). If it is another one, take "
            "it in by the admin."
        )
    missing = [name for name in NEEDED if not _value(found, name)]
    if missing:
        raise NotTakenError(
            f"the document does not show its {', '.join(missing)}, and nothing is made up: take "
            "it in by the admin."
        )


def _values(found: Proposals) -> dict[str, Any]:
    title = "title_fr" if _value(found, "language") == "fr" else "title"
    values: dict[str, Any] = {
        name: _value(found, name) for name in ("kind", "voice", "place", "title_kind", "delivered")
    }
    values = {name: value for name, value in values.items() if value}
    return values | {
        title: _value(found, "title"),
        "date": PartialDate.parse(_value(found, "date")),
        "meeting": Meeting.objects.filter(slug=_value(found, "meeting")).first(),
    }


def _issuers(found: Proposals) -> list[Organisation]:
    rows = {
        one.slug: one
        for one in Organisation.objects.filter(slug__in=[one.value for one in found.issuers])
    }
    return [rows[one.value] for one in found.issuers if one.value in rows]


def _speakers(found: Proposals) -> list[Spoken]:
    people = {
        one.slug: one
        for one in Person.objects.filter(slug__in=[one.value for one in found.speakers])
    }
    roles = {
        one.reference: one
        for one in Role.objects.filter(reference__in=[one.role for one in found.speakers])
    }
    return [
        Spoken(people[one.value], roles.get(one.role), one.name_as_given)
        for one in found.speakers
        if one.value in people
    ]
