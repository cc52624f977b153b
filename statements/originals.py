"""Original files: taken in under a random name, found again by their hash, cleared away."""

import hashlib
import re
import time
import unicodedata
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kptracker.lib.publishing import State
from kptracker.lib.writing import delete, write

from .models import MediaType, Original, Statement
from .models.originals import originals_storage

LONGEST_NAME = 200
#: A file that no row names is left alone for so long: it may belong to a row not yet committed.
HOUR = 3600


def clean_name(name: str) -> str:
    """Return the base name of a file as it came, without folders and signs nobody sees."""
    bare = PurePosixPath(PureWindowsPath(name).as_posix()).name
    bare = unicodedata.normalize("NFC", bare)
    bare = "".join(sign for sign in bare if unicodedata.category(sign)[0] != "C")
    bare = re.sub(r"\s+", " ", bare).strip(" .")
    return bare[-LONGEST_NAME:] or "document"


def originals_with(sha256: str) -> QuerySet:
    """Return the original files with this hash, also those that were deleted."""
    return Original.objects.filter(sha256=sha256).select_related("statement")


@transaction.atomic
def keep_original(
    statement: Statement, name: str, content: bytes, media_type: str, *, by: Any
) -> Original:
    """Keep the file that a statement came in, as it is; return its row.

    ``name`` is what it was called, ``media_type`` one of text, pdf, docx, odt, html. A file
    that the statement has already is kept once. Raises ValidationError for an empty file, an
    unknown kind, and a file that was deleted because personal data were removed from it.
    """
    if media_type not in MediaType.values:
        raise ValidationError({"media_type": _("This kind of file is not taken in.")})
    if not content:
        raise ValidationError({"file": _("The file is empty.")})
    sha256 = hashlib.sha256(content).hexdigest()
    known = originals_with(sha256)
    if known.filter(removed_at__isnull=False).exists():
        raise ValidationError(
            {
                "file": _(
                    "This file was deleted here because it holds personal data: it is not taken "
                    "in again. Take those words out of a copy, or enter its text alone."
                )
            }
        )
    if row := known.filter(statement=statement).first():
        return row
    row = Original(
        statement=statement,
        name=clean_name(name),
        sha256=sha256,
        size=len(content),
        media_type=media_type,
    )
    row.file.save("", ContentFile(content), save=False)
    try:
        write(row, by=by)
    except BaseException:
        originals_storage().delete(str(row.file))
        raise
    # Where the whole is undone later, the file stays behind: the next one that is kept finds it.
    transaction.on_commit(sweep)
    return row


@transaction.atomic
def offer_original(original: Original, offered: bool, *, by: Any) -> Original:
    """Offer the file to visitors, or no longer. Raises ValidationError for a deleted one."""
    original.offered = offered
    return write(original, by=by, why=_("offered to visitors") if offered else _("not offered"))


@transaction.atomic
def drop_original(original: Original, *, by: Any, why: str = "") -> None:
    """Delete the file of a statement that was never public, as when it came in by mistake.

    Raises ValidationError for one that was: its file is part of what was published.
    """
    if original.statement.state in (State.PUBLISHED, State.TAKEN_DOWN):
        raise ValidationError(_("The statement has been public: its original file stays."))
    name = str(original.file)
    delete(original, by=by, why=why)
    if name:
        transaction.on_commit(lambda: originals_storage().delete(name))


def sweep(older_than: float = HOUR) -> int:
    """Delete files that no row names, left by what was undone; return how many."""
    folder = Path(originals_storage().path(""))
    if not folder.is_dir():
        return 0
    limit = time.time() - older_than
    stray = {path.name: path for path in folder.iterdir() if path.stat().st_mtime < limit}
    for name in Original.objects.exclude(file="").values_list("file", flat=True):
        stray.pop(name, None)
    for path in stray.values():
        path.unlink(missing_ok=True)
    return len(stray)
