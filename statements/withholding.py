"""A name is hidden: from now on visitors read the function only, or nothing.

Wherever the name stands in the record it is removed as other personal data are: from texts and
titles, from every version of them, from addresses and files.
"""

import secrets
from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from kptracker.lib.belonging import entry_of, key_of
from kptracker.lib.models import OldSlug
from kptracker.lib.personal_data import pattern_of
from kptracker.lib.writing import write

from .cutting import Cutting
from .guarding import Finding, names_of, places_naming
from .models import DataKind, Original, Person
from .originals import offer_original
from .querysets import FUNCTION_ONLY, WITHHELD
from .redacting import Removal, checked_pattern, finish


def names_to_remove(person: Person) -> list[str]:
    """Return the names of somebody, and the last of them alone where texts use it so."""
    names = names_of(person)
    last = person.full_name.split()[-1:] if " " in person.full_name.strip() else []
    pattern = pattern_of(last)
    if last and len(last[0]) >= 4 and pattern and next(places_naming(pattern, public=False), None):
        names += last
    return names


def places_of_names(person: Person, names: Sequence[str]) -> list[Finding]:
    """Return the places of the record in which these names stand, the person's own row aside."""
    pattern = pattern_of(names)
    if pattern is None:
        return []
    return [
        one
        for one in places_naming(pattern, public=False, but=person)
        if key_of(entry_of(one.row)) != key_of(person)
    ]


@transaction.atomic
def withhold(
    person: Person, level: str, *, by: Any, why: str, names: Sequence[str] | None = None
) -> Removal:
    """Hide the name of somebody from visitors, and remove it wherever it stands in the record.

    ``level`` is ``function_only`` or ``withheld``. ``names`` are all the words by which a text
    may give them away; without it the name and its other spellings. The entry of the person
    keeps the name, for staff; its address is replaced, and former ones lead nowhere any more.
    Original files of statements from which the name was removed are deleted; where the person
    spoke, files are offered no longer. Raises ValidationError.
    """
    if level not in (FUNCTION_ONLY, WITHHELD):
        raise ValidationError({"public_name": _("Choose “function only” or “withheld”.")})
    wanted = names_of(person) if names is None else list(names)
    pattern = checked_pattern(wanted or [person.full_name], why)
    person = Person.objects.select_for_update().get(pk=person.pk)
    # Entries of people stay: the person's own, for staff, and those of others of the same name.
    scope: dict[Any, set[Any] | None] = {
        model: None
        for model in apps.get_models()
        if hasattr(model, "history") and model is not Person
    }
    cutting = Cutting(scope, pattern, person, by=by, why=why)
    cutting.kept_slugs = former_slugs(person)
    cutting.run()
    spoken = Original.objects.there().filter(statement__speaker_links__person=person)
    for original in spoken.filter(offered=True).distinct():
        offer_original(original, False, by=by)
    removal = Removal(cutting.log(DataKind.NAME))
    _hide(person, level, by=by, why=why)
    finish(cutting, removal)
    return removal


def former_slugs(person: Person) -> set[str]:
    """Return the slugs by which files may name somebody."""
    old = OldSlug.objects.filter(table=Person._meta.label_lower, row_id=person.pk)
    return {person.slug, *old.values_list("slug", flat=True)}


def _hide(person: Person, level: str, *, by: Any, why: str) -> None:
    """Set what visitors read, and give the entry an address that says nothing."""
    slug = f"person-{secrets.token_hex(4)}"
    person.public_name, person.slug = level, slug
    write(person, by=by, why=why)
    OldSlug.objects.filter(table=Person._meta.label_lower, row_id=person.pk).delete()
    Person.history.filter(id=person.pk).update(slug=slug)
