"""Documents of each kind, made by the tests themselves."""

import io
import zipfile
import zlib

import docx
from pypdf import PdfReader, PdfWriter


def word(*paragraphs: str, items: tuple[str, ...] = (), table: tuple[tuple[str, ...], ...] = ()):
    """Return a DOCX as bytes: paragraphs, a list, a table, and a header and footer."""
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "Coalition of river towns"
    document.sections[0].footer.paragraphs[0].text = "Page 1 of 1"
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    for item in items:
        document.add_paragraph(item, style="List Bullet")
    if table:
        grid = document.add_table(rows=len(table), cols=len(table[0]))
        for row, cells in zip(grid.rows, table, strict=True):
            for cell, text in zip(row.cells, cells, strict=True):
                cell.text = text
    return saved(document)


def saved(document) -> bytes:
    """Return a document of python-docx as bytes."""
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def archive(files: dict[str, str | bytes]) -> bytes:
    """Return a ZIP archive as bytes."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in files.items():
            zipped.writestr(name, content)
    return file.getvalue()


def changed(content: bytes, **files: str | bytes) -> bytes:
    """Return an archive with some of its members replaced (``word/document.xml`` and the like)."""
    with zipfile.ZipFile(io.BytesIO(content)) as zipped:
        members = {name: zipped.read(name) for name in zipped.namelist()}
    return archive({**members, **files})


ODT_NAMESPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{where}:1.0"'
    for name, where in [
        ("office", "office"),
        ("text", "text"),
        ("table", "table"),
        ("style", "style"),
        ("draw", "drawing"),
        ("manifest", "manifest"),
    ]
)


def open_text(body: str, *, styles: str = "", before: str = "", manifest: str = "") -> bytes:
    """Return an ODT as bytes, with ``body`` as its text in XML."""
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}'
        f"<office:document-content {ODT_NAMESPACES}>"
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    return archive(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": content,
            "META-INF/manifest.xml": f"<manifest:manifest {ODT_NAMESPACES}>{manifest}"
            "</manifest:manifest>",
        }
    )


def pdf(*pages: list[tuple[float, str]] | str, size: int = 11) -> bytes:
    """Return a PDF as bytes. A page is (height, words) for each line, or a stream of its own."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    objects.append(
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
    )
    kids = []
    for page in pages:
        if isinstance(page, str):
            stream = page.encode()
        else:
            stream = b"".join(
                b"BT /F1 %d Tf 72 %.1f Td (%s) Tj ET\n"
                % (size, height, words.encode("cp1252").replace(b"(", b"\\(").replace(b")", b"\\)"))
                for height, words in page
            )
        packed = zlib.compress(stream)
        objects.append(
            b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed)
        )
        kids.append(len(objects) + 1)
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>" % len(objects)
        )
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (
        len(kids),
        b" ".join(b"%d 0 R" % kid for kid in kids),
    )
    out = b"%PDF-1.4\n"
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer << /Size %d /Root 1 0 R >>\n"
        b"startxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table, len(objects) + 1, len(out))
    )


def locked_pdf(password: str, owner: str | None = None) -> bytes:
    """Return a PDF that asks for a password (for none, if only its owner has one)."""
    writer = PdfWriter(PdfReader(io.BytesIO(pdf([(700, "Remarks on the river mines")]))))
    writer.encrypt(password, owner, algorithm="RC4-128")
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()
