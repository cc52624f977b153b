"""How a statement, or a place in it, is cited: one line of plain text."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from kptracker.lib import vocabularies
from kptracker.lib.bilingual import worded

from .models import Organisation, Statement


def citation(
    statement: Statement,
    issuers: Iterable[Organisation],
    address: str,
    *,
    in_our_words: bool = False,
) -> str:
    """Return a ready citation: who issued it, title, date, this record, permanent address.

    ``in_our_words`` says that what stands at the address is a summary of ours. Nothing is in
    quotation marks: the title may be ours as well.
    """
    names = ", ".join(str(worded(one, "name")) for one in issuers)
    who = names or statement.issuer_text or vocabularies.label("voice", statement.voice)
    record = (
        _("summarised in the KP Demand Tracker") if in_our_words else _("in the KP Demand Tracker")
    )
    return _("%(who)s, %(title)s, %(date)s, %(record)s, %(address)s") % {
        "who": who,
        "title": worded(statement, "title"),
        "date": statement.date.words(),
        "record": record,
        "address": address,
    }
