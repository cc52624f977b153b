"""What a line is by its looks: an item of a list, a page number, an address, a sentence's end."""

import re

#: Longer than lines are broken by hand or by e-mail programs.
LONG = 160
DIGITS = r"[0-9٠-٩۰-۹]"
#: Signs that open or close a quotation, a bracket or bold type: looked through.
OPENING = "\"'“”„«‹‘([{*_ \u00a0\u202f¿¡"
CLOSING = "\"'”“’»›)]}*_ \u00a0\u202f"
ENDS = ".!?…:;؟۔؛"

ITEM = re.compile(
    rf"(?:[-•·▪■◦‣⁃○●➢✓*]|\(?{DIGITS}{{1,2}}[.)]|"
    # Not "M. Dupont": a capital with a point is a name or a title.
    r"\(?[a-zA-Z]\)|[a-z]\.|\(?[ivx]{1,4}[.)]|\(?[IVX]{1,4}[.)])\s+\S"
)
DASH_ITEM = re.compile(r"[–—]\s+\S")
PAGE_WORD = r"(?:page|p\.|pg\.?|página|pagina|seite|صفحة)"
EDGE = r"[\s\-–—|\[\]·•]*"
PAGE_NUMBER = re.compile(
    rf"{EDGE}(?:{PAGE_WORD}\s*)?{DIGITS}{{1,3}}"
    rf"(?:\s*(?:/|\||of|de|sur|von|من)\s*{DIGITS}{{1,3}})?{EDGE}$",
    re.IGNORECASE,
)
ADDRESS = re.compile(r"(?:\S+@\S+\.\S+|https?://\S+|www\.\S+)$", re.IGNORECASE)


def is_item(line: str, before: str = "") -> bool:
    """Say whether a line is an item of a list.

    A long dash begins an item only after a line that ends, or another such item: inside a
    paragraph it may be a dash that a line break happened to put first.
    """
    if is_page_number(line):
        return False
    if ITEM.match(line):
        return True
    return bool(DASH_ITEM.match(line)) and (
        not before or ends_sentence(before) or bool(DASH_ITEM.match(before))
    )


def is_page_number(line: str) -> bool:
    """Say whether a line is nothing but the number of a page: '3', 'Page 3 of 7', '- 3 -'."""
    return len(line) <= 40 and bool(PAGE_NUMBER.match(line))


def is_address(line: str) -> bool:
    """Say whether a line is an address of e-mail or the web and nothing else."""
    return len(line) <= 300 and bool(ADDRESS.match(line))


def stands_alone(line: str) -> bool:
    """Say whether a line is never part of a paragraph, whatever stands around it."""
    return is_page_number(line) or is_address(line) or " | " in line


def ends_sentence(line: str) -> bool:
    """Say whether a line ends as a sentence or a clause of a list does."""
    return line.rstrip(CLOSING)[-1:] in tuple(ENDS)


def first_sign(line: str) -> str:
    """Return the first sign of a line behind opening quotation marks and brackets."""
    return line.lstrip(OPENING)[:1]


def goes_on(line: str) -> bool:
    """Say whether a line begins in the middle of a sentence: with a small letter."""
    return first_sign(line).islower()
