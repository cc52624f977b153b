"""Reading a document: bytes in, text out, and one clear sentence where that cannot be.

The bytes are opened by a program of its own (``worker.py``) with a limit of time and memory.
Nothing is saved here: a document that cannot be read leaves no trace.
"""

import hashlib
import json
import os
import re
import subprocess
import sys
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from .kinds import MEDIA_TYPES
from .sentences import reading_notes, refusal

#: Where ``python -m`` finds the worker.
ROOT = Path(__file__).resolve().parents[3]
#: The longest name of a file that is kept.
LONGEST_NAME = 120


class DocumentError(ValueError):
    """A document cannot be read. Its text is one sentence: what is wrong and what to do.

    ``code`` names the reason for programs and tests.
    """

    def __init__(self, sentence: str, code: str) -> None:
        super().__init__(sentence)
        self.code = code


@dataclass(frozen=True)
class Limits:
    """How much a document may be and cost."""

    seconds: float = 20
    #: Memory of the worker.
    megabytes: int = 512
    #: Size of the file.
    content_bytes: int = 20_000_000
    #: Length of the text in code points; a long report has some 500,000.
    signs: int = 2_000_000
    #: A PDF with this many pages or more is refused.
    pages: int = 500


LIMITS = Limits()


@dataclass(frozen=True)
class Reading:
    """A document as it was read.

    ``text`` has raw blocks separated by blank lines; a single newline is a line break inside a
    block, a form feed the end of a page of a PDF. ``kind`` is txt, pdf, docx, odt, html or
    pasted; ``encoding`` is '' where the format fixes it. ``sha256`` and ``size`` are those of the
    original bytes.
    """

    name: str
    text: str
    kind: str
    encoding: str
    media_type: str
    sha256: str
    size: int
    found: Mapping[str, Any] = field(default_factory=dict)

    @property
    def notes(self) -> list[str]:
        """Say in words what was left out or decided, in the language of the moment."""
        return reading_notes(self.found)


def safe_name(name: str) -> str:
    """Return the base name of a file, fit to be shown and stored: no folders, no tricks.

    A name with ``../`` loses everything up to the last slash; signs that reorder or hide text,
    and those that file systems forbid, go.
    """
    base = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    base = "".join(sign for sign in base if unicodedata.category(sign)[0] != "C")
    base = " ".join(re.sub(r'[<>:"|?*]', "_", base).split()).strip(". ")
    if len(base) > LONGEST_NAME:
        stem, point, ending = base.rpartition(".")
        if point and len(ending) <= 10:
            base = stem[: LONGEST_NAME - len(ending) - 1].rstrip(". ") + point + ending
        else:
            base = base[:LONGEST_NAME].rstrip(". ")
    return base or "document"


def read_document(name: str, content: bytes, *, limits: Limits = LIMITS) -> Reading:
    """Return the text of a document and what is known about the file.

    Args:
        name: what the file is called; only its base name is used and kept.
        content: its bytes.
        limits: how much it may be and cost.

    Raises:
        DocumentError: it cannot be read; its text says why and what to do.

    """
    name = safe_name(name)
    if len(content) > limits.content_bytes:
        raise _error(
            "too_large",
            name,
            megabytes=round(len(content) / 1_000_000),
            most=limits.content_bytes // 1_000_000,
        )
    if not content.strip():
        raise _error("empty", name)
    said = _ask_worker(name, content, limits)
    if "error" in said:
        details = {
            "memory": limits.megabytes,
            "most": limits.signs,
            **said.get("details", {}),
        }
        raise _error(said["error"], name, **details)
    return Reading(
        name=name,
        text=said["text"],
        kind=said["kind"],
        encoding=said["encoding"],
        media_type=MEDIA_TYPES[said["kind"]],
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        found=said["notes"],
    )


def read_pasted(text: str, *, limits: Limits = LIMITS) -> Reading:
    """Return text that was pasted, as a document without a file.

    Raises:
        DocumentError: empty, without words, too long, or with NUL signs in it.

    """
    name = _("The pasted text")
    if not text.strip():
        raise _error("empty", name)
    if "\x00" in text:
        raise _error("nul", name)
    if len(text) > limits.signs:
        raise _error("too_much_text", name, signs=len(text), most=limits.signs)
    if not re.search(r"\w", text):
        raise _error("no_words", name)
    content = text.encode("utf-8", "replace")
    return Reading(
        name="",
        text=content.decode("utf-8"),
        kind="pasted",
        encoding="utf-8",
        media_type="text/plain",
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
    )


def _error(code: str, name: str, **details: Any) -> DocumentError:
    return DocumentError(refusal(code, name, details), code)


def _ask_worker(name: str, content: bytes, limits: Limits) -> dict[str, Any]:
    """Have the worker read the bytes and return its answer, whatever becomes of it."""
    stem, point, ending = name.rpartition(".")
    arguments = {
        "ending": ending.lower() if point and stem else "",
        "seconds": max(1, round(limits.seconds)),
        "megabytes": limits.megabytes,
        "signs": limits.signs,
        "pages": limits.pages,
    }
    command = [sys.executable, "-s", "-B", "-X", "utf8", "-m", "kptracker.lib.documents.worker"]
    try:
        done = subprocess.run(
            [*command, json.dumps(arguments)],
            input=content,
            capture_output=True,
            timeout=limits.seconds,
            cwd=ROOT,
            # No settings, no passwords: the worker needs none.
            env={"PATH": os.environ.get("PATH", os.defpath)},
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise _error("time", name, seconds=f"{limits.seconds:g}") from error
    try:
        said = json.loads(done.stdout)
    except ValueError:
        # It died before it could answer: a C library that found no memory, or broke.
        said = {"error": "memory" if b"emory" in done.stderr else "corrupt"}
        if done.returncode == -24:  # SIGXCPU: its own clock was first.
            raise _error("time", name, seconds=f"{limits.seconds:g}") from None
    return said
