"""Search over all that is public: analyser, index, hits in their order, marks, suggestions.

How a page uses it::

    asked = parse(request.GET["q"])          # never fails; asked.problems are sentences to show
    found = find(asked, SearchFilters(kind=("statement",), year=(2021, 2022)))
    found.total, found.more                  # at most 1,000; more: these are only the newest
    found.whole                              # False: a phrase was not looked for everywhere
    found.counts["year"]                     # [(2022, 4), (2021, 9)]: beside the other filters
    found.pages, found.page(2)               # 20 ``Hit``: kind, row, title, day, url, snippet
    did_you_mean(found)                      # a ``Suggestion`` where nothing is found, or None

Values of the facets are codes (``kind`` of ``KINDS``, ``language``, ``status``), years and keys
of rows (``meeting``, ``speaker``), each of rows that visitors see. A page turns slugs into keys
before, and keys into names after; what it does not know is a bad parameter, and its business.
Titles and snippets are lists of ``Piece(text, marked)``: templates escape them. A snippet says
whose words it shows (``theirs``, ``kind``) and leads to the place (``url``).

The hits depend on the query, the filters and the stamp of the record alone: a page may keep them
under these. docs/adr/0011 says how it works; what an entry holds is said in ``searched.py`` of
each room; ``keeping`` keeps the index in step.
"""

from .asking import Asked, parse
from .entries import KINDS
from .finding import PAGE, Found, Hit, SearchFilters, find
from .marking import Piece, Snippet
from .matching import MOST_HITS, MOST_LOOKED_THROUGH
from .meaning import Suggestion, did_you_mean

__all__ = [
    "KINDS",
    "MOST_HITS",
    "MOST_LOOKED_THROUGH",
    "PAGE",
    "Asked",
    "Found",
    "Hit",
    "Piece",
    "SearchFilters",
    "Snippet",
    "Suggestion",
    "did_you_mean",
    "find",
    "parse",
]
