"""Fields of the marking screen in which something is looked up by the words one knows of it."""

import re
from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy

from kptracker.lib.folding import fold
from kptracker.lib.publishing import State
from statements.models import Person, Statement

from ..models import Demand, Mention

#: A list to choose from is no longer than this.
MOST = 10
#: Nobody types more than this to look something up.
LONGEST = 500
#: "D-012", "d12", and what may follow it; "12" where it stands alone.
REFERENCE = re.compile(r"\s*d-?([0-9]{1,9})\b|\s*([0-9]{1,9})\s*\Z", re.IGNORECASE)
SLUG = re.compile(r"\(([a-z0-9-]{1,100})\)\s*\Z")


def demand_label(demand: Demand) -> str:
    """Return a demand as it stands in the field: its reference says which one it is."""
    return f"{demand.reference} {demand}"


def person_label(person: Person) -> str:
    """Return a person as it stands in the field; the slug tells people of one name apart."""
    namesakes = Person.objects.filter(name_key=person.name_key).exclude(pk=person.pk)
    return f"{person.full_name} ({person.slug})" if namesakes.exists() else person.full_name


def by_reference(typed: str) -> Demand | None:
    """Return the demand whose reference words begin with, None where they begin with none."""
    named = REFERENCE.match(typed)
    if named is None:
        return None
    number = int(named[1] or named[2])
    rows = Demand.objects.filter(reference__endswith=str(number)).select_related("theme")
    return next((row for row in rows if int(row.reference.partition("-")[2]) == number), None)


def _all_words(columns: Sequence[str], words: Sequence[str]) -> Q:
    """Return the condition that each word stands in one of these folded columns."""
    found = Q()
    for word in words:
        in_one = Q()
        for column in columns:
            in_one |= Q(**{f"{column}__contains": word})
        found &= in_one
    return found


def find_demands(typed: str, limit: int = MOST) -> list[Demand]:
    """Return the demands that somebody may mean: by reference, titles, earlier paraphrases.

    Those whose title begins with the words come first, then those with the words in a title,
    in the description, in what earlier mentions said.
    """
    words = fold(typed[:LONGEST]).split()[:12]
    if not words or "\x00" in typed:
        return []
    rows = Demand.objects.exclude(state=State.TAKEN_DOWN).select_related("theme")
    named = by_reference(typed)
    found: dict[int, Demand] = {named.pk: named} if named else {}
    titled = _all_words(["title_key", "title_fr_key"], words)
    begun = Q(title_key__startswith=" ".join(words)) | Q(title_fr_key__startswith=" ".join(words))
    said = Mention.objects.filter(_all_words(["text_key"], words)).values("demand")
    for condition in (begun, titled, _all_words(["text_key"], words), Q(pk__in=said)):
        if len(found) >= limit:
            break
        left = rows.filter(condition).exclude(pk__in=list(found))
        for row in left.order_by("-asked_count", "reference")[: limit - len(found)]:
            found[row.pk] = row
    return list(found.values())[:limit]


def find_people(typed: str, statement: Statement, limit: int = MOST) -> list[Person]:
    """Return the people that somebody may mean, the speakers of the statement first.

    Where nothing is typed they are the speakers, and who else raises a demand in it.
    """
    if "\x00" in typed:
        return []
    near = Q(speaker_links__statement=statement) | Q(mentions__statement=statement)
    words = fold(typed[:LONGEST]).split()[:12]
    named = _all_words(["text_key"], words)
    rows = Person.objects.exclude(state=State.TAKEN_DOWN)
    first = rows.filter(near & named).distinct().order_by("name_key", "id")[:limit]
    found = {row.pk: row for row in first}
    if words and len(found) < limit:
        others = rows.filter(named).exclude(pk__in=list(found))
        found |= {row.pk: row for row in others.order_by("name_key", "id")[: limit - len(found)]}
    return list(found.values())


class LookedUpField(forms.CharField):
    """A line of text that names one row. Where it may name several, they are offered."""

    #: The rows that the words may mean, where they are not clear. Set while they are checked.
    offered: Sequence[Any] = ()
    default_error_messages: ClassVar[Any] = {
        "unknown": gettext_lazy("Nothing is found under “%(typed)s”."),
        "several": gettext_lazy("“%(typed)s” may be one of these. Choose:"),
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", LONGEST)
        kwargs.setdefault("required", False)
        super().__init__(**kwargs)

    def label_of(self, row: Any) -> str:
        """Return what stands in the field for a row."""
        raise NotImplementedError

    def exact(self, typed: str) -> Any:
        """Return the row that is named without doubt, None where none is."""
        raise NotImplementedError

    def likely(self, typed: str) -> Sequence[Any]:
        """Return the rows that may be meant."""
        raise NotImplementedError

    def clean(self, value: Any) -> Any:
        """Return the row that is named. Raises ValidationError where none or several are."""
        typed = super().clean(value)
        if not typed:
            return None
        row = self.exact(typed)
        if row is not None:
            return row
        found = self.likely(typed)
        if len(found) == 1:
            return found[0]
        self.offered = found
        code = "several" if found else "unknown"
        shown = typed if len(typed) < 60 else f"{typed[:57]}…"
        raise ValidationError(self.error_messages[code], code=code, params={"typed": shown})

    def choices(self) -> list[tuple[str, str]]:
        """Return what is offered: what to send, and what is read."""
        return [(self.label_of(row), self.label_of(row)) for row in self.offered]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return str(self.prepare_value(initial) or "").strip() != str(data or "").strip()


class DemandField(LookedUpField):
    """A demand by its reference, or by words of its titles or of earlier paraphrases."""

    def label_of(self, row: Demand) -> str:
        return demand_label(row)

    def prepare_value(self, value: Any) -> Any:
        """Show a demand by reference and title, also where its key is given."""
        if isinstance(value, int):
            value = Demand.objects.filter(pk=value).first()
        return demand_label(value) if isinstance(value, Demand) else value

    def exact(self, typed: str) -> Demand | None:
        return by_reference(typed)

    def likely(self, typed: str) -> Sequence[Demand]:
        return find_demands(typed)


class SpeakerField(LookedUpField):
    """Somebody by name. The speakers of ``statement`` are found first."""

    statement: Statement

    def label_of(self, row: Person) -> str:
        return person_label(row)

    def prepare_value(self, value: Any) -> Any:
        """Show a person by name, also where the key is given."""
        if isinstance(value, int):
            value = Person.objects.filter(pk=value).first()
        return person_label(value) if isinstance(value, Person) else value

    def exact(self, typed: str) -> Person | None:
        if slug := SLUG.search(typed):
            return Person.objects.filter(slug=slug[1]).first()
        same = Person.objects.filter(name_key=fold(typed))[:2]
        return same[0] if len(same) == 1 else None

    def likely(self, typed: str) -> Sequence[Person]:
        return find_people(typed, self.statement)


def offered_by(form: Any) -> dict[str, list[tuple[str, str]]]:
    """Return by field what a form offers instead of words that were not clear."""
    return {
        name: field.choices()
        for name, field in form.fields.items()
        if isinstance(field, LookedUpField) and field.offered
    }
