"""Documents that are archives inside (.docx, .odt): looked at before anything is unpacked."""

import io
import zipfile

from lxml import etree

from .unreadable import Unreadable

#: A document that unpacks to more than this, or holds more files, is no document.
MOST_UNPACKED = 100_000_000
MOST_MEMBERS = 1_000


def open_archive(content: bytes) -> zipfile.ZipFile:
    """Return the archive, its table of contents checked and nothing unpacked.

    The sizes in that table bind: Python reads no more of a member than it says.

    Raises:
        Unreadable: damaged, locked, or a bomb.

    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise Unreadable("corrupt") from error
    members = archive.infolist()
    if len(members) > MOST_MEMBERS:
        raise Unreadable("too_many_members", members=len(members), most=MOST_MEMBERS)
    unpacked = sum(member.file_size for member in members)
    if unpacked > MOST_UNPACKED:
        raise Unreadable(
            "unpacks_too_large",
            megabytes=round(unpacked / 1_000_000),
            most=MOST_UNPACKED // 1_000_000,
        )
    if any(member.flag_bits & 1 for member in members):
        raise Unreadable("locked")
    return archive


def parse_xml(content: bytes) -> etree._Element:
    """Return the root of an XML file of which no part lies outside it.

    Raises:
        Unreadable: damaged, or it has a document type: no word processor writes one, and it is
            the way to foreign files (external entities) and to endless text.

    """
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise Unreadable("foreign_parts")
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        if "memory" in str(error).lower():
            raise MemoryError from error
        raise Unreadable("corrupt") from error
    # The same in UTF-16, where the bytes look different.
    if root.getroottree().docinfo.doctype:
        raise Unreadable("foreign_parts")
    return root


def read_xml(archive: zipfile.ZipFile, name: str) -> etree._Element | None:
    """Return the root of one XML file of an archive, None if the archive has no such file."""
    try:
        content = archive.read(name)
    except KeyError:
        return None
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError) as error:
        raise Unreadable("corrupt") from error
    except Exception as error:
        # zlib.error and its like have no common parent.
        raise Unreadable("corrupt") from error
    return parse_xml(content)
