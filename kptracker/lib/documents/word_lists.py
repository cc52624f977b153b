"""Lists in Word: their signs and numbers are not in the text but worked out when it is shown."""

from dataclasses import dataclass, field

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def value(element: etree._Element | None, name: str = "val") -> str:
    """Return an attribute of an element of Word, '' if it is not there."""
    return "" if element is None else element.get(f"{W}{name}", "")


@dataclass
class Level:
    """One level of a list: a bullet, or how its numbers are written and where they start."""

    form: str
    pattern: str
    start: int


@dataclass
class WordLists:
    """The lists of a document, counting while its paragraphs are read in order."""

    styles_root: etree._Element | None
    numbering_root: etree._Element | None
    _styles: dict[str, etree._Element] = field(default_factory=dict)
    _levels: dict[str, dict[int, Level]] = field(default_factory=dict)
    _lists: dict[str, str] = field(default_factory=dict)
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.styles_root is not None:
            for style in self.styles_root.iter(f"{W}style"):
                self._styles[value(style, "styleId")] = style
        if self.numbering_root is not None:
            for kind in self.numbering_root.iter(f"{W}abstractNum"):
                self._levels[value(kind, "abstractNumId")] = {
                    _number(value(level, "ilvl")): Level(
                        value(level.find(f"{W}numFmt")) or "decimal",
                        value(level.find(f"{W}lvlText")),
                        _number(value(level.find(f"{W}start")) or "1"),
                    )
                    for level in kind.iter(f"{W}lvl")
                }
            for one in self.numbering_root.iter(f"{W}num"):
                self._lists[value(one, "numId")] = value(one.find(f"{W}abstractNumId"))

    def marker(self, paragraph: etree._Element) -> str:
        """Return what stands before a paragraph: '-', '3.', '(b)', or '' outside lists."""
        list_id, depth = self._place(paragraph)
        kind = self._lists.get(list_id, "")
        levels = self._levels.get(kind, {})
        level = levels.get(depth)
        if level is None or level.form == "none":
            return ""
        if level.form == "bullet":
            return "-"
        counts = self._counts.setdefault(list_id, {})
        counts[depth] = counts.get(depth, level.start - 1) + 1
        for deeper in [other for other in counts if other > depth]:
            del counts[deeper]
        marker = level.pattern
        for upper in range(depth + 1):
            above = levels.get(upper, level)
            written = _written(counts.get(upper, above.start), above.form)
            marker = marker.replace(f"%{upper + 1}", written)
        return marker.strip()

    def _place(self, paragraph: etree._Element) -> tuple[str, int]:
        """Return the list of a paragraph and its level there; its style may say both."""
        properties = paragraph.find(f"{W}pPr")
        list_id, depth = "", ""
        seen: set[str] = set()
        while properties is not None:
            numbering = properties.find(f"{W}numPr")
            if numbering is not None:
                list_id = list_id or value(numbering.find(f"{W}numId"))
                depth = depth or value(numbering.find(f"{W}ilvl"))
            if list_id:
                break
            based = value(properties.find(f"{W}pStyle"))
            properties = None
            while based and based not in seen:
                seen.add(based)
                style = self._styles.get(based)
                if style is None:
                    break
                found = style.find(f"{W}pPr")
                if found is not None and found.find(f"{W}numPr") is not None:
                    properties = found
                    break
                based = value(style.find(f"{W}basedOn"))
        return list_id, _number(depth)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def _written(number: int, form: str) -> str:
    """Return a number as a list writes it; rare ways of writing come out in digits."""
    if form in ("lowerLetter", "upperLetter") and 1 <= number <= 26:
        letter = chr(ord("a") + number - 1)
        return letter if form == "lowerLetter" else letter.upper()
    if form in ("lowerRoman", "upperRoman") and 1 <= number <= 39:
        roman = (
            "x" * (number // 10)
            + ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")[number % 10]
        )
        return roman if form == "lowerRoman" else roman.upper()
    return str(number)
