"""The words that a reader may not know: those of the Kimberley Process, and those of this site.

Each has a key (its address on the page of words, so it stays), a name and one plain sentence.
Those of the Kimberley Process say how they are written in prose of either language: the first
one in a page's prose becomes a link (``words.py``).
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True)
class Word:
    """One word: key, name, what it means, and patterns of how prose writes it."""

    key: str
    name: Any
    sentence: Any
    english: str = ""
    french: str = ""


#: Longer forms stand before the shorter ones that they contain.
OF_THE_PROCESS = (
    Word(
        "kimberley-process",
        _("Kimberley Process (KP)"),
        _(
            "The scheme by which states keep conflict diamonds out of trade with certificates; "
            "it was negotiated from 2000 and has worked since 2003, with industry and civil "
            "society as observers."
        ),
    ),
    Word(
        "coalition",
        _("Civil Society Coalition"),
        _(
            "The non-governmental organisations that observe the Kimberley Process together; "
            "“the coalition” on these pages."
        ),
    ),
    Word(
        "participant",
        _("Participant"),
        _(
            "A state, or the European Union for its members, that applies the rules of the "
            "Kimberley Process and decides on them."
        ),
        r"(?:Kimberley Process|KP) participants?|(?<=asks )participants",
        r"participants (?:du PK|du Processus de Kimberley)|(?<=demande aux )participants",
    ),
    Word(
        "observer",
        _("Observer"),
        _(
            "A body that takes part in the meetings of the Kimberley Process without deciding: "
            "the coalition is one, the World Diamond Council another."
        ),
        r"(?<!independent )(?<!local )observers?",
        r"observateurs?(?! (?:indépendants?|locaux))",
    ),
    Word(
        "tripartite",
        _("Tripartite"),
        _(
            "Of three parties: governments, industry and civil society, often called the three "
            "pillars of the Kimberley Process."
        ),
        r"tripartite|three pillars",
        r"tripartites?|trois piliers",
    ),
    Word(
        "kp-chair",
        _("KP Chair"),
        _("The participant that presides over the Kimberley Process for a calendar year."),
        r"(?:KP|Kimberley Process) chair|chair of the (?:KP|Kimberley Process)",
        r"présiden(?:ce|te?) du (?:PK|Processus de Kimberley)",
    ),
    Word(
        "plenary",
        _("Plenary"),
        _("The yearly meeting at which the Kimberley Process decides."),
        r"plenar(?:y|ies)",
        r"plénières?",
    ),
    Word(
        "intersessional",
        _("Intersessional"),
        _("The meeting of the Kimberley Process between two plenaries."),
        r"intersessionals?",
        r"intersessionnelles?",
    ),
    Word(
        "working-group",
        _("Working group"),
        _(
            "A standing body of the Kimberley Process that prepares one subject, such as "
            "monitoring, statistics or artisanal production."
        ),
        r"working (?:groups?|bod(?:y|ies))",
        r"groupes? de travail",
    ),
    Word(
        "reform-committee",
        _("Committee on Review and Reform"),
        _(
            "The ad hoc committee that the plenary of 2017 created to work on changes of the "
            "scheme; a decision of 2022 created it again."
        ),
        r"(?:Ad Hoc )?Committee on Review and Reform",
        r"Comité (?:ad hoc )?de révision et de réforme",
    ),
    Word(
        "consensus",
        _("Consensus"),
        _(
            "How the Kimberley Process decides: only when no participant objects, so that one "
            "alone can stop a decision."
        ),
        r"consensus",
        r"consensus",
    ),
    Word(
        "secretariat",
        _("Permanent secretariat"),
        _(
            "A standing office for the daily work of the Kimberley Process, whoever is in the "
            "chair; the record has it in Gaborone from 2024."
        ),
        r"(?:permanent )?secretariat",
        r"secrétariat(?: permanent)?",
    ),
    Word(
        "asm",
        _("Administrative Support Mechanism"),
        _(
            "The help with administration that members of the World Diamond Council run and pay "
            "for, from 2013."
        ),
        r"Administrative Support Mechanism",
        r"Mécanisme de soutien administratif",
    ),
    Word(
        "wdc",
        _("World Diamond Council"),
        _("The body that speaks for the diamond industry in the Kimberley Process, as observer."),
        r"World Diamond Council",
        r"Conseil mondial du diamant",
    ),
    Word(
        "conflict-diamonds",
        _("Conflict diamonds"),
        _(
            "By the scheme’s definition, rough diamonds with which rebels pay for war against "
            "governments; the coalition asks for a wider one."
        ),
        r"conflict diamonds?",
        r"diamants? (?:de conflits?|de la guerre)",
    ),
    Word(
        "rough-diamonds",
        _("Rough diamonds"),
        _(
            "Diamonds as they come out of the ground, neither cut nor polished: the scheme covers "
            "these alone."
        ),
        r"rough diamonds?",
        r"diamants? bruts?",
    ),
    Word(
        "core-document",
        _("Core document"),
        _(
            "The founding text of the scheme: it holds the definition of conflict diamonds and "
            "the rules for participants."
        ),
        r"core document",
        r"document de base",
    ),
    Word(
        "minimum-requirements",
        _("Minimum requirements"),
        _("What the core document asks of every participant at least."),
        r"minimum (?:requirements?|standards?)",
        r"(?:exigences|normes) minimales",
    ),
    Word(
        "certification-scheme",
        _("Certification scheme"),
        _(
            "The rules of the Kimberley Process as a whole: who may trade rough diamonds with "
            "whom, and with which papers."
        ),
        r"certification scheme",
        r"système de certification",
    ),
    Word(
        "mixed-origin",
        _("Mixed origin"),
        _(
            "Of a certificate for stones from several countries: it does not say where each was "
            "mined."
        ),
        r"(?:certificates? of mixed origin|mixed[- ]origin(?: certificates?)?)",
        r"(?:certificats? d['’])?origine mixte",
    ),
    Word(
        "certificate",
        _("Kimberley Process certificate"),
        _(
            "The paper of a government that goes with a parcel of rough diamonds across a border "
            "and says that they were handled by the rules."
        ),
        r"(?:Kimberley Process|KP) certificates?|certificates",
        r"certificats? (?:du PK|du Processus de Kimberley)|certificats",
    ),
    Word(
        "internal-controls",
        _("Internal controls"),
        _("The checks that a country makes on its own diamonds, from the mine to the border."),
        r"internal controls?",
        r"contrôles? internes?",
    ),
    Word(
        "peer-review",
        _("Peer review"),
        _(
            "How participants are checked on whether they apply the rules: by others of the "
            "Kimberley Process, through yearly reports and visits."
        ),
        r"peer[- ]reviews?",
        r"examens? par les pairs",
    ),
    Word(
        "review-visit",
        _("Review visit, review mission"),
        _(
            "A team of governments, industry and civil society goes to a participant to see how "
            "it applies the rules; a mission goes where there is reason for concern."
        ),
        r"review (?:visits?|missions?)",
        r"(?:visites?|missions?) d['’]examen",
    ),
    Word(
        "suspension",
        _("Suspension"),
        _("A participant may not trade rough diamonds under the scheme for a time."),
        r"suspension",
        r"suspension",
    ),
    Word(
        "embargo",
        _("Embargo"),
        _(
            "A ban on the rough diamonds of a country or an area, by the Security Council or by "
            "the Kimberley Process."
        ),
        r"embargo(?:es)?",
        r"embargos?",
    ),
    Word(
        "system-of-warranties",
        _("System of Warranties"),
        _(
            "The industry’s own rule: whoever sells diamonds promises on the invoice that they "
            "are not from conflict."
        ),
        r"System of Warranties",
        r"système de(?:s)? garanties",
    ),
    Word(
        "frame7",
        _("Frame7"),
        _(
            "The declaration with seven principles of responsible sourcing that the plenary of "
            "2021 in Moscow adopted; it binds nobody."
        ),
        r"Frame ?7",
        r"Frame ?7|cadre 7",
    ),
    Word(
        "due-diligence",
        _("Due diligence"),
        _(
            "What a company does to find out where its goods come from and what harm is done on "
            "the way, and to act on it."
        ),
        r"due diligence",
        r"devoir de diligence|diligence raisonnable",
    ),
    Word(
        "traceability",
        _("Traceability"),
        _("That a diamond can be followed from the mine to the buyer."),
        r"traceability",
        r"traçabilité",
    ),
    Word(
        "artisanal-mining",
        _("Artisanal mining"),
        _("Digging by hand or with simple tools, alone or in small groups."),
        r"artisanal(?: and small-scale)? (?:mining|miners?|diggers?|production|producers?)",
        r"(?:exploitation|extraction|production) (?:minière )?artisanale|mineurs artisanaux",
    ),
    Word(
        "alluvial",
        _("Alluvial diamonds"),
        _(
            "Diamonds in the sand and gravel of rivers, spread over wide areas and mostly dug by "
            "hand."
        ),
        r"alluvial",
        r"alluvia(?:l|le|les|ux)",
    ),
    Word(
        "marange",
        _("Marange"),
        _(
            "Diamond fields in the east of Zimbabwe; many of the demands on that country concern "
            "them."
        ),
        r"Marange",
        r"Marange",
    ),
)

OF_THIS_SITE = (
    Word(
        "statement",
        _("Statement"),
        _(
            "A speech, press release, letter or report of the coalition, of a member, or of "
            "others whom the record shows but does not count."
        ),
    ),
    Word(
        "demand",
        _("Demand"),
        _(
            "Something the coalition or a member asks somebody to do; in whatever words and "
            "however often, it is one entry."
        ),
    ),
    Word(
        "position",
        _("Position, commitment"),
        _("A stand that the coalition takes, or what it promises itself to do; neither is judged."),
    ),
    Word(
        "part",
        _("Part of"),
        _(
            "A narrower demand within a wider one; the figures of the wider one do not include "
            "those of its parts unless the page says so."
        ),
    ),
    Word(
        "mention",
        _("Mention"),
        _("One demand in one statement: asked, criticised, welcomed or declared."),
    ),
    Word("asked", _("Asked"), _("The statement asks for it.")),
    Word(
        "criticised",
        _("Criticised"),
        _(
            "The statement complains of what the demand would mend, without asking; it is counted "
            "beside what was asked and never added to it."
        ),
    ),
    Word(
        "welcomed",
        _("Welcomed"),
        _("The statement praises a step towards it; this is shown and not counted."),
    ),
    Word(
        "declared",
        _("Declared"),
        _("The word for a position or a commitment, where a demand is asked."),
    ),
    Word("raised", _("Raised"), _("Asked or criticised, whichever it was.")),
    Word(
        "occasion",
        _("Occasion"),
        _(
            "A meeting or, outside meetings, a month in which the coalition or a member asked; "
            "ten statements at one plenary are one occasion."
        ),
    ),
    Word(
        "first-found",
        _("First found"),
        _(
            "The day of the earliest statement in this record that asks for it; earlier ones may "
            "exist that were not found."
        ),
    ),
    Word(
        "dormant",
        _("Dormant"),
        _("A demand that has not been raised for five years."),
    ),
    Word(
        "known-dates",
        _("Dates as known"),
        _("A date says as much as is known, a day, a month or a year; nothing is guessed."),
    ),
    Word(
        "voice",
        _("Voice"),
        _(
            "In whose name a statement speaks: for the coalition, for a member alone, or for "
            "others, who are shown and not counted."
        ),
    ),
    Word(
        "seen",
        _("What we saw of it"),
        _("How much of a statement’s text those who compiled the record had before them."),
    ),
    Word(
        "sure",
        _("How sure we are"),
        _("How sure those who compiled the record were of an entry: sure, fairly sure or unsure."),
    ),
    Word(
        "title-by-us",
        _("Title by us"),
        _("No title of the statement was seen; ours says what it is."),
    ),
    Word(
        "in-our-words",
        _("In our words"),
        _(
            "A paraphrase or a summary of ours, never a quotation: set without serifs, "
            "without a bar and without quotation marks."
        ),
    ),
    Word(
        "word-for-word",
        _("Word for word"),
        _(
            "A quotation from a text that we hold: set with serifs, a bar beside it and quotation "
            "marks."
        ),
    ),
    Word(
        "status",
        _("Where it stands"),
        _(
            "Our judgement of what has happened, not of how hard anybody tried; never without its "
            "date."
        ),
    ),
    Word(
        "what-would-count",
        _("What would count as met"),
        _("The test for a demand: what would have to happen."),
    ),
    Word(
        "evidence",
        _("Evidence"),
        _("What a judgement rests on: a page or a document that anybody may check."),
    ),
    Word(
        "provisional",
        _("Provisional"),
        _("Judged from public sources and not yet confirmed by the coalition."),
    ),
    Word(
        "hollow", _("Hollow sign"), _("A status that is provisional; a filled sign is confirmed.")
    ),
    Word(
        "hatched",
        _("Hatched"),
        _(
            "In charts, a judgement that is old, or a year or meeting of which the record has no "
            "text: not known, which is not the same as “no”."
        ),
    ),
    Word(
        "asked-again",
        _("Asked again since"),
        _("It was asked again after the judgement, which may therefore be out of date."),
    ),
    Word(
        "not-judged-since",
        _("Not judged since"),
        _("The judgement is more than two years old and nobody has looked at it again."),
    ),
    Word(
        "brought-about-by",
        _("Brought about by"),
        _("Who made it happen where something is met: those it was asked of, others, or nobody."),
    ),
    Word(
        "permanent-address",
        _("Permanent address"),
        _("The address to cite: it leads to the page even if its title changes."),
    ),
    Word(
        "version",
        pgettext_lazy("of a statement", "Version"),
        _(
            "A translation or a variant of another statement; what both say is counted once, with "
            "the original."
        ),
    ),
)
