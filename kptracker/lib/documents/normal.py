"""The normal form of a text: what its hash is taken of, so that line breaks do not matter.

The shipped record keeps passages as two numbers and a hash. They count in the normal form, and
find their words again in any copy of the document, however its lines are broken.
"""

import hashlib
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator


class NormalForm:
    """A text and its normal form (Unicode NFC, white space single), place by place.

    ``text`` is the normal form and ``original`` what it was made of. Make one and ask it often;
    the functions below make one for each question.
    """

    def __init__(self, original: str) -> None:
        self.original = original
        # Where in the original each sign of the normal form begins.
        self._starts: list[int] = []
        signs: list[str] = []
        after_space = True
        end = 0
        for sign, begins, ends in _signs_in_nfc(original):
            if sign.isspace():
                if not after_space:
                    signs.append(" ")
                    self._starts.append(begins)
                after_space = True
            else:
                signs.append(sign)
                self._starts.append(begins)
                after_space = False
                end = ends
        if signs and after_space:
            signs.pop()
            self._starts.pop()
        self.text = "".join(signs)
        self._end = end

    @property
    def hash(self) -> str:
        """Return the SHA-256 of the normal form, in hexadecimal digits."""
        # A lone half of a surrogate pair cannot be written in UTF-8; a text with one still
        # has a hash.
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()

    def to_normal(self, place: int) -> int:
        """Return where ``place`` of the original lies in the normal form.

        A place inside a run of white space is the end of its one space; one before the first
        word is 0, one after the last word is the end.

        Raises ValueError if the original has no such place.
        """
        if not 0 <= place <= len(self.original):
            raise ValueError(f"{place} is not a place in a text of {len(self.original)} signs.")
        return bisect_left(self._starts, place)

    def from_normal(self, place: int) -> int:
        """Return where ``place`` of the normal form lies in the original.

        The end of a word is its end, the beginning of a word its beginning, however much white
        space lies between the two. ``to_normal`` leads back to the same place, unless it lies
        between two signs that the original writes as one (which NFC leaves nowhere).

        Raises ValueError if the normal form has no such place.
        """
        if not 0 <= place <= len(self.text):
            raise ValueError(f"{place} is not a place in a text of {len(self.text)} signs.")
        return self._starts[place] if place < len(self._starts) else self._end


def normalise(text: str) -> str:
    """Return ``text`` in NFC, each run of white space one space, none at either end."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def normal_hash(text: str) -> str:
    """Return the SHA-256 of the normal form of ``text``, in hexadecimal digits."""
    return hashlib.sha256(normalise(text).encode("utf-8", "surrogatepass")).hexdigest()


def to_normal(text: str, place: int) -> int:
    """Return where ``place`` of ``text`` lies in its normal form; see ``NormalForm``."""
    return NormalForm(text).to_normal(place)


def from_normal(text: str, place: int) -> int:
    """Return where ``place`` of the normal form of ``text`` lies in ``text``."""
    return NormalForm(text).from_normal(place)


def may_join_the_sign_before(sign: str) -> bool:
    """Say whether NFC may join ``sign`` to what stands before it (accents, Korean vowels)."""
    return (
        unicodedata.category(sign).startswith("M")
        or "\u1160" <= sign <= "\u11ff"
        # Kirat Rai vowels, which are letters and join all the same.
        or "\U00016d63" <= sign <= "\U00016d6a"
    )


def _signs_in_nfc(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield each sign of ``text`` in NFC with the places between which it comes from."""
    if unicodedata.is_normalized("NFC", text):
        for place, sign in enumerate(text):
            yield sign, place, place + 1
        return
    begin = 0
    while begin < len(text):
        end = begin + 1
        while end < len(text) and may_join_the_sign_before(text[end]):
            end += 1
        for number, sign in enumerate(unicodedata.normalize("NFC", text[begin:end])):
            yield sign, begin + min(number, end - begin - 1), end
        begin = end
