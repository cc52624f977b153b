"""The screen on which staff mark where in a text demands are raised.

One address per statement: shown by GET; POST marks, changes, moves, removes, dismisses. The
script of the page asks for JSON; without it the same forms answer with the page.
"""

from typing import Any

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from kptracker.lib.admin import RefusedError, admin_for, refused_by
from kptracker.lib.admin.corrections import CorrectionLine
from kptracker.lib.admin.fields import is_key
from kptracker.lib.corrections import noting
from kptracker.lib.writing import StaleVersionError
from statements.models import Statement, Text

from .. import marking
from ..models import Demand, Passage
from .marking_fields import (
    demand_label,
    find_demands,
    find_people,
    offered_by,
    person_label,
)
from .marking_forms import MarkForm, MoveForm, RemoveForm
from .marking_page import Screen, offered_places, with_state

#: What each of them needs the right to.
RIGHTS = {
    "add": "demands.add_mention",
    "edit": "demands.change_mention",
    "move": "demands.change_mention",
    "remove": "demands.delete_mention",
    "dismiss": "demands.add_mention",
}

#: The reason in the histories of what is marked here, where no other is given.
MARKED = "Marked in the text."


def wants_json(request: HttpRequest) -> bool:
    """Tell whether the script of the page asks."""
    return "application/json" in request.headers.get("Accept", "")


def mark_view(admin: Any, request: HttpRequest, object_id: str) -> HttpResponse:
    """Show a text of a statement with its passages, and mark them."""
    statement = _statement(admin, request, object_id)
    if statement is None:
        if wants_json(request):
            return _refused(_("This statement was deleted in the meantime."), status=404)
        return HttpResponseRedirect(admin.list_url())
    text = _text(statement, request.POST.get("text") or request.GET.get("text") or "")
    if text is None:
        if wants_json(request):
            return _refused(_("This text was deleted in the meantime."), status=404)
        messages.info(request, _("The statement has no text yet: add it first."))
        return HttpResponseRedirect(admin.url("change", statement.pk))
    screen = Screen(admin, request, statement, text)
    passage = _passage(text, request.POST.get("passage") or request.GET.get("passage") or "")
    if request.method != "POST":
        if wants_json(request):
            return _values(screen, passage)
        return _page(screen, screen.form(passage=passage))
    task = request.POST.get("do", "add")
    if task not in RIGHTS:
        return _refused(_("This is not known here."), status=400)
    if not request.user.has_perm(RIGHTS[task]):
        if wants_json(request):
            return _refused(_("You do not have the right to do this."), status=403)
        raise PermissionDenied
    if task in ("edit", "move", "remove") and passage is None:
        return _gone(screen)
    return TASKS[task](screen, passage)


def _statement(admin: Any, request: HttpRequest, object_id: str) -> Statement | None:
    row = admin.get_object(request, object_id) if is_key(object_id) else None
    may_look = admin.has_view_or_change_permission(request, row)
    if not may_look or not request.user.has_perm("demands.view_mention"):
        raise PermissionDenied
    found: Statement | None = row
    return found


def _text(statement: Statement, wanted: str) -> Text | None:
    """Return the text that is asked for; else the one that visitors read."""
    texts = list(statement.texts.order_by("pk"))
    order = ("verbatim", "excerpt", "summary")
    for text in texts:
        if str(text.pk) == wanted:
            return text
    return min(
        texts,
        key=lambda text: (order.index(text.kind), text.language != statement.language, text.pk),
        default=None,
    )


def _passage(text: Text, wanted: str) -> Passage | None:
    if not is_key(wanted):
        return None
    rows = Passage.objects.select_related("mention__demand", "mention__speaker", "text")
    return rows.filter(text=text, pk=int(wanted)).first()


# --- Answers ---------------------------------------------------------------------------------


def _page(screen: Screen, form: MarkForm, status: int = 200) -> HttpResponse:
    request = screen.request
    context = screen.context(form)
    return TemplateResponse(request, "admin/marking/page.html", context, status=status)


def _refused(message: str, status: int) -> JsonResponse:
    return JsonResponse({"errors": {"": [message]}}, status=status)


def _gone(screen: Screen) -> HttpResponse:
    message = _("This passage was removed in the meantime.")
    if wants_json(screen.request):
        return _refused(message, status=404)
    messages.error(screen.request, message)
    return HttpResponseRedirect(screen.url)


def _values(screen: Screen, passage: Passage | None) -> HttpResponse:
    """Return what the form of a passage holds now, for the script."""
    if passage is None:
        return _gone(screen)
    form = screen.form(passage=passage)
    values = {name: form[name].value() for name in form.fields}
    others = passage.mention.passages.exclude(pk=passage.pk).exists()
    return JsonResponse(
        {
            "reference": passage.reference,
            "mention": passage.mention.reference,
            "only": not others,
            "values": {name: _as_text(value) for name, value in values.items()},
        }
    )


def _as_text(value: Any) -> str:
    return "" if value is None else str(value)


def _form_refused(screen: Screen, form: Any, status: int = 422) -> HttpResponse:
    """Answer a form in which something is wrong: with what, and with all that was typed."""
    is_mark = isinstance(form, MarkForm)
    stale = getattr(form, "conflict", None)
    if not wants_json(screen.request):
        if is_mark:
            return _page(screen, form)
        for message in (text for texts in form.errors.values() for text in texts):
            messages.error(screen.request, message)
        passage: Passage = form.passage
        return HttpResponseRedirect(screen.url_of(passage))
    errors = (
        form.all_errors()
        if is_mark
        else {"" if name == NON_FIELD_ERRORS else name: list(t) for name, t in form.errors.items()}
    )
    answer: dict[str, Any] = {
        "errors": errors,
        "offered": offered_by(form) if is_mark else {},
        "places": offered_places(form),
        "wants_line": getattr(form, "wants_line", False),
    }
    if stale is not None:
        answer["conflict"] = {
            "row": stale.row,
            "by": stale.by,
            "at": stale.at,
            "differences": [
                {"label": one.label, "yours": one.yours, "theirs": one.theirs}
                for one in stale.differences
            ],
        }
        answer["values"] = (
            {name: _as_text(form.data.get(name, "")) for name in form.fields}
            if is_mark
            else {"seen_passage": str(form.passage.version)}
        )
        status = 409
    return JsonResponse(answer, status=status)


def _done(screen: Screen, passage: Passage | None, touched: set[int], said: str) -> HttpResponse:
    """Answer that something was done: with what of the page is new, or with the page."""
    if wants_json(screen.request):
        # What else there is to say, of a correction, is said at once.
        said = " ".join([said, *(str(one) for one in messages.get_messages(screen.request))])
        return JsonResponse(
            {
                "passage": passage.pk if passage else None,
                "number": passage.number if passage else None,
                "said": said,
                **screen.fragments(touched),
            }
        )
    messages.success(screen.request, said)
    return HttpResponseRedirect(screen.url + (f"#p-{passage.number}" if passage else "#marking"))


# --- What is done ----------------------------------------------------------------------------


def _try(form: Any, request: HttpRequest) -> Any:
    """Do what a form says. What is refused is put on the form, and None returned.

    Where it changes a published fact, the line for visitors comes with it, or nothing is done.
    """
    line = CorrectionLine.sent_with(request)
    try:
        with refused_by(""), transaction.atomic(), noting(line.reason or MARKED) as noted:
            done = form.apply(by=request.user) or True
            line.settle(request, noted)
            return done
    except RefusedError as refused:
        form.wants_line = getattr(refused.error, "code", "") == "correction"
        if isinstance(form, MarkForm):
            form._add("", refused.error)
        else:
            form.add_error(None, " ".join(refused.error.messages))
        return None


def _add(screen: Screen, _passage: Passage | None) -> HttpResponse:
    request = screen.request
    form = screen.form(data=request.POST)
    made = None
    # What was sent before is answered before it is looked at: its form may be stale by now.
    token = form.sent_token()
    known = marking.marked_with(token) if token else None
    if known is not None:
        passage = known.passage
        if passage is None or passage.mention.statement_id != screen.statement.pk:
            return _done(screen, None, set(), _("This mark was made, and removed since."))
        said = _("%(reference)s was marked already.") % {"reference": passage.reference}
        return _done(screen, passage, screen.numbers_of(passage), said)
    if form.adds_demand and not request.user.has_perm("demands.add_demand"):
        form.add_error(None, _("You do not have the right to add a demand."))
    if form.is_valid():
        made = _try(form, request)
    if made is None:
        return _form_refused(screen, form)
    passage, _is_new = made
    _log(request, passage.mention, "added")
    if form.adds_demand:
        _log(request, passage.mention.demand, "added")
    return _done(screen, passage, screen.numbers_of(passage), said_of(passage))


def said_of(passage: Passage) -> str:
    """Say that a passage was marked, and whether visitors see it."""
    mention = passage.mention
    words = _("%(reference)s is marked: %(demand)s.") % {
        "reference": passage.reference,
        "demand": with_state(mention.demand),
    }
    return words


def _edit(screen: Screen, passage: Passage | None) -> HttpResponse:
    assert passage is not None  # noqa: S101
    before = screen.numbers_of_mention(passage.mention)
    form = screen.form(data=screen.request.POST, passage=passage)
    done = None
    if form.is_valid():
        try:
            done = _try(form, screen.request)
        except StaleVersionError:
            return _again(screen, passage, _edit)
    if done is None:
        return _form_refused(screen, form)
    _log(screen.request, passage.mention, "changed")
    fresh = Passage.objects.select_related("mention").get(pk=passage.pk)
    touched = before | screen.numbers_of_mention(fresh.mention)
    said = _("%(reference)s was saved.") % {"reference": passage.reference}
    return _done(screen, fresh, touched, said)


def _move(screen: Screen, passage: Passage | None) -> HttpResponse:
    assert passage is not None  # noqa: S101
    before = screen.numbers_of(passage)
    form = MoveForm(screen.request.POST, text=screen.text, passage=passage)
    done = None
    if form.is_valid():
        try:
            done = _try(form, screen.request)
        except StaleVersionError:
            return _again(screen, passage, _move)
    if done is None:
        return _form_refused(screen, form)
    _log(screen.request, passage.mention, "changed")
    said = _("%(reference)s was moved.") % {"reference": passage.reference}
    return _done(screen, passage, before | screen.numbers_of(passage), said)


def _remove(screen: Screen, passage: Passage | None) -> HttpResponse:
    assert passage is not None  # noqa: S101
    before, reference, mention = screen.numbers_of(passage), passage.reference, passage.mention
    form = RemoveForm(screen.request.POST, passage=passage)
    if not form.is_valid() or _try(form, screen.request) is None:
        return _form_refused(screen, form)
    _log(screen.request, mention, "changed")
    said = _("%(reference)s was removed.") % {"reference": reference}
    return _done(screen, None, before, said)


def _again(screen: Screen, passage: Passage, task: Any) -> HttpResponse:
    """Look once more at what somebody saved between our look and our write."""
    fresh = _passage(screen.text, str(passage.pk))
    answer: HttpResponse = _gone(screen) if fresh is None else task(screen, fresh)
    return answer


def _dismiss(screen: Screen, _passage: Passage | None) -> HttpResponse:
    """Suggest a demand no more for a paragraph."""
    sent = screen.request.POST
    key, number = sent.get("demand", ""), sent.get("paragraph", "")
    demand = Demand.objects.filter(pk=int(key)).first() if is_key(key) else None
    sha256 = screen.hashes().get(int(number)) if is_key(number) else None
    as_seen = sent.get("seen_text", "") == str(screen.text.version)
    if demand is None or sha256 is None or not as_seen:
        return _refused(_("The text was changed in the meantime: load the page anew."), status=422)
    marking.dismiss(screen.text, demand, sha256, by=screen.request.user)
    said = _("%(demand)s is not suggested here any more.") % {"demand": demand.reference}
    return JsonResponse({"said": said})


TASKS = {"add": _add, "edit": _edit, "move": _move, "remove": _remove, "dismiss": _dismiss}


def _log(request: HttpRequest, row: Any, what: str) -> None:
    """Note in the list of recent actions what somebody did."""
    model_admin = admin_for(type(row))
    if model_admin is None or not type(row)._default_manager.filter(pk=row.pk).exists():
        return
    log = model_admin.log_addition if what == "added" else model_admin.log_change
    log(request, row, [{what: {}}])


# --- Looking things up -----------------------------------------------------------------------


def demands_view(admin: Any, request: HttpRequest, object_id: str) -> HttpResponse:
    """Return the demands that typed words may mean: at most 10, as JSON."""
    statement = _statement(admin, request, object_id)
    if statement is None or not request.user.has_perm("demands.view_demand"):
        raise PermissionDenied
    rows = find_demands(request.GET.get("q", ""))
    return JsonResponse(
        {
            "results": [
                {"id": row.pk, "label": demand_label(row), "about": with_state(row, theme=True)}
                for row in rows
            ]
        }
    )


def people_view(admin: Any, request: HttpRequest, object_id: str) -> HttpResponse:
    """Return the people that a typed name may mean, the statement's speakers first, as JSON."""
    statement = _statement(admin, request, object_id)
    if statement is None or not request.user.has_perm("statements.view_person"):
        raise PermissionDenied
    rows = find_people(request.GET.get("q", ""), statement)
    return JsonResponse(
        {"results": [{"id": row.pk, "label": person_label(row), "about": ""} for row in rows]}
    )
