"""What keeps a document from being read, told by the worker in one word."""

from typing import Any


class Unreadable(Exception):
    """A document cannot be read; ``code`` says why, ``details`` what the sentence needs.

    The worker knows no languages: ``sentences.py`` has the sentence for each code.
    """

    def __init__(self, code: str, **details: Any) -> None:
        super().__init__(code)
        self.code = code
        self.details = details
