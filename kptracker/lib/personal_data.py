"""Personal data in a text: telephone numbers, e-mail addresses and the like.

A press release ends with the number of whoever answered the telephone that year; it may not
go on the web for good. What is found here stops a publication until a person has removed it
or said that it may stay. So a miss may harm somebody, while a false alarm costs a click, and a
dozen of them cost the reader's attention: dates, resolutions, references, sums and counts are
told apart. Addresses of streets are left to the reader: no pattern tells them from the venue
of a meeting.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

#: The kinds of what is found. Their labels are in ``statements.guarding``.
PHONE = "phone"
EMAIL = "email"
MESSENGER = "messenger"
ACCOUNT = "account"
IDENTITY = "identity"
NAME = "name"

#: A telephone number has at least so many digits, and at most so many (ITU E.164).
FEWEST, MOST = 6, 15


@dataclass(frozen=True, slots=True)
class Found:
    """Personal data in a text: what kind, from where to where (code points), and the words."""

    kind: str
    start: int
    end: int
    words: str


# --- A text as it is looked at -----------------------------------------------------------

_DASHES = dict.fromkeys("‐‑‒–—―−﹣－", "-")
_ALIKE = _DASHES | {"＋": "+", "﹢": "+", "（": "(", "）": ")", "＠": "@", "．": ".", "／": "/"}


def plain(text: str) -> tuple[str, list[int]]:
    """Return a text in which alike signs are one, and the place in ``text`` of each of its signs.

    Digits of any script are 0 to 9, dashes are "-", blanks other than ends of lines are " ";
    accents and signs that nobody sees (zero width, direction of writing) are left out.
    """
    if text.isascii():
        return text.replace("\t", " "), list(range(len(text)))
    signs: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text):
        shown = sign if " " <= sign <= "~" else _plain_sign(sign)
        if shown:
            signs.append(shown)
            places.append(place)
    return "".join(signs), places


@lru_cache(maxsize=4096)
def _plain_sign(sign: str) -> str:
    category = unicodedata.category(sign)
    if category == "Cf" or unicodedata.combining(sign):
        return ""
    if category == "Nd":
        return str(unicodedata.decimal(sign))
    if category == "Zs" or sign == "\t":
        return " "
    return _ALIKE.get(sign) or unicodedata.normalize("NFD", sign)[0]


# --- What is no telephone number ---------------------------------------------------------

_YEAR = r"(?:1[5-9]|20|21)\d\d"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_MONTH = r"(?:0?[1-9]|1[0-2])"
#: What follows a sum or a count.
_UNIT = re.compile(
    r" ?(?:%|‰|\$|€|£|¥|US\$|USD|EUR|GBP|CHF|ZAR|XAF|F?CFA|francs?|dollars?|euros?|rand|pounds?|"
    r"(?:mega|milli)?carats?|cts?\b|millions?|milliards?|billions?|people|persons?|personnes|"
    r"tonnes?|tons?|kg\b|km\b|stones?|pierres|hectares?|ha\b)|,\d",
    re.IGNORECASE,
)
#: Days and spans of days or years, in digits.
_DATE = re.compile(
    # 2023-11-10, 2023/11, 2018-2022, 2018/19, 2023-11-10T08:00:00
    rf"(?<!\d)(?<!\d[./-]){_YEAR} ?[-/.] ?{_MONTH} ?[-/.] ?{_DAY}"
    r"(?:[T ]\d\d?[:.h]\d\d(?:[:.]\d\d)?)?(?!\d|[./]\d)|"
    rf"(?<!\d)(?<!\d[./ -]){_YEAR}(?: ?[-/] ?(?:{_YEAR}|\d\d))*(?!\d|[./ -]\d)|"
    # 10-14.11.2023, 10.11.2023, 11/10/2023, 10/11/23
    rf"(?<!\d)(?<!\d[./])(?:{_DAY}\.? ?[-/] ?)?{_DAY} ?[-/.] ?{_DAY} ?[-/.] ?{_YEAR}(?!\d|[./]\d)|"
    rf"(?<!\d)(?<!\d[./]){_DAY}[/.]{_DAY}[/.]\d\d(?!\d|[./]\d)|"
    rf"(?<!\d)(?<!\d[./-]){_DAY}-{_DAY}-\d\d(?!\d|[./-]\d)"
)
#: Other digits that begin as a telephone number may: DOI, ISBN, "No. 0012345678", "$ 0123".
_NO_NUMBER = re.compile(
    r"\bdoi\b[: ]*(?:https?://\S+/)?10\.\d{4,9}/\S+|\b10\.\d{4,9}/\S+|"
    r"\b(?:ISBN|ISSN|EAN|LCCN|OCLC)(?:-1[03])?(?: ?\(\w+\))?[: ]*[\dX][\dX -]{6,20}|"
    r"\b(?:no|nr|n°|num(?:ber|ero)s?|pages?|pp?|para(?:graph(?:e)?)?s?|vol(?:ume)?|"
    r"art(?:icle)?s?|res(?:olution)?s?|ref(?:erence)?|certifica(?:te|t)s?|doc(?:ument)?s?|"
    r"lots?|parcels?|case|decisions?|serial)\b[.:#°º]* ?(?:no|nr|n)?[.:#°º]* ?\d[\d./-]*|"
    r"[#№] ?\d[\d./-]*|[$€£¥] ?\d[\d., ']*",
    re.IGNORECASE,
)
_URL = re.compile(r"(?:https?|ftp)://[^\s<>\"]+|\bwww\.[^\s<>\"]+", re.IGNORECASE)

# --- Telephone numbers -------------------------------------------------------------------

#: Between two digits of one number: blanks, dots, dashes, slashes, brackets as in "(0)".
_BETWEEN = r"[ .·•/()\n-]{0,5}"
_RUN = rf"\d(?:{_BETWEEN}\d){{0,40}}"
#: With the sign or the prefix of an international call; "00" at the beginning only.
_ABROAD = re.compile(
    rf"(?<![\w.,/+:-])(?<!\d[ .,:/'-])(?P<number>\(?(?:\+ ?\(?|00[ .-]?(?=\(?[1-9]))\(?{_RUN})",
)
#: Numbers that nothing introduces: a trunk prefix, or the three blocks of North America.
_AT_HOME = re.compile(
    r"(?<![\w.,/+:-])(?<!\d[ .,:/'-])(?P<number>"
    rf"\(0\) ?{_RUN}|\(0\d{{1,4}}\) ?{_RUN}|0[1-9]{_BETWEEN}{_RUN}|"
    r"\(\d{3}\) ?\d{3}[-. ]\d{4}|\d{3}-\d{3}-\d{4}|\d{3}\.\d{3}\.\d{4})(?![\w%])"
)
_WORDS = (
    "tel(?:e(?:phone|fon|fono|fax)?s?)?|phones?|mob(?:iles?|il)?|cell(?:phone|ular|s)?|gsm|fax|"
    "handy|portable|fixe|whats ?app|signal|telegram|viber|imo|hotline|call|calls|appel(?:er|ez)?|"
    "dial|ring|text|sms|contacts?|joindre|"
    "هاتف|الهاتف|تلفون|تليفون|موبايل|جوال|الجوال|محمول|نقال|واتساب|واتس اب|فاكس|تلفن|موبایل|همراه|"
    "电话|電話|手机|телефон|тел|simu|tel/fax|phone/fax"
)
#: "Tel.", "Phone no:", "Mob (WhatsApp) :"; "call" and the like are verbs as well, and need
#: a number that begins as one.
_INTRODUCED = re.compile(
    rf"(?<!\w)(?P<word>{_WORDS})\b\.?(?: ?(?:&|/|,|and|et|or|ou|-) ?(?:{_WORDS})\b\.?)?"
    r"(?: ?(?:is|est|on|at|au|me|us|line|phone|office|mobile|direct|numbers?|numeros?|no|nr|n°|num)"
    r"\b\.?){0,3}(?: ?\([a-z ./]{1,20}\))?"
    rf" ?(?P<colon>[:：=#-])?[ \n]?(?P<number>\(?\+?\(?{_RUN})",
    re.IGNORECASE,
)
_VERBS = {"call", "calls", "dial", "ring", "text", "contact", "contacts", "signal", "imo", "sms"}
_VERBS |= {"portable", "fixe", "joindre", "appel", "handy", "telegram", "appeler", "appelez"}
#: A second number after one that was found: "+41 22 … / 79 …", "or 0773 …".
_ANOTHER = re.compile(
    rf"(?: ?(?:/|,|;|\||or|and|ou|et|&)[ \n]?|[ \n]+(?=\(?[0+]))(?P<number>\(?\+?\(?{_RUN})",
    re.IGNORECASE,
)
_GROUP = re.compile(r"\d+")
_ZONE = re.compile(r"\b(?:UTC|GMT|CET|CAT|EAT) ?\Z")


def _number(text: str, start: int, end: int) -> tuple[int, int]:
    """Return from where to where a run of digits is one number; (start, start) where it is none.

    What would make it longer than a number can be belongs to something else.
    """
    prefix = "00" if text.startswith(("00", "(00"), start) else ""
    digits, last, before = 0, start, start
    left = len(_digits(text[start : min(end, start + 80)]))
    for group in _GROUP.finditer(text, start, end):
        gap = text[before : group.start()]
        if digits >= FEWEST + 1 and ("\n" in gap or " / " in gap or "(" in gap):
            break
        two = digits >= FEWEST + 3 + len(prefix) and left - digits >= FEWEST
        if two and (re.match("0\\d{3}", group[0]) or "/" in gap and "/" not in text[start:before]):
            break  # a second number
        if digits + len(group[0]) > MOST + len(prefix):
            break
        digits += len(group[0])
        last = before = group.end()
    if (
        last < len(text)
        and text[last : last + 1] == ")"
        and "(" in text[start:last].rpartition(")")[2]
    ):
        last += 1
    return (start, last) if digits >= FEWEST else (start, start)


def _digits(words: str) -> str:
    return "".join(sign for sign in words if sign.isdigit())


def _is_sum(text: str, start: int, end: int) -> bool:
    """Tell whether "+127.000.000" is a sum or a count."""
    if re.fullmatch(r"\+ ?\d{1,3}(?:[., ']0{3})+", text[start:end]):
        return True
    return _UNIT.match(text, end) is not None


def _numbers(pattern: re.Pattern[str], text: str) -> Iterator[tuple[re.Match[str], int, int]]:
    """Go through the numbers that a pattern finds: the next may begin right behind the last."""
    place = 0
    while match := pattern.search(text, place):
        start, end = _number(text, *match.span("number"))
        yield match, start, end
        place = max(end, match.start() + 1)


def _abroad(text: str) -> Iterator[tuple[int, int]]:
    for _match, start, end in _numbers(_ABROAD, text):
        if len(_digits(text[start:end])) < FEWEST + 1 or _is_sum(text, start, end):
            continue
        if _ZONE.search(text, max(0, start - 5), start):
            continue
        yield start, end


def _introduced(text: str) -> Iterator[tuple[int, int]]:
    for match, start, end in _numbers(_INTRODUCED, text):
        if end == start or _is_sum(text, start, end):
            continue
        if match["word"].lower() in _VERBS and not match["colon"] and text[start] not in "0(+":
            continue
        date = _DATE.match(text, start)
        if date is None or date.end() < end:
            yield start, end


def _at_home(text: str) -> Iterator[tuple[int, int]]:
    for _match, start, end in _numbers(_AT_HOME, text):
        if 9 <= len(_digits(text[start:end])) <= 12 and not _UNIT.match(text, end):
            yield start, end


def _phones(text: str) -> list[tuple[int, int]]:
    """Return the places of telephone numbers in a text without addresses of pages."""
    places = [*_abroad(text), *_introduced(text)]
    places += _at_home(_mask(_NO_NUMBER, _mask(_DATE, text)))
    for place in places:  # grows while it is gone through: a third number follows a second
        if match := _ANOTHER.match(text, place[1]):
            start, end = _number(text, *match.span("number"))
            date = _DATE.match(text, start)
            if end > start and (date is None or date.end() < end) and not _is_sum(text, start, end):
                places.append((start, end))
    return places


# --- The other kinds ---------------------------------------------------------------------

_AT = r"(?: ?@ ?|\s?[\[({<«] ?(?:at|arobase|arobas|chez|@|a) ?[\])}>»]\s?|\s(?:AT|arobase)\s)"
_DOT = r"(?:\.|\s?[\[({<«] ?(?:dot|point|punkt|\.) ?[\])}>»]\s?|\s(?:DOT|dot|point)\s)"
_EMAIL = re.compile(
    rf"(?<![\w.+-])(?P<words>[\w][\w.+%'-]{{0,63}}{_AT}[\w-]{{1,63}}(?:{_DOT}[\w-]{{1,63}}){{0,4}}"
    rf"{_DOT}[^\W\d_][\w-]{{1,24}})(?!\w)",
)
#: "name at host dot org", all in words.
_SPELT = re.compile(
    r"(?<![\w.+-])(?P<words>\w[\w.+-]{0,63}\sat\s"
    r"(?!(?:the|an?|this|that|which|some|any|every|each|no|one)\s)[\w-]{1,63}"
    r"(?:\s(?:dot|point)\s[\w-]{2,24}){1,3})(?!\w)",
    re.IGNORECASE,
)
_MESSENGER = re.compile(
    r"(?P<words>(?:https?://)?(?:wa\.me|t\.me|telegram\.me|signal\.me|chat\.whatsapp\.com|"
    r"join\.skype\.com)/[\w+#/=-]{3,}|\bskype:[\w.:-]{5,})|"
    r"\bskype(?: ?(?:id|name|address|handle|adresse|nom))? ?[:=] ?"
    r"(?P<skype>(?:live:)?[\w.,-]{5,}\w)|"
    r"\b(?:telegram|signal|whats ?app|wechat|weixin|threema|wire|viber)"
    r"(?: ?(?:id|name|handle|user(?:name)?))? ?[:=] ?"
    r"(?P<handle>@[\w.]{3,}\w|(?=[\w.]*[\d_])[^\W\d_][\w.]{3,}\w)",
    re.IGNORECASE,
)
_IBAN = re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,3})?(?!\w)")
_ACCOUNT = re.compile(
    r"\b(?:(?:bank )?account|a/c|acct|compte(?: bancaire)?|RIB)(?: ?(?:number|numero|no|nr|n°))?"
    r"(?P<sure>[.:#°]+)? ?(?P<words>\d[\d -]{5,30}\d)",
    re.IGNORECASE,
)
_IDENTITY = re.compile(
    r"(?:\b(?:passports?|passeports?|(?:national |voter )?(?:id|identity|identite)(?: card)?|"
    r"carte (?:nationale )?d['’]identite|piece d['’]identite|(?:driving|driver['’]?s) licen[cs]e|"
    r"permis de conduire|social security|securite sociale|NIN|SSN)\b|"
    r"جواز سفر|جواز السفر|بطاقة هوية)"
    r"(?: ?(?:number|numero|no|nr|n°|رقم)\b)?[.:#°]* ?"
    r"(?P<words>(?=[A-Z0-9 /-]*\d{4})[A-Z]{0,3}[ -]?\d[A-Z0-9/-]{4,20})",
    re.IGNORECASE,
)
_BORN = re.compile(
    r"\b(?:date of birth|d\.?o\.?b\.?|date de naissance)\b ?:? ?"
    r"(?P<words>[\w/.-]+(?: [\w.]+){0,2}\d{2,4})",
    re.IGNORECASE,
)


def _is_iban(words: str) -> bool:
    bare = words.replace(" ", "").replace("-", "")
    if not 15 <= len(bare) <= 34:
        return False
    return int("".join(str(int(sign, 36)) for sign in bare[4:] + bare[:4])) % 97 == 1


#: Signs without which a pattern need not be tried: most texts have none of them.
_HINTS: tuple[tuple[str, re.Pattern[str], re.Pattern[str]], ...] = (
    (EMAIL, re.compile(rf"@|[\w.-]{_AT}[\w-]"), _EMAIL),
    (EMAIL, re.compile(r"\s(?:dot|point)\s", re.IGNORECASE), _SPELT),
    (
        MESSENGER,
        re.compile(
            r"skype|telegram|signal|whats ?app|wechat|weixin|threema|wire|viber|\bwa\.me|\bt\.me",
            re.IGNORECASE,
        ),
        _MESSENGER,
    ),
    (ACCOUNT, re.compile(r"\b[A-Z]{2}\d{2}"), _IBAN),
    (ACCOUNT, re.compile(r"account|a/c|acct|compte|RIB", re.IGNORECASE), _ACCOUNT),
    (
        IDENTITY,
        re.compile(r"passe?port|id|licen|permis|secur|NIN|SSN|جواز|هوية", re.IGNORECASE),
        _IDENTITY,
    ),
    (IDENTITY, re.compile(r"birth|d\.?o\.?b|naissance", re.IGNORECASE), _BORN),
)


def _others(text: str) -> Iterator[tuple[str, int, int]]:
    for kind, hint, pattern in _HINTS:
        if not hint.search(text):
            continue
        for match in pattern.finditer(text):
            if pattern is _IBAN and not _is_iban(match[0]):
                continue
            named = [name for name in ("words", "skype", "handle") if match.groupdict().get(name)]
            yield kind, *match.span(named[0] if named else 0)


def _mask(pattern: re.Pattern[str], text: str) -> str:
    """Put a sign that belongs to nothing in place of each match, at the same length."""
    return pattern.sub(lambda match: "\x01" * len(match[0]), text)


def find_personal_data(text: str) -> list[Found]:
    """Return the personal data in a text, in the order of the text; nothing stands twice.

    Places count code points of ``text``, and ``words`` is exactly what stands there.
    """
    looked_at, places = plain(text)
    found = list(_others(looked_at))
    if sum(sign.isdigit() for sign in looked_at) >= FEWEST:
        for _kind, start, end in found:
            looked_at = looked_at[:start] + "\x01" * (end - start) + looked_at[end:]
        found += [(PHONE, start, end) for start, end in _phones(_mask(_URL, looked_at))]
    shown: list[Found] = []
    for kind, start, end in sorted(found, key=lambda one: (one[1], -one[2])):
        first, last = places[start], places[end - 1] + 1
        if shown and first < shown[-1].end:
            if last <= shown[-1].end:
                continue
            first = shown.pop().start
        shown.append(Found(kind, first, last, text[first:last]))
    return shown


# --- The same words again ----------------------------------------------------------------


def pattern_of(words: Iterable[str]) -> re.Pattern[str] | None:
    """Return what finds these words however they are written; None where there is no word.

    A number is found with other blanks, dots and dashes between its digits, and with 00 for
    its plus; anything else with other blanks, capitals and accents. For ``places_of``.
    """
    parts = []
    for one in words:
        looked_at = plain(one)[0]
        digits = _digits(looked_at)
        if len(digits) >= FEWEST and not any(sign.isalpha() for sign in looked_at):
            if len(digits.removeprefix("00")) >= FEWEST:
                digits = digits.removeprefix("00")
            spaced = r"\W{0,3}".join(digits)
            parts.append(rf"(?<!\d)[+(]{{0,2}}(?:00\W{{0,3}})?{spaced}(?!\d)")
        elif tokens := re.findall(r"\w+", looked_at):
            spaced = r"\W{1,4}".join(map(re.escape, tokens))
            parts.append(rf"(?<!\w){spaced}(?!\w)")
    return re.compile("|".join(parts), re.IGNORECASE) if parts else None


def places_of(pattern: re.Pattern[str], text: str) -> list[tuple[int, int]]:
    """Return where words stand in a text, from first to last; see ``pattern_of``."""
    looked_at, places = plain(text)
    found = []
    for match in pattern.finditer(looked_at):
        end = places[match.end()] if match.end() < len(places) else len(text)
        # Accents and unseen signs behind the last sign belong to it; those before do not.
        found.append((places[match.start()], end))
    return found


def masked(words: str) -> str:
    """Return words as they may stand in a message: their first and last two signs."""
    if len(words) < 6:
        return f"{words[:1]}…"
    return f"{words[:2]}…{words[-2:]}"
