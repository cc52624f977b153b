"""The file of people, ``people.csv``: a row is one role of one person."""

from typing import Any

import tablib
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from import_export.results import RowResult

from kptracker.lib.columns_of_files import DateCell, KeyCell, RecordField, SlugCell

from . import actions
from .models import Country, Organisation, Person, Role
from .resources import STATE, StatementsResource

#: From the most to the least public: no load makes a name more public than it is.
PUBLIC_NAMES = ("shown", "function_only", "withheld")


class PersonResource(StatementsResource):
    """The columns of ``people.csv`` that say who somebody is; they repeat with each role."""

    optional = {"public_name": "shown", **STATE}
    blame = {"named": "full_name"}

    slug = RecordField("slug", "slug", SlugCell(Person))

    class Meta(StatementsResource.Meta):
        model = Person
        fields = (
            "slug",
            "full_name",
            "name_variants",
            "public_name",
            "state",
            "taken_down_reason",
        )
        import_id_fields = ("slug",)

    def never(self, column: str, present: str, text: str) -> bool:
        """A name that somebody hid stays hidden: monitors have been jailed."""
        return column == "public_name" and PUBLIC_NAMES.index(text) < PUBLIC_NAMES.index(present)


class RoleColumns(StatementsResource):
    """The columns of a function that a person held."""

    key_columns = ("reference",)
    together = (("from", "to"),)
    blame = {"start_end_order": "to", "named": "role"}

    organisation_slug = RecordField("organisation", "organisation_slug", KeyCell(Organisation))
    country_code = RecordField("country", "country_code", KeyCell(Country))
    start = RecordField("start", "from", DateCell())
    end = RecordField("end", "to", DateCell())

    class Meta(StatementsResource.Meta):
        abstract = True

    def act(self, instance: Any, *, by: Any) -> Any:
        return actions.save_role(instance, by=by)


class RoleResource(RoleColumns):
    """``roles.csv``, as visitors get it: the person stands in it by slug alone."""

    person_slug = RecordField("person", "person_slug", KeyCell(Person, required=True))

    class Meta(RoleColumns.Meta):
        model = Role
        fields = (
            "reference",
            "person_slug",
            "role",
            "role_fr",
            "organisation_slug",
            "country_code",
            "from",
            "to",
            "note",
            "source_url",
            "confidence",
        )
        import_id_fields = ("reference",)


class PeopleResource(RoleColumns):
    """``people.csv``: a row is one role of one person, whose own columns repeat.

    A person of whom no role is known stands in a row without a reference.
    """

    optional = {"public_name": "shown", **STATE}
    of_others = ("full_name", "name_variants", "public_name")
    #: Columns of the person; the others are those of the role.
    OF_PERSON = tuple(PersonResource.Meta.fields)

    slug = RecordField("person", "slug", KeyCell(Person, required=True))
    full_name = RecordField("person__full_name", "full_name")
    name_variants = RecordField("person__name_variants", "name_variants")
    public_name = RecordField("person__public_name", "public_name")
    state = RecordField("person__state", "state")
    taken_down_reason = RecordField("person__taken_down_reason", "taken_down_reason")

    class Meta(RoleColumns.Meta):
        model = Role
        fields = (
            "reference",
            "slug",
            "full_name",
            "name_variants",
            "role",
            "role_fr",
            "organisation_slug",
            "country_code",
            "from",
            "to",
            "note",
            "source_url",
            "confidence",
            "public_name",
            "state",
            "taken_down_reason",
        )
        import_id_fields = ("reference",)

    def __init__(
        self, *, remembered_people: dict[str, dict[str, str]] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.people = PersonResource(
            known=self.known,
            new_state=self.new_state,
            remembered=remembered_people,
            overwrite=self.overwrite,
        )
        self._faulty: dict[int, ValidationError] = {}

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        """Write the people first, each once, from the first of their rows."""
        super().before_import(dataset, **kwargs)
        columns = [name for name in self.OF_PERSON if name in dataset.headers]
        people = tablib.Dataset(headers=columns)
        first: dict[str, tuple[int, dict[str, str]]] = {}
        for number, row in enumerate(dataset.dict, start=1):
            cells = {name: str(row[name] or "") for name in columns}
            slug = cells.get("slug", "")
            if slug not in first:
                first[slug] = number, cells
                people.append(list(cells.values()))
            else:
                self._compare(number, cells, *first[slug])
        numbers = [number for number, _cells in first.values()]
        result = self.people.import_data(people, use_transactions=False, user=kwargs.get("user"))
        for row in result.invalid_rows:
            self._faulty[numbers[row.number - 1]] = row.error
        for row in result.error_rows:
            raise row.errors[0].error

    def _compare(
        self, number: int, cells: dict[str, str], earlier: int, first: dict[str, str]
    ) -> None:
        differing = [name for name in cells if cells[name] != first[name]]
        if differing:
            self._faulty[number] = ValidationError(
                {
                    name: _("An earlier row of the same person says “%(other)s” here.")
                    % {"other": first[name][:100]}
                    for name in differing
                }
            )

    def import_row(self, row: Any, instance_loader: Any, **kwargs: Any) -> Any:
        """Import the role of a row, if it holds one."""
        faulty = self._faulty.get(kwargs["row_number"])
        of_role = set(self.by_column) - set(self.OF_PERSON)
        if faulty is None and any(row.get(name) for name in of_role):
            return super().import_row(row, instance_loader, **kwargs)
        result = RowResult()
        result.import_type = RowResult.IMPORT_TYPE_SKIP
        if faulty is not None:
            result.import_type = RowResult.IMPORT_TYPE_INVALID
            result.validation_error = faulty
            self.known.refuse(Role, row, "")
        return result

    def get_queryset(self) -> Any:
        """Return the roles with their people, in the order of the file."""
        return super().get_queryset().select_related("person")
