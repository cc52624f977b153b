"""The marking screen as tests ask it: its address, what its script sends, who may."""

from typing import Any

from django.contrib.auth import get_user_model
from django.test import Client

from demands import marking
from demands.models import Passage
from statements.models import Text
from tests import factories as make

BODY = "Friends,\n\nwe ask to widen the definition. We ask it again.\n\nAnd we ask to be heard."
ALL = ["view_statement", "view_mention", "add_mention", "change_mention", "delete_mention"]
MORE = ["add_demand", "view_demand", "view_person", "publish_demand"]
#: What visitors read where something published is set right.
WHY = {"correction-why": "The place was not the right one."}


def url(text: Text, more: str = "") -> str:
    return f"/admin/statements/statement/{text.statement_id}/mark/{more}?text={text.pk}"


def ask(client: Client, text: Text, **values: Any) -> tuple[int, Any]:
    """Send what the script of the page sends."""
    answer = client.post(url(text), values, headers={"Accept": "application/json"})
    assert answer["Content-Type"] == "application/json", answer.status_code
    return answer.status_code, answer.json()


def words(text: Text, chosen: str) -> dict[str, Any]:
    start = text.body.index(chosen)
    return {
        "words": chosen,
        "start": start,
        "end": start + len(chosen),
        "seen_text": text.version,
        "kind": "demanded",
    }


def passage_of(text: Text, chosen: str = "widen the definition", **more: Any) -> Passage:
    mention = make.MentionFactory(statement=text.statement, **more)
    start = text.body.index(chosen)
    return marking.mark(mention, text, start, start + len(chosen), by=None)


def get_superuser() -> Client:
    user = get_user_model()._default_manager.create_superuser("root", "r@example.org", "x")
    client = Client()
    client.force_login(user)
    return client


def get_superuser_of() -> Any:
    return get_user_model()._default_manager.create_superuser("strict", "s@example.org", "x")
