"""Folded text: what is compared when a reader types without accents or in capitals."""

import unicodedata


def fold(text: str) -> str:
    """Return ``text`` without accents, case-folded, its white space single.

    Stored in its own column, so that SQLite and PostgreSQL find the same rows and sort them
    alike: neither folds more than ASCII in the same way.
    """
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    return " ".join(bare.replace("’", "'").split())
