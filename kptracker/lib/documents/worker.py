"""The program that opens a document: apart from the site, with little time and little memory.

Documents come from anywhere and their formats are large. What goes wrong in here (a bomb, an
endless loop, a crash of a C library) ends this program and nothing else. It gets the bytes on
its standard input, knows no settings, no database and no secrets, and answers in JSON.
"""

import contextlib
import json
import logging
import re
import resource
import sys
from typing import Any

from .unreadable import Unreadable


def limit(seconds: int, megabytes: int) -> None:
    """Take away from this program what it must not use."""
    memory = megabytes * 1_048_576
    for what, most in [
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds + 1),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ]:
        # A system that cannot limit one of them still has the others, and the caller's clock.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, (most, most))


def read(ending: str, content: bytes, *, pages: int) -> dict[str, Any]:
    """Return the kind, text, encoding and notes of a document.

    Raises:
        Unreadable: with the reason.

    """
    # Each kind brings its own library; a text file needs none of them.
    from .kinds import kind_of

    kind = kind_of(ending, content)
    encoding = ""
    notes: dict[str, Any] = {}
    if kind == "pdf":
        from .pdf import read_pdf

        text, notes = read_pdf(content, most_pages=pages)
    elif kind == "docx":
        from .word import read_word

        text, notes = read_word(content)
    elif kind == "odt":
        from .open_text import read_open_text

        text, notes = read_open_text(content)
    elif kind == "html":
        from .web_page import read_web_page

        text, encoding, notes = read_web_page(content)
    else:
        from .plain import decode

        text, encoding = decode(content)
    if not re.search(r"\w", text):
        raise Unreadable("no_words")
    return {"kind": kind, "text": text, "encoding": encoding, "notes": notes}


def answer(arguments: dict[str, Any], content: bytes) -> dict[str, Any]:
    """Return what ``read`` found, or the reason why it found nothing."""
    try:
        found = read(arguments["ending"], content, pages=arguments["pages"])
        if len(found["text"]) > arguments["signs"]:
            raise Unreadable("too_much_text", signs=len(found["text"]))
        # Half a surrogate pair is no sign of any script and cannot be stored.
        found["text"] = found["text"].encode("utf-8", "replace").decode("utf-8")
        return found
    except Unreadable as error:
        return {"error": error.code, "details": error.details}
    except (MemoryError, ImportError):
        # Under a tight limit a library may not even load.
        return {"error": "memory"}
    except Exception as error:
        # Parsers raise whatever they like on broken files; none of it helps the reader.
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return {"error": "corrupt"}


def main() -> None:
    """Read the arguments, then the document, and write the answer."""
    arguments = json.loads(sys.argv[1])
    # What libraries have to say about broken files helps nobody.
    logging.disable(logging.CRITICAL)
    limit(arguments["seconds"], arguments["megabytes"])
    try:
        said = answer(arguments, sys.stdin.buffer.read())
    except MemoryError:
        said = {"error": "memory"}
    sys.stdout.write(json.dumps(said))


if __name__ == "__main__":
    main()
