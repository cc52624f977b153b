"""What leaves of mentions and their passages."""

from datetime import date

from django.db.models import Case, CharField, OuterRef, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from kptracker.lib.columns import Column, Kind, both, coded, permalink
from kptracker.lib.expressions import (
    Looked,
    OrElse,
    condition,
    date_as_known,
    only_if,
)
from statements.exports import (
    meeting,
    source_and_confidence,
)
from statements.models import StatementSpeaker
from statements.models.statements import COUNTED_VOICES
from statements.querysets import FUNCTION_ONLY, SHOWN, public_person

from ..codes import MentionKind
from ..models import Mention, Passage
from .wording import words


def mention_columns(language: str, today: date) -> list[Column]:
    """Return the columns of mentions.csv."""
    named = public_person("speaker__")
    # One row at most, so nothing to sort.
    role = StatementSpeaker.objects.order_by().filter(
        statement=OuterRef("statement"), person=OuterRef("speaker")
    )
    in_words = OrElse("role__role_fr", "role__role")
    if language != "fr":
        in_words = OrElse("role__role", "role__role_fr")
    with_function = Q(speaker__state="published", speaker__public_name__in=(SHOWN, FUNCTION_ONLY))
    verbatim = ~Q(quote="")
    return [
        Column("reference", "reference", _("The permanent key."), Kind.KEY, ours=True),
        permalink("m", "reference"),
        Column("demand_reference", "demand__reference", _("The demand."), Kind.KEY, ours=True),
        Column("demand_slug", "demand__slug", _("The same demand by its slug."), Kind.KEY),
        *both("demand_title", _("The same demand by its title."), "demand__title"),
        Column("statement_slug", "statement__slug", _("The statement."), Kind.KEY),
        *both("statement_title", _("The statement by its title."), "statement__title"),
        Column("date", date_as_known("statement__date"), _("Its date, as known."), Kind.DATE),
        *meeting("statement__meeting", language),
        *coded("voice", "voice", _("In whose name."), language, "statement__voice"),
        *coded("kind", "mention_kind", _("Asked, criticised or welcomed."), language),
        Column(
            "counted",
            condition(Q(statement__voice__in=COUNTED_VOICES) & ~Q(kind=MentionKind.WELCOMED)),
            _("Whether it counts: the coalition or a member asks or criticises."),
            Kind.YES_NO,
        ),
        Column(
            "speaker_slug",
            only_if(named, "speaker__slug"),
            _("Who said it, where one is named and may be."),
            Kind.KEY,
        ),
        Column("speaker", only_if(named, "speaker__full_name"), _("The same person by name.")),
        Column(
            "speaker_role",
            only_if(with_function, Looked(role, in_words)),
            _("The function of the speaker at the time."),
        ),
        *both("paraphrase", _("What was said, in our own words.")),
        Column(
            "wording",
            Case(
                When(verbatim, then=Value("verbatim")),
                default=Value("paraphrase"),
                output_field=CharField(),
            ),
            _("verbatim: the quote holds the very words; paraphrase: all words are ours."),
            Kind.CODE,
            ours=True,
        ),
        Column(
            "wording_label",
            words(verbatim, language, _("word for word"), _("in our own words")),
            _("The column before, in words, in the language of the file."),
        ),
        Column("quote", "quote", _("The very words, where they are held.")),
        *coded("quote_language", "language", _("The language of the quote."), language),
        *coded(
            "text_seen",
            "text_seen",
            _("How much of the statement's text was seen."),
            language,
            "statement__text_seen",
        ),
        *source_and_confidence(language),
    ]


def mention_rows() -> QuerySet:
    """Return the public mentions, newest first."""
    return Mention.objects.public().order_by("-raised_on", "-id")


def passage_columns(language: str, today: date) -> list[Column]:
    """Return the columns of passages.csv."""
    return [
        Column("reference", "reference", _("The permanent key."), Kind.KEY, ours=True),
        permalink("p", "reference"),
        Column("mention_reference", "mention__reference", _("The mention."), Kind.KEY, ours=True),
        Column(
            "demand_reference",
            "mention__demand__reference",
            _("The demand that is raised there."),
            Kind.KEY,
            ours=True,
        ),
        Column("statement_slug", "mention__statement__slug", _("The statement."), Kind.KEY),
        *coded("text_kind", "text_kind", _("Whose words the text holds."), language, "text__kind"),
        *coded(
            "text_language", "language", _("The language of the text."), language, "text__language"
        ),
        Column(
            "start",
            "start",
            _("Where it begins: so many characters (Unicode code points) stand before it."),
            Kind.INTEGER,
        ),
        Column("end", "end", _("Where it ends, counted alike."), Kind.INTEGER),
        Column("exact", "exact", _("The words; in a summary they are ours.")),
        Column("prefix", "prefix", _("What stands before them.")),
        Column("suffix", "suffix", _("What stands after them.")),
        Column(
            "text_sha256",
            "sha256",
            _("The SHA-256 of the text in Unicode NFC with its white space single."),
            ours=True,
        ),
    ]


def passage_rows() -> QuerySet:
    """Return the passages that have their place, of public mentions, text by text."""
    return (
        Passage.objects.public()
        .placed()
        .order_by("mention__statement__slug", "text", "start", "id")
    )
