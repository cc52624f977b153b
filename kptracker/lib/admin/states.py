"""Draft, in review, published, taken down: the buttons of a row and what they do."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ..publishing import PublishedModel, State
from ..vocabularies import label, terms
from ..writing import StaleVersionError, in_one_go
from .forms import LARGEST_VERSION, last_change
from .refusals import RefusedError, refused_by
from .rows import RecordAdmin

#: What a button asks for, and from which states.
MOVES = {
    State.IN_REVIEW: (State.DRAFT,),
    State.DRAFT: (State.IN_REVIEW,),
    State.PUBLISHED: (State.DRAFT, State.IN_REVIEW, State.TAKEN_DOWN),
    State.TAKEN_DOWN: (State.PUBLISHED,),
}
#: Moves that visitors see, and that need the right to publish.
PUBLIC_MOVES = (State.PUBLISHED, State.TAKEN_DOWN)
#: The buttons at the end of the form that save first.
SAVE_AND = {"_publish": State.PUBLISHED, "_review": State.IN_REVIEW}


class TakeDownForm(forms.Form):
    """Why something is taken down."""

    reason = forms.CharField(
        label=gettext_lazy("Why it is taken down"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
        help_text=gettext_lazy(
            "Visitors who come to its address read this. Name nobody who could be harmed."
        ),
        error_messages={
            "required": gettext_lazy("Say why it is taken down: visitors read the reason.")
        },
    )
    version = forms.IntegerField(min_value=0, max_value=LARGEST_VERSION, widget=forms.HiddenInput)


def sentences(error: ValidationError) -> str:
    """Return all messages of an error in one line."""
    return " ".join(error.messages)


class PublishedAdmin(RecordAdmin):
    """The admin of a table whose rows are drafted, reviewed, published and taken down."""

    change_form_template = "admin/published_change_form.html"
    actions = ["publish_selected", "export_public_rows"]

    def set_state(self, row: Any, state: str, *, by: Any, why: str = "") -> None:
        """Move a row to a state, through the actions of its room."""
        raise NotImplementedError

    # --- rights -----------------------------------------------------------------------------

    def has_publish_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Tell whether the user may publish and take down."""
        return request.user.has_perm(f"{self.opts.app_label}.publish_{self.opts.model_name}")

    def _may_move(self, request: HttpRequest, row: Any, state: str) -> bool:
        if state in PUBLIC_MOVES:
            return self.has_publish_permission(request, row)
        return self.has_change_permission(request, row)

    def possible_moves(self, request: HttpRequest, row: Any) -> list[str]:
        """Return the states to which the user can move a row."""
        return [
            state
            for state, sources in MOVES.items()
            if row.state in sources and self._may_move(request, row, state)
        ]

    # --- the form ---------------------------------------------------------------------------

    def render_change_form(
        self,
        request: HttpRequest,
        context: Any,
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> Any:
        context["may_publish"] = self.has_publish_permission(request, obj)
        may_edit = self.has_change_permission(request, obj) or add
        unpublished = obj is None or obj.state in (State.DRAFT, State.IN_REVIEW)
        context["show_save_and_publish"] = (
            may_edit and context["may_publish"] and (unpublished or obj.state == State.TAKEN_DOWN)
        )
        context["show_save_and_review"] = may_edit and (obj is None or obj.state == State.DRAFT)
        if obj is not None:
            context.update(self.state_context(request, obj))
        return super().render_change_form(request, context, add, change, form_url, obj)

    def state_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """Return what the panel of states shows."""
        # The form may hold unsaved values on the same row: the panel is about what is saved.
        saved = self.model._base_manager.get(pk=row.pk)
        moves = self.possible_moves(request, saved)
        public = type(saved).objects.public().filter(pk=saved.pk).exists()
        return {
            "state": {
                "code": saved.state,
                "label": label("state", saved.state),
                "definition": terms("state")[saved.state].definition_in(),
                "reason": saved.taken_down_reason,
                "version": saved.version,
                "public_url": saved.get_absolute_url() if public else "",
                "hidden": saved.is_published and not public,
            },
            "can_review": State.IN_REVIEW in moves,
            "can_redraft": State.DRAFT in moves,
            "can_publish": State.PUBLISHED in moves,
            "can_take_down": State.TAKEN_DOWN in moves,
            "state_url": self.url("state", row.pk),
            "take_down_url": self.url("take_down", row.pk),
        }

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> Any:
        publishes = request.method == "POST" and "_publish" in request.POST
        if publishes and not self.has_publish_permission(request):
            raise PermissionDenied
        return super().changeform_view(request, object_id, form_url, extra_context)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        for button, state in SAVE_AND.items():
            if button in request.POST and form.instance.state in MOVES[state]:
                with refused_by(""):
                    self.set_state(form.instance, state, by=request.user)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> Any:
        return self._stay(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Any) -> Any:
        return self._stay(request, obj) or super().response_change(request, obj)

    def _stay(self, request: HttpRequest, obj: Any) -> HttpResponse | None:
        if not any(button in request.POST for button in SAVE_AND) or "_popup" in request.POST:
            return None
        self._say_state(request, obj)
        return HttpResponseRedirect(self.url("change", obj.pk))

    # --- the buttons ------------------------------------------------------------------------

    def get_urls(self) -> list[Any]:
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        view = self.admin_site.admin_view
        return [
            path("<path:object_id>/state/", view(self.state_view), name=f"{name}_state"),
            path(
                "<path:object_id>/take-down/",
                view(self.take_down_view),
                name=f"{name}_take_down",
            ),
            *super().get_urls(),
        ]

    def url(self, view: str, key: Any) -> str:
        """Return the address of a view of one row."""
        name = f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_{view}"
        return reverse(name, args=[quote(key)])

    def state_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Move a row to the state that a button asks for."""
        row, refusal = self._row(request, object_id)
        if refusal is not None:
            return refusal
        state = request.POST.get("state", "")
        if request.method == "POST" and state in MOVES and state != State.TAKEN_DOWN:
            if not self._may_move(request, row, state):
                raise PermissionDenied
            if row.state not in MOVES[state]:
                messages.info(request, self._state_words(row))
            elif self._move(request, row, state, request.POST.get("version", "")):
                self._say_state(request, row)
        return HttpResponseRedirect(self.url("change", row.pk))

    def take_down_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask for the reason, and take a published row down."""
        row, refusal = self._row(request, object_id)
        if refusal is not None:
            return refusal
        if not self.has_publish_permission(request, row):
            raise PermissionDenied
        if row.state != State.PUBLISHED:
            messages.info(request, self._state_words(row))
            return HttpResponseRedirect(self.url("change", row.pk))
        form = TakeDownForm(request.POST or None, initial={"version": row.version})
        if request.method == "POST" and form.is_valid():
            moved = self._move(
                request,
                row,
                State.TAKEN_DOWN,
                str(form.cleaned_data["version"]),
                form.cleaned_data["reason"],
            )
            if moved:
                self._say_state(request, row)
                return HttpResponseRedirect(self.url("change", row.pk))
            # The reason stays; the version of the form is brought up to date.
            fresh = self.model._base_manager.get(pk=row.pk).version
            form = TakeDownForm({"reason": form.cleaned_data["reason"], "version": fresh})
        return TemplateResponse(
            request,
            "admin/take_down.html",
            {
                **self.admin_site.each_context(request),
                "title": _("Take down"),
                "subtitle": str(row),
                "form": form,
                "original": row,
                "opts": self.opts,
                "media": self.media,
                "change_url": self.url("change", row.pk),
            },
        )

    def _row(self, request: HttpRequest, object_id: str) -> tuple[Any, HttpResponse | None]:
        row = self.get_object(request, unquote(object_id))
        if not self.has_view_or_change_permission(request, row):
            raise PermissionDenied
        if row is None:
            return None, self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        return row, None

    def _move(
        self, request: HttpRequest, row: Any, state: str, version: str, why: str = ""
    ) -> bool:
        """Move a row; say why where it cannot be. Returns whether it was moved."""
        if version != str(row.version):
            self._say_stale(request, row)
            return False
        try:
            with in_one_go(), refused_by(""):
                self.set_state(row, state, by=request.user, why=why)
        except RefusedError as refused:
            messages.error(request, sentences(refused.error))
            return False
        except StaleVersionError:
            self._say_stale(request, row)
            return False
        self.log_change(request, row, [{"changed": {"fields": [_("state")]}}])
        return True

    def _say_stale(self, request: HttpRequest, row: Any) -> None:
        who, when = last_change(row)
        messages.error(
            request,
            _(
                "%(who)s changed “%(row)s” in the meantime (%(when)s). Look at it, then press "
                "the button again."
            )
            % {"who": who, "row": row, "when": when},
        )

    def _state_words(self, row: Any) -> str:
        return _("“%(row)s” is now: %(state)s.") % {"row": row, "state": label("state", row.state)}

    def _say_state(self, request: HttpRequest, row: Any) -> None:
        words = self._state_words(row)
        if type(row).objects.public().filter(pk=row.pk).exists():
            words = format_html(
                '{} <a href="{}">{}</a>', words, row.get_absolute_url(), _("See it on the site")
            )
        messages.success(request, words)

    # --- lists ------------------------------------------------------------------------------

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_shown(self, row: PublishedModel) -> str:
        """The state as a word with a colour."""
        return format_html(
            '<span class="state state-{}">{}</span>', row.state, label("state", row.state)
        )

    @admin.action(description=gettext_lazy("Publish the selected entries"), permissions=["publish"])
    def publish_selected(self, request: HttpRequest, queryset: Any) -> None:
        """Publish what is ready, and name what is not, with the reason."""
        published, refusals = 0, []
        with in_one_go():
            # What was taken down is published again one by one, by somebody who read why.
            for row in queryset.filter(state__in=[State.DRAFT, State.IN_REVIEW]):
                try:
                    with refused_by(""):
                        self.set_state(row, State.PUBLISHED, by=request.user)
                except (RefusedError, StaleVersionError) as error:
                    why = sentences(error.error) if isinstance(error, RefusedError) else str(error)
                    refusals.append(f"{row}: {why}")
                else:
                    published += 1
                    self.log_change(request, row, [{"changed": {"fields": [_("state")]}}])
        if published or not refusals:
            messages.success(
                request,
                ngettext(
                    "%(count)d entry was published.", "%(count)d entries were published.", published
                )
                % {"count": published},
            )
        for refusal in refusals[:20]:
            messages.error(request, _("Not published: %(what)s") % {"what": refusal})
        if len(refusals) > 20:
            messages.error(request, _("And %(count)d more.") % {"count": len(refusals) - 20})
