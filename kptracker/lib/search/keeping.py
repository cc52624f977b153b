"""The index of search is kept in step with the record, in the transaction of each change."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db import connection, models, transaction
from django.db.models import F

from ..models import SearchEntry, SearchStream, SearchTerms, SearchWord, Stamp
from ..writing import after_all, renew_pages
from .entries import KINDS, OF_NAME, Rows, rows_of, source_of, sources

#: So many entries are compared and written at a time.
BATCH = 200
#: SQLite takes a limited number of parameters in one statement.
MOST_KEYS = 500

#: The tables that hold a row of each entry, in the order of Rows.
TABLES: tuple[type[models.Model], ...] = (SearchEntry, SearchTerms, SearchStream)
#: What is stored of an entry; None where a row is missing.
StoredRows = tuple[SearchEntry, SearchTerms | None, SearchStream | None]
#: (kind, keys) of entries.
Entries = tuple[str, Iterable[int]]
#: Rows of one table that were written, to the entries in which something of them stands.
Follows = Callable[[Sequence[Any]], Iterable[Entries]]
_follows: list[tuple[type[models.Model], Follows]] = []


def depends(model: type[models.Model], follows: Follows) -> None:
    """Have the entries that ``follows`` returns refreshed when rows of ``model`` are written."""
    if (model, follows) not in _follows:
        _follows.append((model, follows))


def follow(rows: Mapping[type[models.Model], Mapping[Any, Any]]) -> None:
    """Bring all entries in step in which something of these rows stands."""
    touched: dict[str, set[int]] = defaultdict(set)
    for model, follows in _follows:
        if rows.get(model):
            for kind, keys in follows(list(rows[model].values())):
                touched[kind].update(keys)
    for kind in KINDS:
        if touched[kind]:
            refresh(kind, sorted(touched[kind]))


def follow_rows(rows: Iterable[models.Model]) -> None:
    """Bring the entries in step in which something of rows stands that were written otherwise."""
    by_model: dict[type[models.Model], dict[Any, Any]] = defaultdict(dict)
    for row in rows:
        by_model[type(row)][row.pk] = row
    follow(by_model)


@transaction.atomic
def refresh(kind: str, keys: Iterable[int]) -> int:
    """Bring entries of a kind in step with their rows; return how many changed.

    Rows that visitors do not see, or that are gone, have none. What is in step is not written,
    the rest in the order of the keys.
    """
    wanted = list(dict.fromkeys(keys))
    _wait_for_other_writers()
    return sum(
        _refresh(kind, wanted[start : start + BATCH]) for start in range(0, len(wanted), BATCH)
    )


def _wait_for_other_writers() -> None:
    """Let one transaction at a time change the index: they share words, and would deadlock.

    Every change that visitors see raises the stamp, so its writers queue there anyway.
    """
    if connection.vendor == "postgresql":
        list(Stamp.objects.select_for_update().filter(pk=1).values_list("pk"))


def _refresh(kind: str, keys: list[int]) -> int:
    fresh = {entry.key: rows_of(entry) for entry in source_of(kind).entries(keys)}
    stored = _stored(kind, keys)
    words: Counter[str] = Counter()
    names: Counter[str] = Counter()
    gone: list[int] = []
    new: list[Rows] = []
    for key in keys:
        old, now = stored.get(key), fresh.get(key)
        if now and old and _same(old, now):
            continue
        if old:
            entry, terms, _stream = old
            gone.append(entry.no)
            if terms:
                _count(terms.words, words, names, -1)
        if now:
            new.append(now)
            _count(now.terms.words, words, names, 1)
    changed = {*gone, *(now.entry.no for now in new)}
    for table in TABLES:
        table._default_manager.filter(no__in=changed).delete()
    for table, rows in zip(TABLES, zip(*new, strict=True), strict=False):
        table._default_manager.bulk_create(rows)
    _write_words(words, names)
    return len(changed)


def _stored(kind: str, keys: Collection[int]) -> dict[int, StoredRows]:
    """Return what is stored of entries; None instead of a row that is missing."""
    entries = SearchEntry.objects.filter(kind=kind, row_id__in=keys).in_bulk()
    terms = SearchTerms.objects.in_bulk(entries)
    streams = SearchStream.objects.in_bulk(entries)
    return {entry.row_id: (entry, terms.get(no), streams.get(no)) for no, entry in entries.items()}


def _same(stored: Iterable[models.Model | None], wanted: Iterable[models.Model]) -> bool:
    return all(
        one is not None and getattr(one, column.attname) == getattr(other, column.attname)
        for one, other in zip(stored, wanted, strict=True)
        for column in other._meta.concrete_fields
    )


def _count(words: str, entries: Counter[str], names: Counter[str], by: int) -> None:
    """Add the words of an entry, or take them away."""
    for word in words.split():
        if word.endswith(OF_NAME):
            word = word[: -len(OF_NAME)]
            names[word] += by
        entries[word] += by


def _write_words(entries: Mapping[str, int], names: Mapping[str, int]) -> None:
    """Add numbers to those of words; a word that stands nowhere any more is deleted."""
    changed = sorted(word for word in entries if entries[word] or names.get(word))
    for start in range(0, len(changed), MOST_KEYS):
        batch = changed[start : start + MOST_KEYS]
        there = set(SearchWord.objects.filter(word__in=batch).values_list("word", flat=True))
        SearchWord.objects.bulk_create(
            SearchWord(word=word, entries=entries[word], names=names.get(word, 0))
            for word in batch
            if word not in there
        )
        by_change: dict[tuple[int, int], list[str]] = defaultdict(list)
        for word in batch:
            if word in there:
                by_change[entries[word], names.get(word, 0)].append(word)
        for (more, more_names), some in by_change.items():
            SearchWord.objects.filter(word__in=some).update(
                entries=F("entries") + more, names=F("names") + more_names
            )
        SearchWord.objects.filter(word__in=there, entries=0).delete()


# --- All of it -----------------------------------------------------------------------------

Progress = Callable[[str, int, int], None]


def rebuild(progress: Progress = lambda kind, done, total: None) -> dict[str, int]:
    """Bring the whole index in step, batch by batch; return how many entries changed, by kind.

    The site may run meanwhile: what was found is found all the time, each batch is a transaction
    of its own, and nothing from before it is shown any more. The oldest is written first:
    PostgreSQL finds the newest sooner where they lie side by side.
    """
    changed = {}
    for source in sources():
        keys = list(source.keys())
        there = SearchEntry.objects.filter(kind=source.kind).values_list("row_id", flat=True)
        keys += sorted({*there} - {*keys})
        changed[source.kind] = 0
        for start in range(0, len(keys), BATCH):
            with transaction.atomic():
                different = refresh(source.kind, keys[start : start + BATCH])
                if different:
                    renew_pages()
            changed[source.kind] += different
            progress(source.kind, min(start + BATCH, len(keys)), len(keys))
    _drop_strays()
    if next(_words_astray(), None):
        recount_words()
    return changed


@transaction.atomic
def _drop_strays() -> None:
    """Delete what belongs to no entry."""
    _wait_for_other_writers()
    gone = 0
    for table in TABLES[1:]:
        rows = table._default_manager.exclude(no__in=SearchEntry.objects.values("no"))
        gone += rows.delete()[0]
    if gone:
        renew_pages()


def _counted_words() -> tuple[Counter[str], Counter[str]]:
    entries: Counter[str] = Counter()
    names: Counter[str] = Counter()
    for words in SearchTerms.objects.values_list("words", flat=True).iterator(chunk_size=2000):
        _count(words, entries, names, 1)
    return entries, names


def _words_astray() -> Iterator[str]:
    entries, names = _counted_words()
    stored = {
        word: (number, of_names)
        for word, number, of_names in SearchWord.objects.values_list("word", "entries", "names")
    }
    for word in entries.keys() | stored.keys():
        if stored.get(word) != (entries[word], names[word]):
            yield word


@transaction.atomic
def recount_words() -> None:
    """Count all words anew."""
    _wait_for_other_writers()
    entries, names = _counted_words()
    SearchWord.objects.all().delete()
    SearchWord.objects.bulk_create(
        (
            SearchWord(word=word, entries=number, names=names[word])
            for word, number in sorted(entries.items())
        ),
        batch_size=MOST_KEYS,
    )
    renew_pages()


def drift() -> Iterator[str]:
    """Yield a sentence for each entry that differs from what the rows say, and one for words.

    Wrong words are counted and not named: one may be the name of somebody who is hidden.
    """
    for source in sources():
        keys = list(source.keys())
        there = SearchEntry.objects.filter(kind=source.kind).values_list("row_id", flat=True)
        for key in sorted({*there} - {*keys}):
            yield f"{source.kind} {key}: search finds it, and visitors may not see it"
        for start in range(0, len(keys), BATCH):
            yield from _drift(source.kind, keys[start : start + BATCH])
    if astray := sum(1 for _word in _words_astray()):
        yield f"words of search: {astray} are counted wrongly"


def _drift(kind: str, keys: Collection[int]) -> Iterator[str]:
    stored = _stored(kind, keys)
    for entry in source_of(kind).entries(keys):
        found = stored.get(entry.key)
        if found is None or None in found:
            yield f"{kind} {entry.key}: search does not find it"
        elif not _same(found, rows_of(entry)):
            yield f"{kind} {entry.key}: search has other words of it than it has now"


def forget() -> None:
    """Rewrite the index without what was deleted from it: SQLite's keeps words until it merges.

    Within the transaction; after words were removed everywhere.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO lib_searchindex(lib_searchindex) VALUES ('optimize')")


def connect() -> None:
    """Follow every write of the record."""
    after_all(follow)
