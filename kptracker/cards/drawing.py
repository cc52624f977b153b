"""Drawing a card: 1200 by 630 pixels, the size that sites which show links ask for.

The letters are those of one bundled font (``fonts/README.md``). It has Latin letters only:
what is written in others is not drawn, rather than as empty boxes or from left to right.
"""

import io
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from threading import Lock

from PIL import Image, ImageDraw, ImageFont

from .card import Card
from .signs import brand_image, sign_image

WIDTH, HEIGHT, EDGE = 1200, 630, 72
FONTS = Path(__file__).parent / "fonts"
PAPER, INK, MUTED, RULE, ACCENT = "#fcfbf8", "#16191d", "#565c64", "#dcd8ce", "#0b4a6b"
#: The colour of each sign, as in the style sheet.
COLOURS = {
    "met": "#14693f",
    "partly": "#3f7d20",
    "disc": "#1f5fa8",
    "none": "#7a5c00",
    "blocked": "#a8420b",
    "reversed": "#8c1d2f",
    "closed": "#6b4a7d",
    "na": "#5d636b",
    "np": "#5d636b",
}
#: The letters that the font has, from and to; a test holds it to that.
LETTERS = ((0x20, 0x7E), (0xA0, 0x148), (0x14A, 0x24F), (0x1E00, 0x1EFF), (0x2010, 0x2027))
SIGNS = frozenset("\u202f\u2030\u2032\u2033\u2039\u203a\u2044\u20ac\u2116\u2122\u2190\u2192\u2212")
#: Sizes to try for a title, until it fits; the last one ends in an ellipsis if it must.
TITLE_SIZES = (62, 56, 50, 44, 40)
TITLE_TOP = 132
#: The same words make the same picture: kept by what it says, it is never out of date.
KEPT = 50

_one_at_a_time = Lock()


@cache
def _font(size: int, weight: str = "Regular") -> ImageFont.FreeTypeFont:
    # The plain layout: the other needs a library that not every machine has.
    return ImageFont.truetype(
        FONTS / f"CardSerif-{weight}.ttf", size, layout_engine=ImageFont.Layout.BASIC
    )


def can_write(text: str) -> bool:
    """Tell whether the font has the letters of a text."""
    return all(
        sign in SIGNS or any(low <= ord(sign) <= high for low, high in LETTERS) for sign in text
    )


def wrapped(text: str, font: ImageFont.FreeTypeFont, width: int) -> Iterator[str]:
    """Break a text into lines of at most ``width`` pixels; a word that is longer is broken."""
    line = ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if font.getlength(longer) <= width:
            line = longer
            continue
        if line:
            yield line
        while font.getlength(word) > width:
            fits = next(n for n in range(len(word), 0, -1) if font.getlength(word[:n]) <= width)
            yield word[:fits]
            word = word[fits:]
        line = word
    if line:
        yield line


def _shortened(text: str, font: ImageFont.FreeTypeFont, width: int) -> str:
    """Return a text that fits on a line, with an ellipsis where it had to be cut."""
    if font.getlength(text) <= width:
        return text
    while text and font.getlength(f"{text}…") > width:
        # Whole words go, and parts of one only where there is no other.
        text = (text.rpartition(" ")[0] or text[:-1]).rstrip(" ,;:.")
    return f"{text}…"


def title_lines(title: str, width: int, height: int) -> tuple[int, list[str]]:
    """Return the largest size at which a title fits into so much room, and its lines."""
    for size in TITLE_SIZES:
        lines = list(wrapped(title, _font(size, "Bold"), width))
        room = max(1, int(height // (size * 1.22)))
        if len(lines) <= room:
            return size, lines
    last = _shortened(" ".join(lines[room - 1 :]), _font(size, "Bold"), width)
    return size, [*lines[: room - 1], last]


@lru_cache(maxsize=KEPT)
def png(card: Card) -> bytes:
    """Return a card as a PNG file. One is drawn at a time: it takes a processor 50 ms."""
    with _one_at_a_time:
        image = _drawn(card)
        file = io.BytesIO()
        # Few colours, so that a phone fetches 25 kB and not 60.
        image.quantize(64, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(file, "PNG")
        return file.getvalue()


def _drawn(card: Card) -> Image.Image:
    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    draw = ImageDraw.Draw(image)
    colour = COLOURS.get(card.sign, ACCENT)
    width = WIDTH - 2 * EDGE
    draw.rectangle((0, 0, 15, HEIGHT), fill=colour)
    _masthead(image, draw, card, width)
    rule = _foot(image, draw, card, colour, width)
    if can_write(card.title):
        size, lines = title_lines(card.title, width, rule - 14 - TITLE_TOP)
        for n, line in enumerate(lines):
            draw.text((EDGE, TITLE_TOP + n * size * 1.22), line, INK, _font(size, "Bold"))
    return image


def _masthead(image: Image.Image, draw: ImageDraw.ImageDraw, card: Card, width: int) -> None:
    """Draw the mark and the name of the site, and what kind of thing this is."""
    mark = brand_image(44, ACCENT)
    image.paste(mark, (EDGE - 3, 48), mark)
    draw.text((EDGE + 52, 50), card.site, INK, _font(32, "Bold"))
    if can_write(card.above):
        room = width - 52 - int(_font(32, "Bold").getlength(card.site)) - 40
        above = _shortened(card.above, _font(26), room)
        draw.text((WIDTH - EDGE, 55), above, MUTED, _font(26), anchor="ra")


def _foot(
    image: Image.Image, draw: ImageDraw.ImageDraw, card: Card, colour: str, width: int
) -> int:
    """Draw the status, the figures and the note, from the bottom upwards; return where they end."""
    y = HEIGHT - 60
    if card.host:
        draw.text((WIDTH - EDGE, y + 4), card.host, MUTED, _font(22), anchor="ra")
        width_of_note = width - int(_font(22).getlength(card.host)) - 40
    else:
        width_of_note = width
    if card.note and can_write(card.note):
        draw.text((EDGE, y + 4), _shortened(card.note, _font(22), width_of_note), MUTED, _font(22))
    y -= 8
    for line in reversed([line for line in card.lines if can_write(line)]):
        for part in reversed(list(wrapped(line, _font(28), width))[:3]):
            y -= 42
            draw.text((EDGE, y), part, INK, _font(28))
    if card.status and can_write(card.status):
        y -= 58
        left = EDGE
        if card.sign:
            sign = sign_image(card.sign, 40, colour, PAPER, full=card.confirmed)
            image.paste(sign, (left, y + 10), sign)
            left += 54
        status = _shortened(card.status, _font(36, "Bold"), width - 54)
        draw.text((left, y), status, colour, _font(36, "Bold"))
        left += int(_font(36, "Bold").getlength(status)) + 18
        if can_write(card.when) and WIDTH - EDGE - left > 60:
            when = _shortened(card.when, _font(28), WIDTH - EDGE - left)
            draw.text((left, y + 9), when, MUTED, _font(28))
    draw.line((EDGE, y - 16, WIDTH - EDGE, y - 16), RULE, 2)
    return y - 16
