"""What the admin of both rooms stands on: forms that lose nothing, rows saved through actions."""

from .fields import KnownAutocomplete, LongTextField, OrderedRowsField, PartialDateFormField
from .forms import Conflict, RowForm, last_change
from .formsets import LatestFormSet, RowFormSet
from .inlines import RecordInline, admin_for, choice_label
from .needs import Need, NeedsFilter
from .refusals import RefusedError, refused_by
from .rows import RecordAdmin, RowPage
from .states import PublishedAdmin

__all__ = [
    "Conflict",
    "KnownAutocomplete",
    "LatestFormSet",
    "LongTextField",
    "Need",
    "NeedsFilter",
    "OrderedRowsField",
    "PartialDateFormField",
    "PublishedAdmin",
    "RecordAdmin",
    "RecordInline",
    "RefusedError",
    "RowForm",
    "RowFormSet",
    "RowPage",
    "admin_for",
    "choice_label",
    "last_change",
    "refused_by",
]
