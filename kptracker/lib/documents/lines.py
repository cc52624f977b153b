"""Lines and paragraphs: hard line breaks and divided words are mended, paragraphs stay.

A break inside a block stays where the line after it is an item of a list, a page number, an
address or a row of a table; where the block is a heading or a signature (short lines that all
begin large); and where a line is plainly shorter than its block is wide.

A hyphen at a line end goes when it only divided a word. It stays

- when the word with its hyphen is written inside a line elsewhere in the text, or both its
  halves are words that stand alone elsewhere ("human-" / "rights"), and the joined word is
  not ("humanrights");
- after words that English and French put a hyphen behind ("self-", "non-", "peut-"), before
  those that English hangs on ("-based", "-related", "-free") and the little ones that French
  does ("-il", "-ci", "-même"), and in words that have another hyphen already ("vis-à-" / "vis");
- before a capital or a figure.

Otherwise the word is joined, as are words like "without", whose halves are words too. Each case
is reported, so that an editor sees what was decided.
"""

import re

from .line_kinds import (
    LONG,
    ends_sentence,
    first_sign,
    goes_on,
    is_item,
    stands_alone,
)
from .notes import Note

#: Lines narrower than this are not paragraphs that were broken to a width.
NARROW = 40
#: A block of large beginnings with an end of a sentence is a paragraph only from this width on.
WIDE = 60
HYPHENS = "-\u2010"
KEEP_AFTER = {
    "self", "non", "well", "long", "short", "high", "low", "cross", "half", "ex", "vice", "sous",
    "peut", "est", "celui", "celle", "ceux", "celles", "demi", "après", "avant", "quasi",
    "arrière", "grand", "ci", "là",
}  # fmt: skip
KEEP_BEFORE = {
    "il", "elle", "ils", "elles", "on", "je", "tu", "nous", "vous", "ce", "ci", "là", "même",
    "mêmes", "être", "à", "t", "dire", "vis",
    "affected", "backed", "based", "driven", "free", "fuelled", "funded", "gazing", "level",
    "made", "owned", "producing", "related", "rich", "ridden", "scale", "term", "year",
}  # fmt: skip
#: Words whose halves stand alone as well, and which have no hyphen all the same.
CLOSED = {
    "without", "within", "therefore", "however", "themselves", "ourselves", "itself", "himself",
    "herself", "everyone", "everybody", "everything", "someone", "somebody", "something",
    "anyone", "anybody", "anything", "nothing", "nobody", "moreover", "furthermore",
    "nevertheless", "another", "cannot", "into", "upon", "onto", "throughout", "whenever",
    "wherever", "whatever", "whereas", "whereby", "meanwhile", "sometimes", "undermine",
    "understand", "understanding", "overcome", "outcome", "income", "outside", "inside",
    "widespread", "worldwide", "workplace", "framework", "network", "homeland", "landmark",
    "lorsque", "puisque", "quelque", "quelques", "longtemps", "surtout", "pourtant", "partout",
    "toutefois", "parfois", "autrefois", "plutôt", "bientôt", "aussitôt", "enfin", "malgré",
    "davantage", "ensuite", "parce", "entretien", "bienvenue", "portefeuille",
}  # fmt: skip
DIVIDED = re.compile(rf"(?<![^\W\d_])[^\W\d_]+[{HYPHENS}]\n{{1,2}}[^\W\d_]+")
LAST_WORD = re.compile(rf"((?:[^\W\d_]+[{HYPHENS}])*)([^\W\d_]+)[{HYPHENS}]$")
FIRST_WORD = re.compile(r"[^\W\d_]+")
#: The sign of an item on a line of its own, as PDF files have it.
LONE_SIGN = re.compile(r"^([•·▪■◦‣⁃○●➢✓]|\d{1,2}[.)])\n(?=[^\n])", re.MULTILINE)
WORD = re.compile(rf"[^\W\d_]+(?:[{HYPHENS}][^\W\d_]+)*")


def mend_lines(text: str) -> tuple[str, list[Note]]:
    """Return the text with one line for each paragraph, and what was joined."""
    text = LONE_SIGN.sub(r"\1 ", text)
    known = words_of(text)
    notes: list[Note] = []
    blocks = [
        _mend_block([line for line in block.split("\n") if line], known, notes)
        for block in re.split(r"\n\n+", text)
    ]
    return "\n\n".join(block for block in blocks if block), notes


def words_of(text: str) -> set[str]:
    """Return the words of a text, without those that the end of a line or block divides."""
    whole = DIVIDED.sub("\n", text.casefold()).replace("\u2010", "-")
    return set(WORD.findall(whole))


def seam(before: str, after: str, known: set[str]) -> tuple[int, str, Note | None]:
    """Return how two lines of one paragraph come together.

    Returns:
        how many signs the first loses at its end, what comes between the two, and a note if a
        divided word was mended.

    """
    if not before.endswith(tuple(HYPHENS)):
        return 0, " ", None
    if before[-2:-1].isdigit() and after[:1].isdigit():
        return 0, "", None
    last = LAST_WORD.search(before[-80:])
    first = FIRST_WORD.match(after)
    if last is None or first is None:
        # A dash, and no word that it divides.
        return 0, " ", None
    front, left, right = last.group(1), last.group(2), first.group(0)
    joined = (left + right).casefold()
    hyphenated = f"{front}{left}-{right}".casefold().replace("\u2010", "-")
    keep = (bool(front) or not (joined in known or joined in CLOSED)) and (
        bool(front)
        or not right[0].islower()
        or hyphenated in known
        or (left.casefold() in known and right.casefold() in known)
        or left.casefold() in KEEP_AFTER
        or right.casefold() in KEEP_BEFORE
    )
    if keep:
        return 1, "-", Note("hyphens_kept", 1, (f"{front}{left}-{right}",))
    return 1, "", Note("hyphens_closed", 1, (left + right,))


class Block:
    """The lines of one block, and what they say about how it was broken."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.width = max(map(len, lines))
        breaks = [
            (before, after)
            for before, after in zip(lines, lines[1:], strict=False)
            if not is_item(after, before) and not stands_alone(after)
        ]
        # A sentence that runs over a line end proves that the block was broken to a width.
        self.broken = any(
            goes_on(after) or (_without_case(after) and not ends_sentence(before))
            for before, after in breaks
        )
        self.all_small = all(goes_on(line) for line in lines)
        self.is_prose = NARROW <= self.width <= LONG and (
            (self.broken and ends_sentence(lines[-1]))
            or any(goes_on(after) for _, after in breaks)
            or (self.width >= WIDE and ends_sentence(lines[-1]))
        )

    def is_full(self, before: str, after: str) -> bool:
        """Say whether the next word would not have found room on the line."""
        return len(before) + 1 + len(after.split(" ", 1)[0]) > self.width * 0.85

    def joins(self, before: str, after: str) -> bool:
        """Say whether the break between two lines of the block is to go."""
        if is_item(after, before) or stands_alone(before) or stands_alone(after):
            return False
        if goes_on(after):
            # A list without signs: all its lines begin small, or they end in semicolons.
            is_list = self.all_small or before.endswith((";", ":"))
            return not is_list or (self.width >= NARROW and self.is_full(before, after))
        if not self.is_prose or not self.is_full(before, after):
            return False
        return self.broken or not ends_sentence(before)


def _mend_block(lines: list[str], known: set[str], notes: list[Note]) -> str:
    """Return one block with its paragraphs on one line each."""
    if not lines:
        return ""
    block = Block(lines)
    mended = [lines[0]]
    parted = [False]
    joined = 0
    for before, after in zip(lines, lines[1:], strict=False):
        if block.joins(before, after):
            cut, glue, note = seam(before, after, known)
            mended[-1] = mended[-1][: len(mended[-1]) - cut] + glue + after
            joined += 1
            if note:
                notes.append(note)
        else:
            mended.append(after)
            # The short last line of a paragraph, and another begins: no blank line told so.
            parted.append(
                block.is_prose
                and ends_sentence(before)
                and not block.is_full(before, after)
                and not is_item(after, before)
            )
    if joined:
        notes.append(Note("line_breaks", joined))
    text = mended[0]
    for number, line in enumerate(mended[1:], 1):
        before = mended[number - 1]
        apart = parted[number] or (len(before) > LONG or len(line) > LONG)
        text += ("\n\n" if apart and not is_item(line, before) else "\n") + line
    return text


def _without_case(line: str) -> bool:
    """Say whether a line begins in a script without small and capital letters, as Arabic."""
    sign = first_sign(line)
    return sign.isalpha() and not sign.islower() and not sign.isupper()
