"""Which kind of document some bytes are: their first signs count for more than the name."""

from .archives import open_archive
from .unreadable import Unreadable

#: The kinds that are read, with what they are called on the web.
MEDIA_TYPES = {
    "txt": "text/plain",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "odt": "application/vnd.oasis.opendocument.text",
    "html": "text/html",
}
#: Names that go with text: without an ending, or with one of these.
TEXT_ENDINGS = {"", "txt", "text", "md", "asc"}
#: What begins with these bytes is a picture.
PICTURES = (
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"II*\x00",
    b"MM\x00*",
    b"BM",
    b"\x00\x00\x01\x00",
)
PICTURE_ENDINGS = {"png", "jpg", "jpeg", "gif", "tif", "tiff", "bmp", "webp", "heic", "svg"}
ENDINGS_NOT_READ = {
    "doc": "old_word",
    "dot": "old_word",
    "rtf": "rtf",
    "xls": "no_document",
    "xlsx": "no_document",
    "ods": "no_document",
    "csv": "no_document",
    "ppt": "no_document",
    "pptx": "no_document",
    "odp": "no_document",
    "zip": "archive",
    "rar": "archive",
    "7z": "archive",
    "gz": "archive",
    **dict.fromkeys(PICTURE_ENDINGS, "picture"),
}
#: A document of Word that asks for a password lies in an old container under this name.
LOCKED_WORD = "EncryptedPackage".encode("utf-16-le")


def kind_of(ending: str, content: bytes) -> str:
    """Return the kind of a document: txt, pdf, docx, odt or html.

    Args:
        ending: what follows the last point of the file's name, in lower case.
        content: the bytes of the file.

    Raises:
        Unreadable: it is of a kind that is not read, or not what its name says.

    """
    if not content.strip(b" \t\r\n\x00\xef\xbb\xbf\xfe\xff"):
        raise Unreadable("empty")
    begin = content[:1024].lstrip(b" \t\r\n")
    if b"%PDF-" in content[:1024]:
        return "pdf"
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _kind_of_archive(content)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable("locked" if LOCKED_WORD in content else "old_word")
    if begin.startswith(b"{\\rtf"):
        raise Unreadable("rtf")
    if _is_picture(content):
        raise Unreadable("picture")
    if content.startswith((b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!")):
        raise Unreadable("archive")
    # From here on it can only be text of some kind.
    if ending in ("pdf", "docx", "odt"):
        raise Unreadable("not_what_it_says", kind=ending)
    if ending in ("html", "htm", "xhtml") or _is_web_page(content):
        return "html"
    if ending in ENDINGS_NOT_READ:
        raise Unreadable(ENDINGS_NOT_READ[ending])
    if ending not in TEXT_ENDINGS:
        raise Unreadable("unknown_kind")
    return "txt"


def _is_picture(content: bytes) -> bool:
    """Say whether the bytes begin as a picture does."""
    if content.startswith(b"BM"):
        # Two letters begin many a word; in a bitmap the file's length follows.
        return int.from_bytes(content[2:6], "little") == len(content)
    return (
        content.startswith(PICTURES)
        or (content.startswith(b"RIFF") and content[8:12] == b"WEBP")
        or content[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypavif")
    )


def _is_web_page(content: bytes) -> bool:
    """Say whether the bytes begin as a web page does, in whichever encoding."""
    begin = content[:2048].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xfe\xff \t\r\n").lower()
    if begin.startswith((b"<!doctype html", b"<html", b"<head", b"<body")):
        return True
    return begin.startswith((b"<?xml", b"<!--", b"<!doctype")) and b"<html" in begin


def _kind_of_archive(content: bytes) -> str:
    """Return the kind of a document that is a ZIP archive inside."""
    archive = open_archive(content)
    names = set(archive.namelist())
    if "mimetype" in names:
        media_type = archive.read("mimetype").strip()
        if media_type.startswith(b"application/vnd.oasis.opendocument.text"):
            return "odt"
        raise Unreadable("no_document")
    if "[Content_Types].xml" in names:
        types = archive.read("[Content_Types].xml")
        if b"wordprocessingml" in types or b"ms-word" in types:
            return "docx"
        raise Unreadable("no_document")
    raise Unreadable("archive")
