"""The PDF door: what it refuses, what it writes, and that two judges find nothing to say about it."""

import http.server
import io
import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import outloud
import page as page_validation
import pikepdf
import pypdf
import pytest
from django.template.loader import render_to_string
from django.utils import translation
from outloud.model import Document
from outloud.rules._common import element_text

from core.pdf import (
    Attachment,
    DocumentTooLarge,
    FontsMissing,
    ForbiddenResource,
    LanguageMismatch,
    RenderedPdf,
    render_pdf,
)

ROOT = Path(__file__).resolve().parent.parent.parent
CREATED = datetime(2026, 11, 22, 19, 32, tzinfo=UTC)
DIGEST = "9f2c4e0b7a1d83c65e90f1b2a7748d3c0e6b5a49d8172f3e4c5b6a7980f1e2d3"

RIGHT = {
    "name": "Décision automatisée",
    "text": "L’organisme doit vous le dire.",
    "article": {"fr": "Loi d’essai, article 65", "en": "Trial Act, section 65"},
    "origin": "statute",
    "certainty": "text_read",
    "in_force_from": date(2023, 9, 22),
}
REMEDY = {
    "name": "Tribunal des essais",
    "what": "Il peut annuler une décision.",
    "limits": "La lettre dit le délai.",
    "phone": "1 800 555-0199",
    "website": "https://tribunal.exemple.quebec",
    "origin": "statute",
    "certainty": "secondary_source",
}


def row(label: str, value: str, lang: str | None = None, missing: bool = False, **more: str) -> dict[str, Any]:
    return {"label": label, "value": value, "lang": lang, "missing": missing, **more}


def sheet(language: str = "fr", **changes: Any) -> dict[str, Any]:
    """Every key of the sheet's context, with plausible content."""
    content = {
        "reference": "DÉMO-MTEST-0004",
        "name": "Tri des demandes de bourses",
        "body_name": "Ministère des Essais (démonstration)",
        "sigle": "MTEST",
        "language": language,
        "phase_label": "En projet pilote",
        "sections": [
            {
                "title": "À quoi sert ce système",
                "rows": [
                    row(
                        "En une phrase",
                        "Classe les demandes pour que rien ne manque à temps.",
                    ),
                    row("Nom du modèle", "Document completeness classifier", lang="en"),
                    row("Données", "", missing=True),
                ],
            },
            {"title": "Qui en répond", "rows": [row("Courriel", "ia@exemple.quebec", href="mailto:ia@exemple.quebec")]},
        ],
        "recourse": {
            "phone": "418 555-0142",
            "email": "plaintes@exemple.quebec",
            "postal": "Bureau des plaintes\n12, rue de l’Exemple\nQuébec (Québec) G1A 0A0",
            "lines": [
                {"label": "Autre recours", "value": "Pour une plainte.", "url": "https://exemple.quebec/plainte"}
            ],
            "rights": [RIGHT, RIGHT | {"article": None, "in_force_from": None, "origin": "good_practice"}],
            "outside": [{"title": "Une décision", "remedies": [REMEDY, REMEDY | {"phone": "", "website": ""}]}],
        },
        "digest": DIGEST,
        "is_draft": False,
        "published_on": date(2026, 11, 3),
        "version_number": "3.0",
        "demonstration": True,
        "generated_at": CREATED,
    }
    return content | changes


def rendered(content: dict[str, Any], attachments: tuple[Attachment, ...] = ()) -> RenderedPdf:
    with translation.override(content["language"]):
        html = render_to_string("reports/system_sheet.html", {"sheet": content})
    return render_pdf(
        html=html,
        language=content["language"],
        identifier=f"{content['reference']}/3.0/{content['language']}",
        created=CREATED,
        attachments=attachments,
    )


def small(body: str, head: str = "") -> RenderedPdf:
    start = '<!DOCTYPE html><html lang="fr-CA"><head><title>Essai</title>'
    html = f"{start}{head}</head><body><h1>Essai</h1>{body}</body></html>"
    return render_pdf(html=html, language="fr", identifier="essai", created=CREATED)


def words_of(made: RenderedPdf) -> list[str]:
    return [" ".join(each.extract_text().split()) for each in pypdf.PdfReader(io.BytesIO(made.content)).pages]


def findings(made: RenderedPdf, folder: Path) -> list[str]:
    """What the two judges hold against the file: PDF/A-3a, PDF/UA-1 and what a screen reader would say."""
    found = []
    for profile in ("3a", "ua1"):
        report = page_validation.validate_pdf_bytes(made.content, profile=profile)
        found += [f"{profile}: {failure.rule_id} {failure.message}" for failure in report.failures]
    path = folder / "document.pdf"
    path.write_bytes(made.content)
    heard = outloud.check(str(path))
    found += [f"outloud: {each.rule} {each.message}" for each in heard.findings if each.severity == "error"]
    return found + ([f"outloud: {heard.error}"] if heard.error else [])


RARE = "≥ → ✓ ᐃᓄᒃᑎᑐᑦ Ελληνικά Українська 😀 👩🏽‍🔬 漢字 שלום e\u0301 ﬁ \u202e0123\u202c \ue000 a\u202fb Œ ŵ Ż ǂ"
HOSTILE = (
    "<script>alert(1)</script> <img src='http://exemple.invalid/x.png'> {{ sheet }} {% now %} ]]> --> &lt; \" ' \x07"
)
SOLUTION: dict[str, Any] = {
    "rows": [
        row("Nom de la solution", "Assistant de rédaction"),
        row("Description", "Propose un brouillon de réponse.\n\nUne personne le relit."),
        row("Fournisseur", "Maison des lettres"),
    ],
    "claims": [
        {
            "text": f"Neuf brouillons sur dix seraient bons. {end}",
            "lang": None,
            "source": "Fiche du produit, page 4",
            "source_lang": None,
            "stated_on": "15 mars 2026",
        }
        for end in ("Court.", "Long. " * 400)
    ],
}
IN_ENGLISH = {name: [one | {"lang": "fr", "source_lang": "fr"} for one in of_it] for name, of_it in SOLUTION.items()}
CASES = {
    "typical-fr": sheet("fr"),
    "typical-en": sheet("en", demonstration=False, reference="QC-MTEST-0004", body_lang="fr", name_lang="fr"),
    "solution-fr": sheet(solution=SOLUTION),
    "solution-en": sheet("en", solution=IN_ENGLISH),
    "solution-without-words": sheet(solution=SOLUTION | {"claims": []}),
    "empty": sheet(sections=[], recourse={}),
    "empty-section": sheet(sections=[{"title": "Rien", "rows": []}]),
    "rare-letters": sheet(name=RARE, sections=[{"title": RARE, "rows": [row(RARE, RARE)]}]),
    "hostile": sheet(name=HOSTILE, body_name=HOSTILE, sections=[{"title": HOSTILE, "rows": [row(HOSTILE, HOSTILE)]}]),
    "long": sheet(
        name="Un nom très long " * 12,
        url="https://exemple.quebec/fr/systemes/" + "a" * 200,
        sections=[
            {"title": "Plusieurs", "rows": [row(f"Question {n}", "Une réponse. " * 30) for n in range(20)]},
            {"title": "Un seul", "rows": [row("Texte", "Une phrase qui se répète sans cesse. " * 400, lang="en")]},
            {"title": "Mot", "rows": [row("m" * 90, "x" * 1000), row("Sans fin", "x" * 4000)]},
        ],
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_both_judges_find_nothing(case: str, tmp_path: Path) -> None:
    assert findings(rendered(CASES[case]), tmp_path) == []


@pytest.mark.slow
def test_free_html_of_later_reports_passes_too(tmp_path: Path) -> None:
    made = small(
        "<h2>Liste</h2><ol><li>Un<ul><li>Deux</li></ul></li></ol>"
        '<p>Voir <a href="https://exemple.quebec/">le site</a> et <a href="#t">le tableau</a>. <em>Oui</em>.</p>'
        '<table class="data" id="t"><caption>Systèmes</caption><thead><tr><th scope="col">Phase</th>'
        '<th scope="col" class="number">Nombre</th></tr></thead><tbody>'
        '<tr><th scope="row">En service</th><td class="number">12</td></tr></tbody></table>'
    )
    assert findings(made, tmp_path) == []


# --- Loading --------------------------------------------------------------------------------------


def test_importing_the_door_loads_no_pdf_library() -> None:
    program = "import sys, core.pdf; print([m for m in ('weasyprint', 'pikepdf', 'fontTools') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# --- Same input, same bytes -----------------------------------------------------------------------

REBUILD = """
import hashlib, json, sys
from datetime import datetime
from core.pdf import Attachment, render_pdf
asked = json.load(sys.stdin)
attachments = [Attachment(name="donnees.json", content=b"{}", description="Les donnees")]
made = [render_pdf(html=asked["html"], language="fr", identifier="MTEST/1", attachments=attachments,
                   created=datetime.fromisoformat(asked["created"])) for _ in range(2)]
print(json.dumps([each.sha256 for each in made]))
"""


def rebuild(html: str, created: datetime, seed: str, zone: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", REBUILD],
        cwd=ROOT,
        input=json.dumps({"html": html, "created": created.isoformat()}),
        env={"PYTHONHASHSEED": seed, "TZ": zone, "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


@pytest.mark.slow
def test_separate_processes_write_the_same_bytes() -> None:
    html = rendered(sheet(name=RARE)).html
    first, second = rebuild(html, CREATED, "1", "UTC"), rebuild(html, CREATED, "2", "America/Toronto")
    assert len({*first, *second}) == 1
    assert rebuild(html, CREATED.replace(hour=20), "1", "UTC")[0] != first[0]


@pytest.mark.slow
def test_documents_made_before_do_not_change_the_next() -> None:
    before = rendered(sheet()).sha256
    rendered(CASES["rare-letters"])
    small("<p><strong><em>ŵ</em></strong></p>")
    assert rendered(sheet()).sha256 == before


# --- Nothing from outside -------------------------------------------------------------------------

OUTSIDE = {
    "image": '<img alt="x" src="{address}">',
    "object": '<object data="{address}"></object>',
    "embed": '<embed src="{address}">',
    "attached": '<a rel="attachment" href="{address}">x</a>',
    "style attribute": '<p style="background:url({address})">x</p>',
    "list marker": '<ul><li style="list-style-image:url({address})">x</li></ul>',
    "content": '<style>p::before{{content:url("{address}")}}</style><p>x</p>',
    "import": '<style>@import url("{address}");</style>',
    "font": "<style>@font-face{{font-family:x;src:url({address})}}</style><p style='font-family:x'>x</p>",
    "linked style": '<link rel="stylesheet" href="{address}">',
    "drawing": '<svg width="9" height="9"><title>x</title><image width="9" height="9" href="{address}"/></svg>',
}


@pytest.fixture
def trap() -> Iterator[tuple[str, list[str]]]:
    """A server that redirects to a file; it must never be called."""
    calls: list[str] = []

    class Redirecting(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            calls.append(self.path)
            self.send_response(302)
            self.send_header("Location", "file:///etc/passwd")
            self.end_headers()

        def log_message(self, *args: object) -> None: ...

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Redirecting)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/x.png", calls
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("way", OUTSIDE)
def test_a_document_that_calls_a_server_is_refused_before_the_call(way: str, trap: tuple[str, list[str]]) -> None:
    address, calls = trap
    with pytest.raises(ForbiddenResource):
        small(OUTSIDE[way].format(address=address))
    assert calls == []


@pytest.mark.parametrize("way", ["image", "import", "style attribute", "attached", "drawing"])
@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "data:image/svg+xml;base64,PHN2Zy8+",
        "ftp://127.0.0.1/x",
        "vigie:../../etc/passwd",
        "vigie:print.css?x",
        "VIGIE:secret",
    ],
)
def test_only_the_names_of_the_list_are_served(way: str, address: str) -> None:
    with pytest.raises(ForbiddenResource):
        small(OUTSIDE[way].format(address=address))


def test_the_fetcher_itself_opens_nothing() -> None:
    from core.pdf.bundled import BundledFiles

    fetcher = BundledFiles()
    for address in ("http://127.0.0.1/", "file:///etc/passwd", "data:,x", "/etc/passwd", "vigie:", ""):
        for call in (fetcher.fetch, fetcher.open, fetcher):
            with pytest.raises(PermissionError):
                call(address)
    assert fetcher.fetch("vigie:print.css").read().startswith(b"/*")


def test_typed_markup_stays_text() -> None:
    made = rendered(CASES["hostile"])
    assert "<script>" not in made.html and "<img" not in made.html
    assert "<script>alert(1)</script>" in " ".join(words_of(made))


# --- Refusals -------------------------------------------------------------------------------------


def test_too_much_text_is_refused_with_a_sentence() -> None:
    with pytest.raises(DocumentTooLarge, match="PDF") as refusal:
        small("é" * 2_500_001)
    assert "6" in str(refusal.value) and "5" in str(refusal.value)


def test_programming_faults_are_named() -> None:
    html = '<html lang="fr"><head><title>T</title></head><body><p>x</p></body></html>'
    with pytest.raises(LanguageMismatch):
        render_pdf(html=html, language="en", identifier="x", created=CREATED)
    with pytest.raises(ValueError, match="time zone"):
        render_pdf(html=html, language="fr", identifier="x", created=datetime(2026, 11, 22))
    with pytest.raises(ValueError, match="title"):
        render_pdf(html=html.replace("T<", " <"), language="fr", identifier="x", created=CREATED)


def test_missing_fonts_say_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from core.pdf import bundled

    monkeypatch.setattr(bundled, "FONT_FOLDER", tmp_path)
    with pytest.raises(FontsMissing, match="make start"):
        bundled.font_paths()
    with pytest.raises(FontsMissing):
        small("<p>x</p>")


# --- What is in the file --------------------------------------------------------------------------


@pytest.fixture
def heard(tmp_path: Path) -> Iterator[Callable[[RenderedPdf], Document]]:
    """The structure tree as a screen reader walks it."""
    opened: list[Document] = []

    def read(made: RenderedPdf) -> Document:
        path = tmp_path / f"{made.sha256}.pdf"
        path.write_bytes(made.content)
        opened.append(Document(str(path)))
        return opened[-1]

    yield read
    for document in opened:
        document.close()


def texts(document: Document, kind: str) -> list[str]:
    return [" ".join(element_text(document, each).split()) for each in document.elements if each.type == kind]


def test_reading_order_headings_lists_and_language_of_passages(heard: Callable[[RenderedPdf], Document]) -> None:
    document = heard(rendered(sheet()))
    assert document.lang == "fr-CA"
    assert texts(document, "H1") == ["Tri des demandes de bourses"]
    assert texts(document, "H2")[0] == "À quoi sert ce système"
    assert len(document.elements_of("L")) == 4
    assert texts(document, "LI")[0].startswith("En une phrase Classe les demandes")
    foreign = [each for each in document.elements if each.lang == "en"]
    assert {" ".join(element_text(document, each).split()) for each in foreign} == {"Document completeness classifier"}


def test_headers_of_tables_say_what_they_head(heard: Callable[[RenderedPdf], Document]) -> None:
    cells = '<tr><th scope="row">Essai</th><td>12</td></tr>'
    document = heard(small(f'<table><thead><tr><th>Phase</th><th scope="col">Nombre</th></tr></thead>{cells}</table>'))
    scopes = {element_text(document, each): each.attr("Scope", "Table") for each in document.elements_of("TH")}
    assert scopes == {"Phase": "Column", "Nombre": "Column", "Essai": "Row"}


def test_links_print_and_are_named_by_their_words(heard: Callable[[RenderedPdf], Document]) -> None:
    document = heard(
        small('<p><a href="https://exemple.quebec/x">Le  site</a> <a href="#t" title="Plus">→</a><b id="t">t</b></p>')
    )
    links = [each for each in document.annotations if each.subtype == "Link"]
    assert [each.contents for each in links] == ["Le site", "Plus"]
    assert all(each.flags & 4 for each in links)


def test_running_texts_are_artifacts_and_their_orphans_are_gone(heard: Callable[[RenderedPdf], Document]) -> None:
    made = rendered(sheet())
    document = heard(made)
    spoken = " ".join(element_text(document, each, include_children=False) for each in document.elements)
    assert "page 1" not in spoken and "Données fictives" not in spoken
    assert "Démonstration" in spoken  # said once, at the head
    elements = sum(
        1
        for each in document.pdf.objects
        if isinstance(each, pikepdf.Dictionary) and each.get("/Type") == "/StructElem"
    )
    assert elements == len(document.elements)


def test_title_bookmarks_dates_and_identity() -> None:
    with pikepdf.open(io.BytesIO(rendered(sheet()).content)) as pdf:
        assert str(pdf.docinfo["/Title"]) == "Tri des demandes de bourses (DÉMO-MTEST-0004)"
        assert str(pdf.docinfo["/CreationDate"]) == str(pdf.docinfo["/ModDate"]) == "D:20261122193200Z"
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
        assert bytes(pdf.trailer.ID[0]).decode() == "DÉMO-MTEST-0004/3.0/fr"
        assert "/Filter" not in pdf.Root.Metadata
        with pdf.open_outline() as outline:
            (cover,) = outline.root
            assert cover.title == "Tri des demandes de bourses"
            assert [each.title for each in cover.children][:2] == ["À quoi sert ce système", "Qui en répond"]


@pytest.mark.parametrize(("language", "folio"), [("fr", "page {} de {}"), ("en", "page {} of {}")])
def test_each_page_has_its_number_reference_and_banner(language: str, folio: str) -> None:
    long = [{"title": "Texte", "rows": [row("Texte", "Une phrase. " * 600)]}]
    made = rendered(sheet(language, sections=long))
    pages = words_of(made)
    assert len(pages) == made.pages > 2
    with translation.override(language):
        banner = translation.gettext("Fictional data – demonstration")
    for number, words in enumerate(pages, 1):
        assert folio.format(number, made.pages) in words
        assert "DÉMO-MTEST-0004" in words
        assert banner in words
    assert banner not in " ".join(words_of(rendered(sheet(language, sections=long, demonstration=False))))


def test_the_sheet_says_what_it_is_and_how_to_check_it() -> None:
    made = rendered(sheet(url="https://exemple.quebec/fr/DEMO-MTEST-0004"))
    words = " ".join(words_of(made))
    for expected in ("MTEST", "En projet pilote", "3.0", "3 novembre 2026", "22 novembre 2026", DIGEST, "418 555-0142"):
        assert expected in words
    assert translation.gettext("Not filled in") in words
    assert 'href="mailto:plaintes@exemple.quebec"' in made.html


def test_only_our_fonts_are_embedded_whatever_the_machine_has() -> None:
    made = rendered(sheet(name=RARE))
    with pikepdf.open(io.BytesIO(made.content)) as pdf:
        dictionaries = [each for each in pdf.objects if isinstance(each, pikepdf.Dictionary)]
        fonts = {str(each["/BaseFont"]).partition("+")[2] for each in dictionaries if "/BaseFont" in each}
    assert {name.split("-")[0] for name in fonts} == {"Vigie"}, fonts


def test_letters_of_the_second_font_file_are_drawn_with_their_own_glyphs() -> None:
    """Both files have the same family inside; under one name the engine would draw `ŵ` with a glyph of the first."""
    assert "Wŵ Żż Łł œŒ" in words_of(small("<p>Wŵ Żż Łł œŒ</p>"))[0]


def test_an_attached_file_comes_back_whole(tmp_path: Path) -> None:
    data = Attachment(name="fiche.json", content='{"é": 1}'.encode(), description="Données de la fiche")
    made = rendered(sheet(), attachments=(data,))
    assert findings(made, tmp_path) == []
    with pikepdf.open(io.BytesIO(made.content)) as pdf:
        kept = pdf.attachments["fiche.json"]
        assert kept.get_file().read_bytes() == data.content
        assert kept.description == data.description
        assert [str(each.AFRelationship) for each in pdf.Root.AF] == ["/Data"] * len(pdf.Root.AF)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Été « 12 % »", "Été « 12 % »"),
        ("a\u202fb", "a\u00a0b"),
        ("\u202e0123\u202c", "0123"),
        ("ﬁn", "fin"),
        ("l\u00adong\u200d", "l\u00adong"),
        ("漢\ue000\ufe0f", "\N{REPLACEMENT CHARACTER}" * 2),
        ("a\x07b\nc", "ab\nc"),
        (None, None),
    ],
)
def test_letters_nobody_could_see_are_replaced(typed: str | None, shown: str | None) -> None:
    from core.pdf.legible import legible

    drawable = {ord(letter) for letter in "abcdefghijlmnopqrstuvwxyz É é t « » 0123456789 % \u00a0\u00ad\ufffd"}
    assert legible(typed, drawable) == shown


def test_no_stream_ends_with_a_carriage_return() -> None:
    """Among a hundred documents some would, by chance; a strict reader then counts one byte less than announced."""
    from core.pdf.finish import _with_clear_ends

    with pikepdf.new() as pdf:
        page = pdf.add_blank_page().obj
        page["/Contents"] = pdf.make_stream(b"q Q\r")
        draft = io.BytesIO()
        pdf.save(draft, compress_streams=False)
    made = _with_clear_ends(draft.getvalue())
    assert b"\r\nendstream" in draft.getvalue() and b"\r\nendstream" not in made
    with pikepdf.open(io.BytesIO(made)) as pdf:
        assert pdf.pages[0].Contents.read_bytes() == b"q Q\r"
    assert _with_clear_ends(made) == made


def test_half_a_letter_does_not_stop_a_document() -> None:
    assert "fin" in words_of(small("<p>\ud83d fin</p>"))[0]
