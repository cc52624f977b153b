"""Names of people in a text: as the record spells them, by surname, and almost right."""

import re
from collections.abc import Iterable, Iterator

from rapidfuzz import fuzz, process

from .known import KnownOrganisation, KnownPerson
from .papers import WORD, Paper, plain, word_set
from .phrases import Hit, Phrases

_TITLES = (
    r"(?:dr|mr|mrs|ms|miss|prof|hon|honou?rable|rev|adv|advocate|sir|madam|minister|ambassador|"
    r"m|mme|mlle|monsieur|madame|docteur|professeur|maitre|ministre|son excellence|"
    r"his excellency|her excellency|h\.e)"
)
TITLES_BEFORE = re.compile(rf"(?:\b{_TITLES}\b\.?,?\s+)+$")
TITLES_FIRST = re.compile(rf"^(?:{_TITLES}\b\.?,?\s+)+", re.IGNORECASE)
#: How alike a misspelt name must be, of 100, as a whole and word by word.
ALIKE, ALIKE_WORDS = 88, 72
_NAME = re.compile(
    r"(?<![^\W_])[^\W\d_a-z][^\W\d_]*(?:[-'’][^\W\d_]+)?"
    r"(?:[ \u00a0](?:bin|ben|de|van|von|al|el|[^\W\d_a-z]\.|"
    r"[^\W\d_a-z][^\W\d_]*(?:[-'’][^\W\d_]+)?)){1,3}"
)
_NO_NAME = word_set(
    "the this that these those we our for from and new south north west east central first "
    "dear honourable honorable excellency chair minister president vice coordinator "
    "coordinateur director directeur directrice executive representative representant "
    "secretary general national international focal point points working group groups ladies "
    "gentlemen distinguished guests january february march april may june july august "
    "september october november december monday tuesday wednesday thursday friday saturday "
    "sunday press release statement closing opening remarks speech letter report meeting "
    "plenary intersessional review mission certificates mixed origin civil society coalition "
    "communaute communautes les des une nous pour dans cette"
)


def person_names(people: Iterable[KnownPerson]) -> Phrases:
    """Return the full names of people and their other spellings, ready to be looked for."""
    phrases = Phrases()
    for person in people:
        for name in (person.full_name, *person.variants):
            bare = TITLES_FIRST.sub("", name)
            words = WORD.findall(bare)
            if len(words) < 2:
                continue  # a surname alone names anybody
            phrases.add(bare, person)
            if len(words) == 2:
                phrases.add(f"{words[1]} {words[0]}", person)  # YOBOUE Michel
    return phrases


def surnames(paper: Paper, hits: list[Hit]) -> list[Hit]:
    """Return where those who are named in full are named again by surname."""
    found = []
    by_surname: dict[str, set[int]] = {}
    people: dict[int, KnownPerson] = {}
    for hit in hits:
        for person in hit.owners:
            surname = WORD.findall(plain(person.full_name))[-1]
            if len(surname) > 3:
                by_surname.setdefault(surname, set()).add(id(person))
                people[id(person)] = person
    for word in paper.words:
        owners = by_surname.get(word.plain)
        if owners and len(owners) == 1 and paper.text[word.start].isupper():
            inside = any(hit.start <= word.start < hit.end for hit in hits)
            if not inside:
                found.append(Hit(word.start, word.end, (people[next(iter(owners))],)))
    return found


def names_like(
    paper: Paper,
    people: list[KnownPerson],
    organisations: Iterable[KnownOrganisation],
    taken: list[Hit],
) -> Iterator[tuple[Hit, KnownPerson | None]]:
    """Yield what looks like a name and is none of ``taken``: whose it almost is, or nobody's.

    Words of the names of organisations, of functions and of the calendar make no name.
    """
    spelt = [
        (" ".join(WORD.findall(plain(TITLES_FIRST.sub("", name)))), person)
        for person in people
        for name in (person.full_name, *person.variants)
        if len(WORD.findall(name)) > 1
    ]
    only_names = [name for name, _person in spelt]
    bodies = {
        word
        for organisation in organisations
        for word in WORD.findall(plain(f"{organisation.name} {organisation.name_fr}"))
    }
    tried: dict[str, KnownPerson | None] = {}
    for match in _NAME.finditer(paper.text):
        start, end = _without_titles(paper.plain, *match.span())
        words = WORD.findall(paper.plain[start:end])
        if len(words) < 2 or not paper.text[start].isupper():
            continue
        if any(hit.start < end and start < hit.end for hit in taken):
            continue
        written = " ".join(words)
        if written not in tried:
            tried[written] = _almost(written, only_names, spelt)
        person = tried[written]
        if person or not any(word in _NO_NAME or word in bodies for word in words):
            yield Hit(start, end, (person,) if person else ()), person


def _without_titles(text: str, start: int, end: int) -> tuple[int, int]:
    title = TITLES_FIRST.match(text[start:end])
    return (start + title.end(), end) if title and title.end() < end - start else (start, end)


def _almost(
    written: str, spelt: list[str], names: list[tuple[str, KnownPerson]]
) -> KnownPerson | None:
    """Return whose misspelt name it is; None unless name and surname are both nearly right."""
    if len(written) < 8:
        return None
    found = process.extractOne(written, spelt, scorer=fuzz.ratio, score_cutoff=ALIKE)
    if found is None:
        return None
    _name, _score, index = found
    right = names[index][0].split()
    given = written.split()
    if len(right) != len(given) or any(
        fuzz.ratio(one, other) < ALIKE_WORDS for one, other in zip(given, right, strict=True)
    ):
        return None
    return names[index][1]
