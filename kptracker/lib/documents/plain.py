"""Plain text: which encoding its bytes are in."""

import codecs

from .unreadable import Unreadable

#: Byte order marks, the longer before the shorter that it begins with.
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
#: What Western texts have beyond ASCII. Bytes that all come out as one of these are in cp1252;
#: in another encoding they would come out as signs that no French or English text has.
WESTERN = set(
    "àâäáãåæçéèêëíìîïñóòôöõøœúùûüýÿßÀÂÄÁÃÅÆÇÉÈÊËÍÌÎÏÑÓÒÔÖÕØŒÚÙÛÜÝŸ"
    "‘’‚“”„«»‹›–—…•·€£§©®™°ºª²³½¼¾¡¿×\u00a0\u00ad"
)
#: What the detector may answer: encodings in which people still write.
ENCODINGS = [
    "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258",
    "iso8859_2", "iso8859_5", "iso8859_6", "iso8859_7", "iso8859_8", "iso8859_9", "iso8859_15",
    "koi8_r", "koi8_u", "mac_roman", "mac_cyrillic", "cp437", "cp850", "cp864",
    "big5", "gb18030", "shift_jis", "euc_jp", "euc_kr",
]  # fmt: skip


def decode(content: bytes) -> tuple[str, str]:
    """Return the text that some bytes are, and the name of their encoding.

    Raises:
        Unreadable: not text, or text in an encoding that cannot be told.

    """
    for mark, encoding in MARKS:
        if content.startswith(mark):
            try:
                text = content[len(mark) :].decode(encoding)
            except UnicodeDecodeError as error:
                raise Unreadable("encoding") from error
            return _without_nul(text), encoding
    encoding = _wide_encoding(content)
    if encoding:
        return _without_nul(content.decode(encoding)), encoding
    if b"\x00" in content:
        raise Unreadable("nul")
    if _is_binary(content):
        raise Unreadable("binary")
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return _decode_old(content)


def _decode_old(content: bytes) -> tuple[str, str]:
    """Decode bytes of the time before UTF-8."""
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError:
        text = ""
    if text and all(sign in WESTERN for sign in text if sign > "\x7f"):
        return text, "cp1252"
    # A library of many tables: only a text that is neither UTF-8 nor Western needs it.
    from charset_normalizer import from_bytes

    best = from_bytes(content, cp_isolation=ENCODINGS, threshold=0.15).best()
    if best is None:
        raise Unreadable("encoding")
    return str(best), best.encoding


def _wide_encoding(content: bytes) -> str:
    """Return the encoding of UTF-16 without its mark, '' for anything else.

    Its line ends and spaces have a NUL in every other byte, always on the same side.
    """
    if len(content) % 2:
        return ""
    even, odd = content[0::2].count(0), content[1::2].count(0)
    few, many = sorted((even, odd))
    if many < max(1, len(content) // 40) or few:
        return ""
    encoding = "utf-16-le" if odd > even else "utf-16-be"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return ""
    return encoding if _reads_well(text) else ""


def _reads_well(text: str) -> bool:
    """Say whether a text has hardly any signs that nobody writes."""
    strange = sum(not (sign.isprintable() or sign in "\n\r\t\f\u00a0\u200e\u200f") for sign in text)
    return strange <= len(text) // 50


def _is_binary(content: bytes) -> bool:
    """Say whether bytes have control signs that no text has."""
    allowed = b"\t\n\r\f\v\x1b"
    strange = sum(content.count(bytes([sign])) for sign in range(32) if sign not in allowed)
    return strange > len(content) // 100


def _without_nul(text: str) -> str:
    if "\x00" in text:
        raise Unreadable("nul")
    return text
