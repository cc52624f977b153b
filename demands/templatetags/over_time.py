"""How the picture of a demand over time is written: its marks in words, and its table."""

from django import template
from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from kptracker.lib.bilingual import worded
from kptracker.lib.templatetags.record import direction_of, in_its_language, lower_first

from ..choices import FROM_FIRST, Choices
from ..models import Demand, Mention
from ..record import ALL, JUDGED, SHOWN, DemandRecord
from ..standing import Standing, verb
from ..stretches import Stretch
from ..timeline import (
    BAND,
    LOOKS,
    SIGN,
    Band,
    Mark,
    Tick,
    Timeline,
    has_text,
    held_until,
    timeline_of,
)
from .asked import badge
from .reading import QUOTATION_MARKS

register = template.Library()

#: So many signs of what was said stand beside a mark; all of it is in the record below.
SAID_AT_MOST = 170


@register.simple_tag
def timeline(demand: Demand, record: DemandRecord, choices: Choices) -> Timeline:
    """Return the picture of a demand's record over time."""
    today = timezone.localdate()
    return timeline_of(
        demand,
        record,
        held_until(today),
        since_first=choices["from"] == FROM_FIRST,
        today=today,
    )


@register.simple_tag
def choice(choices: Choices, name: str, value: str) -> str:
    """Write the address of the page with one choice made anew."""
    return choices.address(**{name: value})


@register.simple_tag
def only_words(demand: Demand, kind: str) -> str:
    """Write which entries of a record are shown alone: "Asked only", "Judgements only"."""
    if kind == JUDGED:
        return _("Judgements only")
    how = verb(Mention(kind=SHOWN[kind]), demand)
    return _("%(how)s only") % {"how": how[:1].upper() + how[1:]}


@register.simple_tag
def entries_at(demand: Demand, choices: Choices) -> str:
    """Write the address at which every entry is found: this page, unless it shows some alone."""
    return "" if choices["show"] == ALL else demand.get_absolute_url()


@register.simple_tag
def mark_words(mark: Mark) -> str:
    """Write what a mark stands for: "14 May 2012: asked"."""
    mention = mark.mention
    return _("%(date)s: %(what)s") % {
        "date": mention.statement.date.words(),
        "what": verb(mention, mention.demand),
    }


@register.simple_tag
def said_in_short(mention: Mention) -> SafeString:
    """Write the beginning of what was said, in their words or else in ours, and whose they are."""
    if mention.quote:
        language = mention.quote_language or mention.statement.language
        opens, closes = QUOTATION_MARKS.get(language, ("“", "”"))
        return format_html(
            '{} <span class="said" lang="{}" dir="{}">{}{}{}</span>',
            _("word for word:"),
            language,
            direction_of(language),
            opens,
            Truncator(mention.quote).chars(SAID_AT_MOST),
            closes,
        )
    found = worded(mention, "paraphrase")
    short = Truncator(found.text).chars(SAID_AT_MOST)
    return format_html("{} {}", _("in our words:"), in_its_language(short, found.language))


@register.simple_tag
def stretch_words(stretch: Stretch) -> str:
    """Write how a demand stood, and in what time: since its beginning, or from when to when."""
    words = {"status": stretch.standing.words, "since": stretch.since.since_words}
    if stretch.until is None:
        when = _("%(status)s %(since)s") % words
    else:
        period = _("{} to {}").format(stretch.since.words(), stretch.until.words())
        when = _("%(status)s, %(period)s") % {**words, "period": period}
    if not stretch.standing.confirmed:
        return _("%(standing)s (provisional)") % {"standing": when}
    if not stretch.later_in_run:
        return _("%(standing)s (confirmed)") % {"standing": when}
    day = stretch.start.words()
    return _("%(standing)s (confirmed as of %(date)s)") % {"standing": when, "date": day}


@register.simple_tag
def tick_words(tick: Tick) -> str:
    """Write which meeting a tick stands for, and whether the record has a text of it."""
    meeting = tick.meeting
    named = (worded(meeting, "title").text, worded(meeting, "city").text)
    words = {
        "meeting": ", ".join(name for name in named if name),
        "date": meeting.start.words() if meeting.start else str(meeting.year),
    }
    if has_text(meeting):
        return _("%(meeting)s, %(date)s") % words
    return _("%(meeting)s, %(date)s: no text of it in the record") % words


@register.filter
def held_text(tick_or_meeting: object) -> bool:
    """Whether the record holds a text of a meeting."""
    return has_text(getattr(tick_or_meeting, "meeting", None) or tick_or_meeting)  # type: ignore[arg-type]


@register.filter
def plenary(tick: Tick) -> bool:
    """Whether a meeting is a plenary, called or regular, and not an intersessional."""
    return tick.meeting.kind != "intersessional"


@register.simple_tag
def stood(standing: Standing | None) -> SafeString:
    """Write how a demand stood, with its sign; "not judged" where it was not."""
    if standing is None:
        return conditional_escape(_("not judged"))
    return badge(standing)


@register.simple_tag
def stood_words(standing: Standing | None) -> str:
    """Write how a demand stood beside something that did not change it."""
    return lower_first(standing.words) if standing else _("not judged")


@register.simple_tag
def below_y(picture: Timeline, band: Band) -> int:
    """Write where the sign of a narrow band lies, below it."""
    return picture.band_y + BAND + 3 + SIGN * band.y


@register.simple_tag
def look_words(demand: Demand, look: str) -> str:
    """Write what a kind of mark says: asked (or declared), criticised, welcomed."""
    kind = next(kind for kind, name in LOOKS.items() if name == look)
    return verb(Mention(kind=kind), demand)
