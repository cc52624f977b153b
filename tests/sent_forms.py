"""Forms of a page as a browser sends them, for tests that post what a page really offers."""

from html.parser import HTMLParser
from typing import Any

from django.test import Client

Data = dict[str, list[str]]
#: What staff write for visitors where a test is about something else.
WRONG = "It was entered wrongly."


class _Reader(HTMLParser):
    """Collects the fields of one form, chosen by the end of its id or address; '' has neither."""

    def __init__(self, wanted: str) -> None:
        super().__init__()
        self.wanted = wanted
        self.inside = False
        self.found = False
        self.data: Data = {}
        self.buttons: list[str] = []
        self._area = ""
        self._text: list[str] = []
        self._select: dict[str, Any] = {}

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        given = dict(attrs)
        if tag == "form":
            known = (given.get("id") or "", given.get("action") or "")
            self.inside = (
                any(one.endswith(self.wanted) for one in known if one)
                if self.wanted
                else not any(known)
            )
            self.found = self.found or self.inside
        if not self.inside:
            return
        name = given.get("name") or ""
        if tag == "input" and name:
            self._input(name, given)
        elif tag == "button" and name:
            self.buttons.append(f"{name}={given.get('value') or ''}")
        elif tag == "textarea":
            self._area, self._text = name, []
        elif tag == "select":
            self._select = {"name": name, "several": "multiple" in given, "all": [], "on": []}
        elif tag == "option" and self._select:
            self._select["all"].append(given.get("value") or "")
            if "selected" in given:
                self._select["on"].append(given.get("value") or "")

    def _input(self, name: str, given: dict[str, Any]) -> None:
        kind = given.get("type") or "text"
        if kind == "submit":
            self.buttons.append(name)
        elif kind in ("checkbox", "radio"):
            if "checked" in given:
                self.data.setdefault(name, []).append(given.get("value") or "on")
        else:
            self.data.setdefault(name, []).append(given.get("value") or "")

    def handle_data(self, data: str) -> None:
        if self._area:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        elif tag == "textarea" and self._area:
            text = "".join(self._text).removeprefix("\n").replace("\r\n", "\n")
            self.data.setdefault(self._area, []).append(text.replace("\n", "\r\n"))
            self._area = ""
        elif tag == "select" and self._select:
            made = self._select
            chosen = made["on"] or ([] if made["several"] else made["all"][:1])
            if chosen:
                self.data.setdefault(made["name"], []).extend(chosen)
            self._select = {}


class SentForm:
    """One form of a page: what it holds, which buttons it has, and where it goes."""

    def __init__(self, html: str, wanted: str = "_form") -> None:
        reader = _Reader(wanted)
        reader.feed(html)
        assert reader.found, f"the page has no form {wanted}"
        self.data = reader.data
        self.buttons = reader.buttons

    def set(self, **values: Any) -> "SentForm":
        """Type into fields; a list chooses several, None empties."""
        for name, value in values.items():
            key = name.replace("___", "-")
            if value is None:
                self.data.pop(key, None)
            else:
                many = value if isinstance(value, list) else [value]
                self.data[key] = [str(one) for one in many]
        return self

    def add_row(self, prefix: str, **values: Any) -> "SentForm":
        """Press “Add another” below, and fill the new row in."""
        place = int(self.data[f"{prefix}-TOTAL_FORMS"][0])
        self.data[f"{prefix}-TOTAL_FORMS"] = [str(place + 1)]
        for name, given in list(self.data.items()):
            if name.startswith(f"{prefix}-__prefix__-"):
                self.data[name.replace("__prefix__", str(place))] = list(given)
        for name, value in values.items():
            self.data[f"{prefix}-{place}-{name}"] = [str(value)]
        return self

    def press(self, button: str = "_save", *, line: str | None = WRONG) -> Data:
        """Return what is sent when a button is pressed. The button must be there.

        Where the form asks visitors' line for what is corrected, ``line`` is typed there if it
        is empty still; None leaves it as it is.
        """
        assert button in self.buttons, (button, self.buttons)
        name, _equals, value = button.partition("=")
        sent = {**self.data, name: [value or "1"]}
        if line and sent.get("correction-why") == [""] and "correction-none" not in sent:
            sent["correction-why"] = [line]
        return sent


def open_form(client: Client, address: str, wanted: str = "_form") -> SentForm:
    """Open a page and return its form."""
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer)
    return SentForm(answer.content.decode(), wanted)


def errors_of(answer: Any) -> list[str]:
    """Return every message of the forms on a page that came back."""
    assert answer.status_code == 200, answer
    admin_form = answer.context["adminform"].form
    found = [text for texts in admin_form.errors.values() for text in texts]
    for inline in answer.context["inline_admin_formsets"]:
        found += inline.formset.non_form_errors()
        for errors in inline.formset.errors:
            found += [text for texts in errors.values() for text in texts]
    return found
