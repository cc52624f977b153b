"""Sign by sign: what no reader sees or types goes, what belongs to the language stays.

Accents, Arabic vowels, typographic quotation marks and guillemets are never touched.
"""

import re
import unicodedata

from .notes import Note

SOFT_HYPHEN = "\u00ad"
#: Letters drawn as one. Only these: general compatibility folding would change fractions,
#: superscripts and the like, which an author chose.
LIGATURES = {
    "\ufb00": "ff",
    "\ufb01": "fi",
    "\ufb02": "fl",
    "\ufb03": "ffi",
    "\ufb04": "ffl",
    "\ufb05": "st",
    "\ufb06": "st",
}
#: Bullets that fonts of symbols keep in places that Unicode leaves to them.
BULLETS = dict.fromkeys("\uf0b7\uf0a7\uf0d8\uf076\uf02d\uf0fc", "•")
PLAINER = {ord(sign): plain for sign, plain in {**LIGATURES, **BULLETS}.items()}
#: Format signs that are written and seen: Arabic number signs and the like.
SEEN = set("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2")
#: Invisible signs that Unicode does not count as format signs.
UNSEEN = set("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")
#: Joiners: needed between letters of Persian, Hindi and others, and inside emoji.
JOINERS = "\u200c\u200d"
#: A no-break space stays where French and figures have it, and is a plain space elsewhere.
PLAIN_SPACE = re.compile(
    r"(?<![«‹\d])[\u00a0\u202f](?![:;!?»›%€$\d])"
    r"|(?<=\d)[\u00a0\u202f](?![:;!?»›%€$\d])"
    r"|(?<![«‹\d])[\u00a0\u202f](?=\d)"
)


def mend_signs(text: str) -> tuple[str, list[Note]]:
    """Return the text in NFC with plain line ends and spaces, and what was changed."""
    notes: list[Note] = []
    text = re.sub(r"\r\n?|[\x0b\x85\u2028]", "\n", text)
    text = re.sub(r"[\f\u2029]", "\n\n", text)
    text, found = _without_invisible(text)
    notes += found
    # At a line end a soft hyphen is a hyphen that was used.
    text = re.sub(rf"{SOFT_HYPHEN}+(?=[ \t]*\n)", "\u2010", text)
    if count := text.count(SOFT_HYPHEN):
        notes.append(Note("soft_hyphens", count))
        text = text.replace(SOFT_HYPHEN, "")
    ligatures = [sign for sign in text if sign in LIGATURES]
    if ligatures:
        shown = tuple(dict.fromkeys(LIGATURES[sign] for sign in ligatures))
        notes.append(Note("ligatures", len(ligatures), shown))
    text = text.translate(PLAINER)
    if not unicodedata.is_normalized("NFC", text):
        notes.append(Note("accents", 1))
        text = unicodedata.normalize("NFC", text)
    return _plain_spaces(text), notes


def _plain_spaces(text: str) -> str:
    """Return the text with single spaces, none at the ends of lines."""
    text = re.sub(r"[^\S\n\u00a0\u202f]", " ", text)
    text = re.sub(r"[ \u00a0\u202f]{2,}", " ", text)
    text = PLAIN_SPACE.sub(" ", text)
    text = re.sub(r"[ \u00a0\u202f]*\n[ \u00a0\u202f]*", "\n", text)
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _without_invisible(text: str) -> tuple[str, list[Note]]:
    """Return the text without signs that show nothing, and which they were and where."""
    kept: list[str] = []
    places: dict[str, list[int]] = {}
    for place, sign in enumerate(text):
        if _is_invisible(sign) and not (sign in JOINERS and _joins(text, place)):
            places.setdefault(sign, []).append(place)
        else:
            kept.append(sign)
    notes = []
    for sign, where in places.items():
        name = f"U+{ord(sign):04X} {unicodedata.name(sign, '')}".strip()
        before = re.search(r"(\w+)\W*$", text[max(0, where[0] - 60) : where[0]])
        example = f"{name} × {len(where)}"
        if before:
            example += f" (“{before.group(1)[-30:]}…”)"
        notes.append(Note("invisible", len(where), (example,)))
    return "".join(kept), notes


def _is_invisible(sign: str) -> bool:
    if sign in "\n\t" or sign in SEEN or sign == SOFT_HYPHEN:
        return False
    # Format signs (directions, zero widths, tags), controls, and halves of surrogate pairs.
    return unicodedata.category(sign) in ("Cf", "Cc", "Cs") or sign in UNSEEN


def _joins(text: str, place: int) -> bool:
    """Say whether a joiner stands between two letters of a script that needs it, or emoji."""
    if not 0 < place < len(text) - 1:
        return False
    return all(
        unicodedata.category(text[side]) in ("Lo", "Mn", "Mc", "So") and text[side] not in UNSEEN
        for side in (place - 1, place + 1)
    )
