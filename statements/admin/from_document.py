"""A statement comes in as a document: the file first, then one page on which all is decided."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kptracker.lib.admin import RefusedError, refused_by
from kptracker.lib.publishing import State
from kptracker.lib.writing import StaleVersionError

from ..intake import Document, TakenIn, media_type_of, personal_data_in, take_in
from ..intake.document_form import DocumentForm
from ..intake.forms import DecisionsForm
from ..intake.offering import NEW
from ..intake.screening import Screen
from ..models import Intake, Statement
from ..originals import clean_name, originals_with
from ..proposing import split
from .personal_data import tell

#: Where an error belongs whose field is called otherwise here.
PLACES = {
    "body": "text",
    "file": "text",
    "person": "speakers",
    "role": "speakers",
    "slug": "title",
    "document": "title",
    "words": "text",
    "why": "text",
}


class FromDocument:
    """The pages on which a document becomes a statement, for the admin of statements."""

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path(
                "from-document/",
                view(self.from_document_view),
                name="statements_statement_from_document",
            ),
            path(
                "from-document/<int:key>/",
                view(self.decide_view),
                name="statements_statement_decide",
            ),
            *super().get_urls(),
        ]

    def may_take_in(self, request: HttpRequest) -> bool:
        """Tell whether the user may make statements and texts."""
        return request.user.has_perms(["statements.add_statement", "statements.add_text"])

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        extra = {"may_take_in": self.may_take_in(request), **(extra_context or {})}
        return super().changelist_view(request, extra)

    # --- The file ---------------------------------------------------------------------------

    def from_document_view(self, request: HttpRequest) -> HttpResponse:
        """Ask for a file or a pasted text, read it, and go on to the decisions."""
        if not self.may_take_in(request):
            raise PermissionDenied
        sent = request.method == "POST"
        form = DocumentForm(request.POST, request.FILES) if sent else DocumentForm()
        if sent and form.is_valid():
            Intake.forget_old()
            intake = _keep(form, request.user)
            return HttpResponseRedirect(self._decide_url(intake))
        waiting = Intake.objects.filter(by=request.user).defer("content", "text")
        context = {
            "title": _("Add a statement from a document"),
            "form": form,
            "waiting": [(one, self._decide_url(one)) for one in waiting[:10]],
        }
        return self._page(request, "admin/from_document.html", context)

    def _decide_url(self, intake: Intake) -> str:
        return reverse("admin:statements_statement_decide", args=[intake.pk])

    def _page(self, request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
        return TemplateResponse(
            request,
            template,
            {
                **self.admin_site.each_context(request),
                "opts": self.opts,
                "media": self.media,
                **context,
            },
        )

    # --- The decisions -----------------------------------------------------------------------

    def decide_view(self, request: HttpRequest, key: int) -> HttpResponse:
        """Show what is proposed, take the proposals for removal, and save what was decided."""
        if not self.may_take_in(request):
            raise PermissionDenied
        try:
            intake = Intake.objects.filter(by=request.user).defer("content").get(pk=key)
        except (Intake.DoesNotExist, OverflowError):
            messages.info(
                request, _("This document was saved or discarded: it does not wait any more.")
            )
            return HttpResponseRedirect(reverse("admin:statements_statement_from_document"))
        if request.method != "POST":
            return self._decisions(request, DecisionsForm(screen=Screen(intake), user=request.user))
        if "_discard" in request.POST:
            intake.delete()
            messages.success(request, _("“%(name)s” was discarded.") % {"name": intake})
            return HttpResponseRedirect(reverse("admin:statements_statement_from_document"))
        if "_again" in request.POST:
            screen = Screen(intake)
        else:
            posted = request.POST.get("text", "").replace("\x00", "")
            screen = Screen(intake, posted, request.POST.getlist("remove"))
        if "_save" not in request.POST:
            if "_apply" in request.POST:
                screen = Screen(intake, screen.result, ())
            return self._decisions(
                request, DecisionsForm(screen=screen, user=request.user, typed=request.POST)
            )
        form = DecisionsForm(request.POST, screen=screen, user=request.user)
        if form.is_valid():
            answer = self._save(request, form)
            if answer is not None:
                return answer
        return self._decisions(request, form)

    def _decisions(self, request: HttpRequest, form: DecisionsForm) -> HttpResponse:
        screen = form.screen
        context = {
            "title": _("Check and save"),
            "subtitle": str(screen.intake),
            "form": form,
            "screen": screen,
            "chosen_target": form["target"].value() or NEW,
            "public": set(
                Statement.objects.public()
                .filter(slug__in=[one.slug for one in screen.candidates])
                .values_list("slug", flat=True)
            ),
            "held": [(one, self._change_url(one.statement.pk)) for one in screen.held],
            "alike": [
                (one, self._change_url(pk))
                for one in screen.alike
                for pk in Statement.objects.filter(slug=one.slug).values_list("pk", flat=True)
            ],
            "people_url": reverse("admin:statements_person_add"),
        }
        return self._page(request, "admin/from_document_check.html", context)

    def _save(self, request: HttpRequest, form: DecisionsForm) -> HttpResponse | None:
        """Save what was decided, and forget the document. None where it was refused."""
        screen, rest = form.screen, None
        body = screen.result
        if form.cut is not None:
            body, rest = split(body, form.cut)
        next_one = None
        try:
            with transaction.atomic(), refused_by(""):
                # Two clicks on the button: the second finds nothing left to save.
                intake = Intake.objects.select_for_update().filter(pk=screen.intake.pk).first()
                if intake is None:
                    return HttpResponseRedirect(self._decide_url(screen.intake))
                taken = take_in(
                    body,
                    by=request.user,
                    document=_document_of(intake),
                    but=intake.after,
                    **_of_part(form.arguments(), body),
                )
                if rest is not None:
                    next_one = Intake.objects.create(
                        by=request.user,
                        name=intake.name,
                        media_type=intake.media_type,
                        sha256=intake.sha256,
                        # The file goes with the personal data that are left out.
                        content=b"" if taken.removals else intake.content,
                        text=rest,
                        after=taken.statement,
                    )
                intake.delete()
                self._log(request, taken)
        except RefusedError as refused:
            _show(form, refused.error)
            return None
        except StaleVersionError as error:
            form.add_error(None, str(error))
            return None
        self._tell(request, taken)
        if next_one is not None:
            messages.info(request, _("Now the second text of the file."))
            return HttpResponseRedirect(self._decide_url(next_one))
        if not self.has_view_or_change_permission(request, taken.statement):
            return HttpResponseRedirect(reverse("admin:index"))
        return HttpResponseRedirect(self._change_url(taken.statement.pk))

    def _log(self, request: HttpRequest, taken: TakenIn) -> None:
        if taken.created:
            self.log_addition(request, taken.statement, [{"added": {}}])
        else:
            added = {"name": str(taken.text._meta.verbose_name), "object": str(taken.text)}
            self.log_change(request, taken.statement, [{"added": added}])

    # --- Said afterwards ----------------------------------------------------------------------

    def _tell(self, request: HttpRequest, taken: TakenIn) -> None:
        """Say what was done, and where it goes on."""
        statement = taken.statement
        if taken.created:
            words = _("“%(statement)s” is entered as a draft, with its text.")
        elif statement.state == State.PUBLISHED:
            words = _("The text was added to “%(statement)s”: visitors read it now.")
        else:
            words = _("The text was added to “%(statement)s”.")
        sentences = [words % {"statement": statement}, *taken.notes]
        if taken.left_out:
            sentences.append(
                ngettext(
                    "Personal data were left out in %(count)d place; the file was not kept.",
                    "Personal data were left out in %(count)d places; the file was not kept.",
                    taken.left_out,
                )
                % {"count": taken.left_out}
            )
        links = []
        if mark := self._url("mark", statement.pk):
            links.append((mark, _("Mark passages")))
        if left := len(personal_data_in(taken.text.body, statement)):
            words = ngettext(
                "%(count)d place with personal data: decide before it is published",
                "%(count)d places with personal data: decide before it is published",
                left,
            )
            panel = f"{self._change_url(statement.pk)}#personal-data-heading"
            links.append((panel, words % {"count": left}))
        messages.success(
            request,
            format_html(
                "{} {}",
                " ".join(sentences),
                format_html_join(" · ", '<a href="{}">{}</a>', links),
            ),
        )
        for removal in taken.removals:
            tell(request, removal)

    def _url(self, name: str, key: int) -> str:
        """Return the address of a page about a statement; '' where there is no such page."""
        try:
            return reverse(f"admin:statements_statement_{name}", args=[key])
        except NoReverseMatch:
            return ""

    def _change_url(self, key: int) -> str:
        return reverse("admin:statements_statement_change", args=[key])


def _keep(form: DocumentForm, by: Any) -> Intake:
    """Keep what was read until it is decided about."""
    reading = form.reading
    # A lone half of a surrogate pair, or a NUL, is no text for a database.
    text = reading.text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
    return Intake.objects.create(
        by=by,
        name=clean_name(reading.name) if reading.name else "",
        media_type=media_type_of(reading),
        sha256=reading.sha256 if reading.kind != "pasted" else "",
        content=form.content,
        text=text,
        found=dict(reading.found),
    )


def _document_of(intake: Intake) -> Document | None:
    """Return the file, None where there is none or it was deleted with the first part."""
    if not intake.media_type:
        return None
    if intake.after and originals_with(intake.sha256).filter(removed_at__isnull=False).exists():
        return None
    return Document(intake.name, bytes(intake.content), intake.media_type)


def _of_part(arguments: dict[str, Any], body: str) -> dict[str, Any]:
    """Leave out what was decided about words of the other part of the text."""
    cleared = {words: why for words, why in arguments["may_be_published"].items() if words in body}
    left_out = [one for one in arguments["leave_out"] if one.words in body]
    return {**arguments, "may_be_published": cleared, "leave_out": left_out}


def _show(form: DecisionsForm, error: ValidationError) -> None:
    """Show what an action refused beside its field."""
    by_field = getattr(error, "error_dict", {NON_FIELD_ERRORS: error.error_list})
    for name, errors in by_field.items():
        place = name.removesuffix("_first").removesuffix("_last")
        place = PLACES.get(place, place)
        form.add_error(place if place in form.fields else None, errors)
