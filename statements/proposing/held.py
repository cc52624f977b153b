"""Whether the document is in the record already: the same file, a like text, or a statement
that waits for its text.
"""

import re
from collections.abc import Iterable

from django.db.models.functions import Substr
from django.utils.translation import gettext as _
from rapidfuzz import fuzz, process

from kptracker.lib.folding import fold
from kptracker.lib.partial_dates import PartialDate

from ..models import Original, Text
from ..models.statements import as_held, text_hash
from .answers import Similar
from .dating import overlap
from .known import Known, KnownStatement, listed, named
from .papers import WORD, Paper, plain

#: From how alike on, of 1, a text or a description is told of.
LIKE_TEXT, LIKE_DESCRIPTION, LIKE_TITLE = 0.6, 0.62, 0.75
#: What part of the rows of words two texts must share for all their words to be compared.
LIKE_ROWS = 0.3
#: How many texts are compared word by word, and how many statements are told of.
MOST_COMPARED, MOST_TOLD = 20, 5
#: Probes are taken of each text: where they begin, counted from 1, and how long they are. Near
#: the beginning, because a database reads a long text from its start.
_PROBES = ((1, 200), (1601, 300))
#: So many words in a row of a probe must stand in the text for the two to be compared.
_PROBED_ROW = 5
#: So many words in a row are compared as one.
_ROW = 4


def find_held(
    paper: Paper,
    known: Known,
    *,
    name: str,
    sha256: str,
    titles: Iterable[str],
    date: PartialDate | None,
    meeting: str,
    kind: str,
    voice: str,
    language: str,
) -> tuple[list[Similar], list[Similar]]:
    """Return what is in already, and the statements that wait for this text, most alike first.

    The other arguments are what was proposed for the document: '' or None where nothing was.
    """
    statements = {one.pk: one for one in known.statements}
    found: dict[int, Similar] = {}
    for pk, similar in _same_file(statements, sha256):
        found.setdefault(pk, similar)
    for pk, similar in _like_texts(paper, statements):
        found.setdefault(pk, similar)
    meetings = {one.slug: one.pk for one in known.meetings} if meeting else {}
    described = _described(
        statements.values(),
        name=name,
        titles=[title for title in titles if title],
        date=date,
        meeting=meetings.get(meeting),
        kind=kind,
        voice=voice,
        language=language,
    )
    for pk, similar in described:
        found.setdefault(pk, similar)
    order = sorted(found.values(), key=lambda one: (-one.similarity, one.slug))
    held = [one for one in order if one.has_text or one.kind == "same_file"]
    waiting = [one for one in order if not one.has_text and one.kind != "same_file"]
    return held[:MOST_TOLD], waiting[:MOST_TOLD]


def _same_file(statements: dict[int, KnownStatement], sha256: str) -> Iterable[tuple[int, Similar]]:
    """Find the file by its hash, among the originals and the files of statements."""
    if not sha256:
        return
    for row in statements.values():
        if row.file_sha256 == sha256:
            yield row.pk, _similar("same_file", row, 1.0, _("the same file is in already"))
    originals = Original.objects.filter(sha256=sha256).order_by("pk")
    for pk, removed_at in originals.values_list("statement_id", "removed_at"):
        if pk in statements:
            reason = (
                _("the same file was in and was deleted, because it holds personal data")
                if removed_at
                else _("the same file is in already")
            )
            yield pk, _similar("same_file", statements[pk], 1.0, reason)


def _similar(kind: str, row: KnownStatement, similarity: float, reason: str) -> Similar:
    has_text = row.has_text or kind in ("same_text", "near")
    return Similar(kind, row.slug, row.label, round(similarity, 3), reason, has_text)


# --- By the text -------------------------------------------------------------------------


def _even(text: str) -> str:
    """Return a text in plain letters with single spaces: for comparing words in a row."""
    return " ".join(WORD.findall(plain(text)))


def _like_texts(
    paper: Paper, statements: dict[int, KnownStatement]
) -> Iterable[tuple[int, Similar]]:
    """Find texts of the record that are this one, or share most of its words in a row.

    Each text of the record is probed at a few places: those of which some words in a row stand
    in this text are read whole and compared. A summary is in our words and proves nothing.
    """
    hashes = {text_hash(as_held(paper.text)), text_hash(as_held(paper.text.strip()))}
    words = [word.plain for word in paper.words]
    own = {" ".join(row) for row in _in_rows(words, _PROBED_ROW)}
    probes = {f"probe{start}": Substr("body", start, long) for start, long in _PROBES}
    rows = (
        Text.objects.exclude(kind="summary")
        .annotate(**probes)
        .order_by("pk")
        .values_list("pk", "statement_id", "sha256", *probes)
    )
    to_compare: list[tuple[int, int, int]] = []
    for pk, statement, sha256, *stretches in rows:
        if statement not in statements:
            continue
        if sha256 in hashes:
            reason = _("its text is this one, word for word")
            yield statement, _similar("same_text", statements[statement], 1.0, reason)
            continue
        shared = sum(_stands_in(stretch, own) for stretch in stretches)
        if shared:
            to_compare.append((-shared, pk, statement))
    to_compare.sort()
    yield from _compared(words, to_compare[:MOST_COMPARED], statements)


def _in_rows(words: list[str], size: int) -> Iterable[list[str]]:
    """Return the words in overlapping rows; all of them as one row where they are fewer."""
    last = max(1, len(words) - size + 1) if words else 0
    return (words[at : at + size] for at in range(last))


def _stands_in(stretch: str, rows: set[str]) -> int:
    """Count the rows of words of a stretch that stand in a text."""
    # The first and the last word may be cut; every third row is enough to go by.
    words = WORD.findall(plain(stretch))[1:-1]
    starts = range(0, len(words) - _PROBED_ROW + 1, 3)
    return sum(" ".join(words[at : at + _PROBED_ROW]) in rows for at in starts)


def _rows_of(words: list[str]) -> set[int]:
    return {hash(tuple(row)) for row in _in_rows(words, _ROW)}


def _compared(
    words: list[str], to_compare: list[tuple[int, int, int]], statements: dict[int, KnownStatement]
) -> Iterable[tuple[int, Similar]]:
    if not to_compare:
        return
    own = _rows_of(words)
    by_text = {pk: statement for _shared, pk, statement in to_compare}
    likes = []
    for pk, body in Text.objects.filter(pk__in=by_text).order_by("pk").values_list("pk", "body"):
        theirs = WORD.findall(plain(body))
        other = _rows_of(theirs)
        contained = len(own & other) / max(1, min(len(own), len(other)))
        if contained < LIKE_ROWS:
            continue  # the same phrases, and another text
        alike = fuzz.ratio(words, theirs) / 100
        percent = {"percent": round((alike if alike >= LIKE_TEXT else contained) * 100)}
        if alike >= LIKE_TEXT:
            likes.append((alike, pk, _("%(percent)d %% of the words agree, in order") % percent))
        elif contained >= LIKE_TEXT:
            reason = _("%(percent)d %% of the shorter text stands in the longer one") % percent
            likes.append((contained * 0.95, pk, reason))
    for similarity, pk, reason in sorted(likes, reverse=True):
        row = statements[by_text[pk]]
        yield row.pk, _similar("near", row, similarity, reason)


# --- By what is known of it --------------------------------------------------------------


def _described(
    statements: Iterable[KnownStatement],
    *,
    name: str,
    titles: list[str],
    date: PartialDate | None,
    meeting: int | None,
    kind: str,
    voice: str,
    language: str,
) -> list[tuple[int, Similar]]:
    """Find statements whose document, title, date and meeting are those of this paper."""
    rows = list(statements)
    alike = _titles_alike(rows, titles)
    document = re.split(r"[\\/]", name)[-1]
    found = []
    for row in rows:
        if document and row.document == document:
            reason = _("it names this file as its document")
            found.append((row.pk, _similar("described", row, 1.0, reason)))
            continue
        by_title = alike.get(row.pk, 0.0)
        by_date = _dates_alike(row.date, date)
        same_meeting = meeting is not None and row.meeting == meeting
        same_kind = bool(kind) and row.kind == kind
        same_voice = not voice or row.voice == voice
        other_language = bool(language and row.language and row.language != language)
        # A title by us says little about the words of the document.
        untitled = row.title_kind == "descriptive" or not titles
        same = by_date >= 0.8 and same_meeting and same_kind and same_voice
        if by_title < LIKE_TITLE and not (untitled and same):
            continue
        points = (
            (0.35 if untitled and by_title < LIKE_TITLE else 0.55 * by_title)
            + 0.25 * by_date
            + 0.1 * same_meeting
            + 0.1 * same_kind
            - (0.15 if other_language else 0)
            - (0.1 if kind and not same_kind else 0)
        )
        if by_date == 0 and date is not None:
            points -= 0.2
        if points < LIKE_DESCRIPTION:
            continue
        reason = listed(
            [
                _("the title is much alike") if by_title >= LIKE_TITLE else "",
                _("the same date, as far as it is known") if by_date >= 0.8 else "",
                _("the same meeting") if same_meeting else "",
                _("the same kind") if same_kind else "",
                _("in another language (%(language)s): a translation?")
                % {"language": named("language", row.language)}
                if other_language
                else "",
            ]
        )
        found.append((row.pk, _similar("described", row, min(points, 0.99), reason)))
    return found


def _titles_alike(rows: list[KnownStatement], titles: list[str]) -> dict[int, float]:
    """Return how alike titles are, 0 to 1, by the statement's key; the best of both languages."""
    keys: list[str] = []
    owners: list[int] = []
    for row in rows:
        for key in {row.title_key, row.title_fr_key} - {""}:
            keys.append(_even(key))
            owners.append(row.pk)
    best: dict[int, float] = {}
    for title in titles:
        wanted = _even(fold(title))
        scores = process.extract(wanted, keys, scorer=_alike, score_cutoff=60, limit=None)
        for _key, score, index in scores:
            owner = owners[index]
            best[owner] = max(best.get(owner, 0.0), score / 100)
    return best


_alike = fuzz.ratio


def _dates_alike(one: PartialDate, other: PartialDate | None) -> float:
    """Return how well two dates agree, 0 to 1."""
    if other is None:
        return 0.0
    if one == other:
        return 1.0
    if overlap(one, other):
        return 0.8 if "year" not in (one.precision, other.precision) else 0.4
    gap = min(abs((one.first - other.last).days), abs((other.first - one.last).days))
    return 0.6 if gap <= 3 else 0.3 if gap <= 14 else 0.1 if gap <= 60 else 0.0
