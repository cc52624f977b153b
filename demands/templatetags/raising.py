"""Demands on the pages of the other room: what was raised in and at something."""

from collections.abc import Callable, Iterable
from typing import Any

from django import template
from django.utils.translation import gettext as _

from statements.models import Meeting, Statement

from ..codes import MentionKind
from ..raising import (
    AtMeeting,
    Raised,
    counts_by_statement,
    raised_at,
    raised_in,
)

register = template.Library()


def _once(row: Any, find: Callable[[Any], Any]) -> Any:
    """Return what ``find`` finds of a row, kept with the row for as long as the page is made."""
    if not hasattr(row, "raised_here"):
        row.raised_here = find(row)
    return row.raised_here


@register.simple_tag
def raised_in_statement(statement: Statement) -> Raised:
    """Return what a statement raises; the head of its page and its body ask once."""
    return _once(statement, raised_in)


@register.simple_tag
def raised_at_meeting(meeting: Meeting) -> AtMeeting:
    """Return what was raised at a meeting; the head of its page and its body ask once."""
    return _once(meeting, raised_at)


@register.simple_tag
def raised_counts(statements: Iterable[Statement]) -> dict[int, int]:
    """Return how many demands each of these statements raises, by its key."""
    return counts_by_statement(statements)


@register.simple_tag
def raised_summary(raised: Raised) -> str:
    """Write how many demands a statement raises, by kind: "13 asked, 7 criticised"."""
    shapes = {
        MentionKind.DEMANDED: _("%d asked"),
        MentionKind.CRITICISED: _("%d criticised"),
        MentionKind.WELCOMED: _("%d welcomed"),
        "declared": _("%d declared"),
    }
    counts = raised.counts
    return ", ".join(shape % counts[kind] for kind, shape in shapes.items() if counts[kind])
