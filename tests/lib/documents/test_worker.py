"""Whatever bytes come in, the worker answers: with a text or with a reason."""

import functools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kptracker.lib.documents.sentences import REFUSALS
from kptracker.lib.documents.worker import answer
from tests.lib.documents import papers

#: No database has a part in it.
pytestmark = pytest.mark.once

WHOLE = {
    "docx": functools.cache(lambda: papers.word("Remarks", items=("one", "two"))),
    "odt": functools.cache(lambda: papers.open_text("<text:p>Remarks on the mines</text:p>")),
    "pdf": functools.cache(lambda: papers.pdf([(700, "Remarks on the river mines")])),
    "html": functools.cache(lambda: b"<!DOCTYPE html><html><body><ul><li>one</ul></body></html>"),
    "txt": functools.cache(lambda: "Remarques à Kono".encode("cp1252")),
}


def ask(ending: str, content: bytes) -> dict:
    said = answer({"ending": ending, "pages": 500, "signs": 2_000_000}, content)
    if "error" in said:
        assert said["error"] in REFUSALS
    else:
        assert said["text"].strip()
        assert "\x00" not in said["text"]
        assert said["text"].encode()
    return said


@settings(deadline=None)
@given(st.binary(max_size=300), st.sampled_from([*WHOLE, "", "doc", "xyz"]))
def test_any_bytes_get_an_answer(content: bytes, ending: str) -> None:
    ask(ending, content)


@settings(max_examples=200, deadline=None)
@pytest.mark.parametrize("ending", WHOLE)
@given(data=st.data())
def test_damaged_documents_get_an_answer(ending: str, data: st.DataObject) -> None:
    """A few bytes overwritten, the end cut off."""
    content = bytearray(WHOLE[ending]())
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place] = data.draw(st.integers(0, 255))
    ask(ending, bytes(content[: data.draw(st.integers(1, len(content)))]))
    ask(ending, bytes(content))


@pytest.mark.parametrize("ending", WHOLE)
def test_the_whole_documents_are_read(ending: str) -> None:
    assert ask(ending, WHOLE[ending]())["kind"] == ending
