"""The coalition's five papers against the shipped record: the right values first, nothing false."""

from typing import Any

import pytest

from statements.models import Role
from statements.proposing import Proposals, split
from tests.conftest import DOCUMENTS
from tests.record_fixtures import loaded_record, record  # noqa: F401
from tests.statements.proposing.asking import proposed, values

pytestmark = [pytest.mark.needs_documents, pytest.mark.usefixtures("record")]

#: By document: what the inventory of the papers says they show. "statement" is the row that
#: waits for the text.
SHOWN: dict[str, dict[str, Any]] = {
    "2011-06-23-kinshasa-statement": {
        "title": ["Coalition Statement", "Kinshasa Intersessional Meeting"],
        "kind": ["statement"],
        "date": ["2011-06-23"],
        "meeting": "intersessional-2011-kinshasa",
        "place": ["Kinshasa"],
        "speakers": [],
        "named": [],
        "delivered": [],
    },
    "2018-06-antwerp-statement": {
        "title": ["intersessional meeting", "meaningful reform"],
        "kind": [],
        "date": ["2018-06"],
        "meeting": "intersessional-2018-antwerp",
        "place": ["Antwerp"],
        "speakers": [],
        "named": [],
        "delivered": [],
    },
    "2020-03-04-un-complacency": {
        "title": ["complacency", "New York"],
        "kind": ["press_release"],
        "date": ["2020-03-04"],
        "meeting": "unga-2020",
        "place": ["New York"],
        "speakers": ["mukasiri-sibanda", "shamiso-mtisi", "hans-merket"],
        "named": [],
        "delivered": ["published"],
    },
    "2021-11-12-moscow-closing": {
        "title": ["2021 Plenary Moscow", "Closing Speech"],
        "kind": ["closing_remarks"],
        "date": ["2021-11-12"],
        "meeting": "plenary-2021-moscow",
        "place": ["Moscow"],
        "speakers": ["shamiso-mtisi"],
        "named": [],
        "delivered": ["no"],
    },
    "2023-11-10-victoria-falls-closing": {
        "title": ["2023 Kimberley Process Plenary Meeting", "closing remarks"],
        "kind": ["closing_remarks"],
        "date": ["2023-11-10"],
        "meeting": "plenary-2023-victoria-falls",
        "place": ["Victoria Falls"],
        "speakers": ["michel-yoboue"],
        "named": [
            *("zhemu-soda", "winston-chitando", "ahmed-bin-sulayem", "feriel-zerouki"),
            *("elke-ceulemans", "jaff-bamenjo"),
        ],
        "delivered": ["partly"],
    },
}


def text_of(slug: str) -> str:
    return (DOCUMENTS / f"{slug}.txt").read_text(encoding="utf-8")


def check(found: Proposals, slug: str) -> None:
    shows = SHOWN[slug]
    for words in shows["title"]:
        assert words in found.title[0].value
    assert values(found.title_kind) == ["published"]
    for field in ("kind", "place", "speakers", "named", "delivered"):
        assert values(found.of(field)) == shows[field], field
    assert found.date[0].value == shows["date"][0]
    assert found.meeting[0].value == shows["meeting"]
    assert found.meeting[0].sure
    assert values(found.language) == ["en"]
    assert values(found.issuers) == ["kp-csc"]
    assert values(found.voice) == ["coalition"]
    assert found.unknown == []
    assert found.duplicates == []
    assert found.waiting[0].slug == slug


@pytest.mark.parametrize("slug", SHOWN)
def test_each_paper_shows_what_the_inventory_says(slug: str) -> None:
    found = proposed(text_of(slug), name=f"{slug}.txt")
    check(found, slug)
    assert values(found.date) == SHOWN[slug]["date"]
    assert found.date[0].sure
    assert [one.slug for one in found.waiting] == [slug]


@pytest.mark.parametrize("slug", SHOWN)
def test_each_paper_shows_the_same_when_it_was_pasted(slug: str) -> None:
    """Without the name of the file, nothing but the words is left."""
    found = proposed(text_of(slug))
    check(found, slug)
    # Two of them have no date of their own: what stands in the running text is not sure.
    own = slug[:4] not in ("2018", "2021")
    assert found.date[0].sure is own


def test_the_functions_are_those_of_the_day() -> None:
    functions = {}
    for slug in SHOWN:
        for one in proposed(text_of(slug)).speakers:
            role = Role.objects.select_related("organisation").get(reference=one.role)
            functions[slug[:4], one.value] = (role.role.split()[0], role.organisation.slug)
    assert functions == {
        ("2020", "mukasiri-sibanda"): ("Coalition", "kp-csc"),
        ("2020", "shamiso-mtisi"): ("Coordinator", "kp-csc"),
        ("2020", "hans-merket"): ("Researcher", "ipis"),
        ("2021", "shamiso-mtisi"): ("Coordinator", "kp-csc"),
        ("2023", "michel-yoboue"): ("Coordinator", "kp-csc"),
    }


def test_the_walk_out_and_the_prepared_remarks_can_be_parted() -> None:
    for slug in SHOWN:
        text = text_of(slug)
        splits = proposed(text).splits
        assert len(splits) == (slug[:4] == "2023"), slug
        if splits:
            spoken, prepared = split(text, splits[0].at)
            assert "2am" in spoken
            assert "Zhemu Soda" not in spoken
            assert "Zhemu Soda" in prepared
            assert "2am" not in prepared
