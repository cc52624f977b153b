"""Tables on their way back, as tests send them."""

import csv
import io
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from kptracker.imports.planning import Plan, preview
from kptracker.imports.tables import IMPORTS
from kptracker.lib.spreadsheets import read_sheet
from kptracker.lib.table_files import Wanted, file_response

#: What visitors read where something published is set right.
LINE = {"correction-why": "The paper said otherwise."}


def leaves(name: str, form: str = "csv", language: str = "en") -> bytes:
    """Return the file of a table as a visitor gets it."""
    export = IMPORTS[name].export
    return b"".join(
        file_response(form, Wanted(export, export.queryset(), language)).streaming_content
    )


def rows_of(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(leaves(name).decode("utf-8-sig"), newline="")))


def as_file(rows: list[dict[str, str]]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def plan_of(name: str, content: bytes | list[dict[str, str]], by: Any) -> Plan:
    table = IMPORTS[name]
    content = content if isinstance(content, bytes) else as_file(content)
    return preview(table, read_sheet(content, table.columns(), name), by=by)


def faults_of(plan: Plan) -> list[tuple[int, str]]:
    return [(one.line, one.column) for one in plan.faults]


def send(client: Client, name: str, content: bytes | list[dict[str, str]]) -> str:
    """Bring a file, and return the address of its preview."""
    content = content if isinstance(content, bytes) else as_file(content)
    answer = client.post(
        reverse("admin:bring_table", args=[name]),
        {"file": SimpleUploadedFile(f"{name}.csv", content)},
    )
    assert answer.status_code == 302, answer.content.decode()
    return answer.url


def apply(client: Client, address: str, **typed: str) -> Any:
    """Agree to what the preview shows."""
    digest = client.get(address).context["plan"].digest
    return client.post(address, {"_apply": "1", "digest": digest, **typed}, follow=True)
