"""What the marking screen shows: a text in paragraphs, its marks, what waits, what is suggested."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.html import json_script
from django.utils.translation import gettext as _

from kptracker.lib.admin.corrections import CorrectionLine
from kptracker.lib.documents.normal import normal_hash
from kptracker.lib.publishing import State
from kptracker.lib.vocabularies import label
from statements.models import Person, Statement, Text

from ..models import Demand, Mention, Passage
from ..reading import Paragraph, paragraphs_of
from ..suggesting import suggestions
from .marking_fields import demand_label, offered_by
from .marking_forms import MarkForm

#: Languages of the record that are read from right to left.
RIGHT_TO_LEFT = ("ar",)
#: The parts of the script, in the order in which they build on each other.
SCRIPTS = ("places", "lookup", "line", "panel", "keys", "notes", "hints", "screen")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph as the screen shows it: its words, and the notes of the passages it begins."""

    paragraph: Paragraph
    notes: list[Passage]


def with_state(demand: Demand, theme: bool = False) -> str:
    """Return a demand in words, with its state where visitors do not see it."""
    parts = [str(demand.theme) if theme else demand_label(demand)]
    if demand.state != State.PUBLISHED:
        parts.append(label("state", demand.state))
    return " · ".join(parts)


def offered_places(form: Any) -> list[dict[str, Any]]:
    """Return the places to choose from, where words stand at several."""
    return [
        {"start": one.start, "before": one.prefix, "words": one.exact, "after": one.suffix}
        for one in getattr(form, "offered", ())
    ]


class Compact(DjangoJSONEncoder):
    """JSON without blanks and with letters as they are: the page has to be light."""

    def __init__(self, **options: Any) -> None:
        """Take the options of json.dumps and set those two."""
        super().__init__(**{**options, "separators": (",", ":"), "ensure_ascii": False})


class Screen:
    """The marking screen over one text of a statement."""

    def __init__(self, admin: Any, request: HttpRequest, statement: Statement, text: Text) -> None:
        self.admin, self.request = admin, request
        self.statement, self.text = statement, text

    @property
    def url(self) -> str:
        """The address of the screen with this text."""
        return f"{self.admin.url('mark', self.statement.pk)}{self.query}"

    @property
    def query(self) -> str:
        """What leads from the address of the screen to this text."""
        return f"?text={self.text.pk}"

    def url_of(self, passage: Passage) -> str:
        """Return the address at which a passage is edited."""
        return f"{self.url}&passage={passage.pk}#mark"

    # --- what there is ---------------------------------------------------------------------

    def passages(self) -> list[Passage]:
        """Return the passages of the text, each with how often its mention is marked at all."""
        rows = Passage.objects.filter(text=self.text).select_related(
            "mention__demand", "mention__speaker", "mention__statement"
        )
        found = list(rows.order_by("start", "id"))
        places = Counter(
            Passage.objects.filter(mention__in={row.mention_id for row in found}).values_list(
                "mention_id", flat=True
            )
        )
        for row in found:
            row.only = places[row.mention_id] == 1  # type: ignore[attr-defined]
        return found

    def _blocks(self, passages: list[Passage]) -> list[Block]:
        return [Block(one, one.begins) for one in paragraphs_of(self.text.body, passages)]

    @cached_property
    def _paragraphs(self) -> list[Paragraph]:
        return paragraphs_of(self.text.body, [])

    def hashes(self) -> dict[int, str]:
        """Return by number the SHA-256 of the words of each paragraph."""
        body = self.text.body
        return {one.number: normal_hash(body[one.start : one.end]) for one in self._paragraphs}

    def numbers_of(self, passage: Passage) -> set[int]:
        """Return the numbers of the paragraphs over which a passage lies."""
        if passage.start is None or passage.end is None or passage.text_id != self.text.pk:
            return set()
        return {
            one.number
            for one in self._paragraphs
            if one.start < passage.end and passage.start < one.end
        }

    def numbers_of_mention(self, mention: Mention) -> set[int]:
        """Return the numbers of the paragraphs over which passages of a mention lie."""
        numbers: set[int] = set()
        for passage in Passage.objects.filter(mention=mention, text=self.text):
            numbers |= self.numbers_of(passage)
        return numbers

    def unmarked(self) -> list[Mention]:
        """Return the mentions of the statement that have no place in any text."""
        rows = Mention.objects.filter(statement=self.statement, passages__isnull=True)
        return list(rows.select_related("demand", "speaker").order_by("reference"))

    def mentions(self) -> list[Mention]:
        """Return the mentions of the statement, of which a passage may be another one."""
        rows = Mention.objects.filter(statement=self.statement).select_related("demand")
        return list(rows.order_by("reference"))

    # --- what is shown ---------------------------------------------------------------------

    def form(self, data: Any = None, passage: Passage | None = None) -> MarkForm:
        """Return the form over a passage, or for a new one."""
        initial: dict[str, Any] = {}
        wanted = self.request.GET.get("mention", "")
        if data is None and passage is None and wanted.isdecimal() and len(wanted) < 18:
            rows = Mention.objects.filter(statement=self.statement, pk=int(wanted))
            mention = rows.select_related("demand").first()
            if mention is not None:
                initial = {"mention": mention.pk, "demand": mention.demand_id}
        return MarkForm(
            data,
            statement=self.statement,
            text=self.text,
            passage=passage,
            initial=initial,
            auto_id="id_%s",
        )

    def _may(self) -> dict[str, bool]:
        has = self.request.user.has_perm
        return {
            "may_add": has("demands.add_mention"),
            "may_change": has("demands.change_mention"),
            "may_remove": has("demands.delete_mention"),
            "may_add_demand": has("demands.add_demand"),
        }

    def _shown(self, passages: list[Passage]) -> dict[str, Any]:
        return {
            "statement": self.statement,
            "text": self.text,
            "url": self.query,
            "direction": "rtl" if self.text.language in RIGHT_TO_LEFT else "ltr",
            "lost": [row for row in passages if row.is_lost],
            "unmarked": self.unmarked(),
            "placed": sum(row.is_placed for row in passages),
            **self._may(),
        }

    def context(self, form: MarkForm) -> dict[str, Any]:
        """Return what the whole page shows."""
        passages = self.passages()
        may = self._may()
        editing = form.passage
        title = _("Mark passages")
        return {
            **self.admin.admin_site.each_context(self.request),
            # The text needs the room, and every page is a click away in the breadcrumbs.
            "is_nav_sidebar_enabled": False,
            "title": title,
            "subtitle": str(self.statement),
            "opts": self.admin.opts,
            "original": self.statement,
            "change_url": self.admin.url("change", self.statement.pk),
            "texts": list(self.statement.texts.order_by("pk")),
            "blocks": self._blocks(passages),
            "form": form,
            "new_form": form.new_demand,
            "editing": editing,
            "mentions": [] if editing else self.mentions(),
            "chosen_mention": None if editing else _key(form["mention"].value()),
            "scripts": [f"admin-extra/marking/{name}.js" for name in SCRIPTS],
            "speakers": self.speakers(),
            "offered": offered_by(form) if form.is_bound else {},
            "places": offered_places(form),
            "line": self._line(),
            "may_send": may["may_change"] if editing else may["may_add"],
            "data": json_script(
                self._data() if may["may_add"] else {"words": words_of_script()},
                "marking-data",
                encoder=Compact,
            ),
            **self._shown(passages),
        }

    def fragments(self, numbers: set[int]) -> dict[str, Any]:
        """Return the parts of the page that changed: these paragraphs, and the lists above."""
        passages = self.passages()
        shown = self._shown(passages)
        return {
            "blocks": {
                block.paragraph.number: self._render("block", {**shown, "block": block})
                for block in self._blocks(passages)
                if block.paragraph.number in numbers
            },
            "above": self._render("above", shown),
            "mentions": self._render("mentions", {"mentions": self.mentions()}),
            "version": self.text.version,
        }

    def _render(self, name: str, context: dict[str, Any]) -> str:
        return render_to_string(f"admin/marking/{name}.html", context, request=self.request)

    def _line(self) -> CorrectionLine | None:
        """Return what visitors are told of a change, where they see what is changed here."""
        if not self.statement.is_published:
            return None
        line = CorrectionLine.sent_with(self.request)
        line.fields["none"].help_text = ""
        return line

    def _data(self) -> dict[str, Any]:
        """Return what the script of the page works with."""
        found = suggestions(self.text)
        keys = {one.demand_id for paragraph in found for one in paragraph.suggestions}
        demands = Demand.objects.in_bulk(list(keys))
        return {
            "user": self.request.user.pk,
            "demands": {key: demand_label(row) for key, row in demands.items()},
            "hints": {
                one.number: [
                    # Why is told of the likeliest: the page has to be light.
                    [hint.demand_id, hint.start, hint.end, *hint.words[: 2 if place < 2 else 0]]
                    for place, hint in enumerate(one.suggestions)
                ]
                for one in found
                if one.suggestions
            },
            "words": words_of_script(),
        }

    def speakers(self) -> list[Person]:
        """Return the speakers of the statement, in order."""
        links = self.statement.speaker_links.select_related("person").order_by("position", "id")
        return [link.person for link in links]


def _key(value: Any) -> int | None:
    return int(value) if str(value or "").isdecimal() and len(str(value)) < 18 else None


def words_of_script() -> dict[str, str]:
    """Return the words that the script of the page writes."""
    return {
        "add": _("Mark these words"),
        "edit": _("Edit"),
        "moveIt": _("Move"),
        "anew": _("Mark it anew"),
        "remove": _("Remove"),
        "save": _("Save"),
        "saving": _("being sent"),
        "waiting": _("waiting for the line"),
        "refused": _("not saved"),
        "correct": _("Correct"),
        "discard": _("Discard"),
        "down": _("The line is down. What you mark is kept in this browser and sent by itself."),
        "kept": _("Waiting marks: %s."),
        "again": _("Send now"),
        "login": _("You were logged out. Log in again in another tab; what you marked is kept."),
        "failed": _("The server could not do it. Nothing was changed; try again."),
        "newDemand": _("New demand: %s"),
        "nothing": _("Nothing is found."),
        "unreachable": _("The line is down: nothing can be looked up."),
        "move": _("Select the new words of %s, then press Enter. Escape leaves it where it is."),
        "moveHere": _("Move %s here"),
        "place": _("Select the words at which %s stands, then press Enter."),
        "confirm": _("Remove %s?"),
        "yes": _("Remove"),
        "withMention": _("Remove with %s"),
        "no": _("Keep"),
        "hints": _("Seems to raise"),
        "accept": _("Mark as %s"),
        "dismiss": _("Not here: %s"),
        "because": _("because of: %s"),
        "chosen": _("Chosen: %s"),
        "yours": _("Your text"),
        "theirs": _("Saved by %s, %s"),
        "stale": _("The text was corrected in the meantime: load the page anew."),
        "reload": _("Load the page anew"),
        "more": _("more"),
    }
