"""A record of a few rows in a folder, for tests that change files and load them."""

import csv
import shutil
from pathlib import Path
from typing import Any

from django.conf import settings

FILES: dict[str, list[dict[str, str]]] = {
    "countries.csv": [
        {"code": "ZA", "name": "South Africa", "name_fr": "Afrique du Sud"},
        {"code": "CD", "name": "DR Congo", "name_fr": "RD Congo"},
    ],
    "themes.csv": [
        {"slug": "definition", "name": "Definition", "name_fr": "Définition"},
        {"slug": "reform", "name": "Reform", "name_fr": "Réforme"},
    ],
    "organisations.csv": [
        {"slug": "kp", "name": "Kimberley Process", "kind": "process", "from": "2003"},
        {"slug": "csc", "name": "The Coalition", "name_fr": "La Coalition", "kind": "coalition"},
        {
            "slug": "ngo",
            "name": "An NGO",
            "kind": "coalition_member",
            "country_code": "CD",
            "from": "2001-05",
            "to": "2019-12-31",
        },
    ],
    "people.csv": [
        {
            "reference": "R-001",
            "slug": "ama-mensah",
            "full_name": "Ama Mensah",
            "name_variants": "A. Mensah;Ama Mensa",
            "role": "Coordinator",
            "organisation_slug": "csc",
            "from": "2019",
        },
        {
            "reference": "R-002",
            "slug": "ama-mensah",
            "full_name": "Ama Mensah",
            "name_variants": "A. Mensah;Ama Mensa",
            "role": "Director",
            "organisation_slug": "ngo",
            "to": "2018",
        },
        {"reference": "R-003", "slug": "ben-okoye", "full_name": "Ben Okoye", "role": "Chair"},
    ],
    "meetings.csv": [
        {
            "slug": "plenary-2020",
            "title": "Plenary 2020",
            "kind": "plenary",
            "year": "2020",
            "start_date": "2020-11-09",
            "end_date": "2020-11-13",
            "country_code": "ZA",
        },
        {"slug": "plenary-2021", "title": "Plenary 2021", "kind": "plenary", "year": "2021"},
    ],
    "statements.csv": [
        {
            "slug": "closing-fr",
            "title": "Clôture",
            "title_kind": "published",
            "kind": "speech",
            "voice": "coalition",
            "date": "2020-11-13",
            "language": "fr",
            "delivered": "no",
            "text_seen": "full",
            "version_of": "closing",
        },
        {
            "slug": "closing",
            "title": "Closing, with a comma",
            "title_fr": "Clôture",
            "title_kind": "published",
            "kind": "speech",
            "voice": "coalition",
            "date": "2020-11-13",
            "meeting_slug": "plenary-2020",
            "language": "en",
            "speaker_slugs": "ben-okoye;ama-mensah",
            "issuer_slugs": "csc",
            "addressee_slugs": "kp;ngo",
            "delivered": "yes",
            "text_seen": "full",
            "summary": "Two lines\nof a summary.",
            "document": "closing.txt",
        },
        {
            "slug": "letter",
            "title": "Letter",
            "title_kind": "descriptive",
            "kind": "open_letter",
            "voice": "member",
            "date": "2021-03",
            "delivered": "published",
            "text_seen": "press_report",
            "source_url": "https://example.org/letter",
        },
    ],
    "demands.csv": [
        {
            "reference": "D-001",
            "slug": "any-perpetrator",
            "title": "Count violence by anybody",
            "theme_slug": "definition",
            "kind": "demand",
            "parent_slug": "widen",
            "addressee_slugs": "kp",
        },
        {
            "reference": "D-002",
            "slug": "widen",
            "title": "Widen the definition",
            "theme_slug": "definition",
            "kind": "demand",
            "source_url": "document:closing.txt",
        },
        {
            "reference": "D-003",
            "slug": "stay-out",
            "title": "The coalition stays away",
            "theme_slug": "reform",
            "kind": "position",
        },
    ],
    "mentions.csv": [
        {
            "reference": "M-0001",
            "demand_slug": "widen",
            "statement_slug": "closing",
            "kind": "demanded",
            "speaker_slug": "ama-mensah",
            "paraphrase": "Widen it.",
        },
        {
            "reference": "M-0002",
            "demand_slug": "any-perpetrator",
            "statement_slug": "letter",
            "kind": "criticised",
            "paraphrase": "Nothing moved.",
        },
    ],
    "assessments.csv": [
        {
            "reference": "A-0001",
            "demand_slug": "widen",
            "date": "2020-11",
            "status": "under_discussion",
            "rationale": "It was on the agenda.",
            "evidence_kind": "press",
            "source_url": "https://example.org/agenda",
            "assessed_by": "the compilers",
            "recorded_on": "2022-01-15",
        },
        {
            "reference": "A-0003",
            "demand_slug": "widen",
            "date": "2021-11-12",
            "status": "blocked",
            "reason": "no_consensus",
            "rationale": "One participant objected.",
            "evidence_kind": "kp_document",
            "source_url": "document:closing.txt",
            "assessed_by": "the compilers",
            "recorded_on": "2022-01-15",
        },
    ],
}


class SmallRecord:
    """A folder with the files above, which a test may change."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.columns: dict[str, list[str]] = {}
        self.rows: dict[str, list[dict[str, str]]] = {}
        for name, rows in FILES.items():
            with open(Path(settings.RECORD_DIR) / name, encoding="utf-8", newline="") as file:
                self.columns[name] = next(csv.reader(file))
            empty = dict.fromkeys(self.columns[name], "")
            self.rows[name] = [empty | row for row in rows]
        shutil.copy(settings.VOCABULARIES, folder / "vocabularies.csv")
        self.write()

    def write(self) -> None:
        for name, rows in self.rows.items():
            with open(self.folder / name, "w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, self.columns[name], lineterminator="\n")
                writer.writeheader()
                writer.writerows(rows)

    def find(self, name: str, key: str) -> dict[str, str]:
        column = self.columns[name][0]
        return next(row for row in self.rows[name] if row[column] == key)

    def change(self, name: str, key: str, /, **cells: Any) -> None:
        """Change cells of a row; a column the file lacks is added, empty in the other rows."""
        for column in cells:
            self.add_column(name, column.rstrip("_"))
        self.find(name, key).update({name.rstrip("_"): cell for name, cell in cells.items()})
        self.write()

    def add_column(self, name: str, column: str, cell: str = "") -> None:
        if column not in self.columns[name]:
            self.columns[name].append(column)
            for row in self.rows[name]:
                row[column] = cell
            self.write()

    def add(self, name: str, /, **cells: str) -> None:
        empty = dict.fromkeys(self.columns[name], "")
        self.rows[name].append(empty | {key.rstrip("_"): cell for key, cell in cells.items()})
        self.write()

    def remove(self, name: str, key: str) -> None:
        self.rows[name].remove(self.find(name, key))
        self.write()

    def new_file(self, name: str, columns: list[str], *rows: list[str]) -> None:
        self.columns[name] = columns
        self.rows[name] = [dict(zip(columns, row, strict=True)) for row in rows]
        self.write()

    def line(self, name: str, key: str) -> int:
        """Return the physical line on which a row begins."""
        line = 2
        for row in self.rows[name]:
            if row[self.columns[name][0]] == key:
                return line
            line += 1 + sum(cell.count("\n") for cell in row.values())
        raise KeyError(key)
