"""Whether a document is in the record already: the same file, or the same words."""

from dataclasses import dataclass

from django.db.models.functions import Substr
from django.utils.translation import gettext as _

from kptracker.lib.documents.normal import normal_hash, normalise

from ..models import Original, Statement, Text

#: So many signs at the beginning of a text tell whether its words must be compared.
PROBE = 200


@dataclass(frozen=True, slots=True)
class Held:
    """A statement that has the document already, and how one knows."""

    statement: Statement
    reason: str
    #: The file is there; whether its words are, is not said.
    by_file: bool = False


def already_in(
    body: str,
    *,
    sha256: str = "",
    target: Statement | None = None,
    but: Statement | None = None,
) -> list[Held]:
    """Return the statements that hold this file, or a text with the same words.

    ``sha256`` is the hash of the file, '' where there is none. White space does not count. A
    summary in our words is no copy of anything. ``target`` is the statement for which the
    document is meant: it may have the file already, if not its words. ``but`` is a statement
    made of another part of the same file: it does not count.
    """
    found: dict[int, Held] = {}
    for one in _with_file(sha256) if sha256 else ():
        found.setdefault(one.statement.pk, one)
    for one in _with_words(body):
        found[one.statement.pk] = one
    if target is not None and target.pk in found and found[target.pk].by_file:
        del found[target.pk]
    if but is not None:
        found.pop(but.pk, None)
    return list(found.values())


def _with_file(sha256: str) -> list[Held]:
    originals = Original.objects.filter(sha256=sha256).select_related("statement").order_by("pk")
    found = [
        Held(
            one.statement,
            _("the same file is in already")
            if one.is_there
            else _("the same file was in and was deleted, because it holds personal data"),
            by_file=one.is_there,
        )
        for one in originals
    ]
    for statement in Statement.objects.filter(file_sha256=sha256):
        found.append(Held(statement, _("the same file is in already"), by_file=True))
    return found


def _with_words(body: str) -> list[Held]:
    begins = normalise(body[: 2 * PROBE])[: PROBE // 2]
    texts = Text.objects.exclude(kind="summary").annotate(begins=Substr("body", 1, 2 * PROBE))
    likely = [
        pk
        for pk, begin in texts.values_list("pk", "begins")
        if normalise(begin)[: PROBE // 2] == begins
    ]
    wanted = normal_hash(body)
    return [
        Held(text.statement, _("its text is this one, word for word"))
        for text in Text.objects.filter(pk__in=likely).select_related("statement").order_by("pk")
        if normal_hash(text.body) == wanted
    ]
