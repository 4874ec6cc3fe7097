"""Atom feeds: whole register, one body, one system, one search; valid, stable, in both languages."""

import re
from html import unescape

import pytest
from defusedxml import ElementTree
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registry.services.publication import withdraw_publication
from registry.services.withholding import withhold_system
from tests.factories.publications import public_organization, published, published_again, publisher_of
from tests.transparency.conftest import page_of

ATOM = "{http://www.w3.org/2005/Atom}"


def feed(client, path):
    answer = client.get(path)
    assert answer.status_code == 200, path
    assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(answer.content)


def titles(root):
    return [entry.findtext(f"{ATOM}title") for entry in root.iter(f"{ATOM}entry")]


def test_each_feed_has_what_atom_demands(sheet, visitor):
    published_again(sheet, need_fr="Mieux dit.")
    for path in ("flux.atom", "organismes/mpub/flux.atom", f"systemes/{sheet.reference}/flux.atom",
                 "recherche/flux.atom?q=permis"):  # fmt: skip
        root = feed(visitor, f"/fr/{path}")
        assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "fr-CA"
        assert root.findtext(f"{ATOM}id").startswith("tag:")
        links = {link.get("rel") for link in root.findall(f"{ATOM}link")}
        assert {"alternate", "self", "license"} <= links
        entries = list(root.iter(f"{ATOM}entry"))
        assert entries
        for entry in entries:
            for name in ("id", "title", "updated"):
                assert entry.findtext(f"{ATOM}{name}"), name
            assert entry.findtext(f"{ATOM}id").startswith("urn:uuid:")
            assert entry.find(f"{ATOM}author/{ATOM}name") is not None
        assert root.findtext(f"{ATOM}updated") == max(entry.findtext(f"{ATOM}updated") for entry in entries)


def test_identifiers_do_not_depend_on_the_language_or_the_feed(sheet, visitor):
    paths = ("/fr/flux.atom", "/en/flux.atom", f"/en/systemes/{sheet.reference}/flux.atom")
    ids = {entry.findtext(f"{ATOM}id") for path in paths for entry in feed(visitor, path).iter(f"{ATOM}entry")}
    assert ids == {sheet.publications.get().uuid.urn}


def test_the_feed_of_a_system_tells_each_version_and_marks_the_minor_ones(sheet, visitor):
    from registry.services.publication import publish_system

    sheet.need_fr = "Une virgule."
    sheet.save()
    publish_system(system=sheet, by=publisher_of(sheet.organization), change_note="Une virgule.", is_major=False)
    root = feed(visitor, f"/en/systemes/{sheet.reference}/flux.atom")
    assert titles(root) == [
        "Tri des demandes de permis – version 2 (minor change)",
        "Tri des demandes de permis – version 1 (first public version)",
    ]
    terms = [{one.get("term") for one in entry.findall(f"{ATOM}category")} for entry in root.iter(f"{ATOM}entry")]
    assert terms[0] == {"sheet", "minor"} and terms[1] == {"sheet", "major"}
    assert "Une virgule." in root.find(f"{ATOM}entry").findtext(f"{ATOM}summary")


def test_a_withdrawn_or_withheld_system_tells_its_last_version_alone(sheet, everything, visitor):
    by = publisher_of(sheet.organization)
    withdraw_publication(system=sheet, reason="Une erreur.", by=by)
    withhold_system(system=everything, ground="investigation", by=by)
    assert titles(feed(visitor, f"/en/systemes/{sheet.reference}/flux.atom")) == [
        "Tri des demandes de permis – version 2 (sheet withdrawn)"
    ]
    for path in (f"systemes/{everything.reference}/flux.atom", "flux.atom", "organismes/mpub/flux.atom"):
        raw = visitor.get(f"/en/{path}").content.decode()
        assert "System not disclosed – version 2 (not disclosed)" in raw
        assert everything.name_fr not in raw and everything.summary_fr not in raw


def test_a_feed_of_a_search_obeys_words_and_filters(sheet, visitor):
    other = published(public_organization(sigle="AUTRE"), name_fr="Repérage de nids-de-poule", summary_fr="Photos.")
    assert titles(feed(visitor, "/en/recherche/flux.atom?q=nids")) == [
        f"{other.name_fr} – version 1 (first public version)"
    ]
    assert len(titles(feed(visitor, "/en/recherche/flux.atom?body=mpub"))) == 1
    assert titles(feed(visitor, "/en/recherche/flux.atom?phase=rien")) == []


def test_an_empty_feed_is_valid_and_does_not_move(db, visitor):
    first, second = (visitor.get("/fr/flux.atom").content for _time in range(2))
    assert first == second and ElementTree.fromstring(first).findtext(f"{ATOM}updated")


def test_who_has_it_already_is_told_so(sheet, visitor):
    mark = visitor.get("/fr/flux.atom").headers["ETag"]
    assert visitor.get("/fr/flux.atom", headers={"If-None-Match": mark}).status_code == 304
    published_again(sheet, need_fr="Mieux dit.")
    assert visitor.get("/fr/flux.atom", headers={"If-None-Match": mark}).status_code == 200


def test_pages_announce_their_feeds(sheet, visitor):
    for path, own in (
        ("", "/fr/flux.atom"),
        ("organismes/mpub/", "/fr/organismes/mpub/flux.atom"),
        (f"systemes/{sheet.reference}/", f"/fr/systemes/{sheet.reference}/flux.atom"),
        ("recherche/?q=permis&page=1", "/fr/recherche/flux.atom?q=permis"),
    ):
        page = page_of(visitor, f"/fr/{path}")
        head = page[: page.index("</head>")]
        assert 'type="application/atom+xml"' in head and f'href="{own}"' in head, path
        assert 'href="/fr/flux.atom"' in head


@pytest.mark.parametrize("path", ["organismes/rien/flux.atom", "systemes/QC-RIEN-0001/flux.atom"])
def test_a_feed_of_nothing_is_not_found(sheet, visitor, path):
    assert visitor.get(f"/fr/{path}").status_code == 404


def test_hostile_texts_do_not_break_a_feed(public_body, visitor):
    system = published(public_body, name_fr="<script>&\u202e]]>", summary_fr="a & b <b>")
    assert titles(feed(visitor, f"/en/systemes/{system.reference}/flux.atom"))[0].startswith("<script>&]]>")


def test_what_was_written_is_no_markup_and_keeps_its_lines(public_body, visitor):
    """A summary is declared HTML: read as such, it gives the words back."""
    written = "Prédit l'eau <b>gras</b> & moins de 2 < 3 jours <script>alert(2)</script>"
    system = published(public_body, summary_fr=written, name_fr="<i>Eau</i> & <b>")
    published_again(system, note="<i>note</i> & &lt;", need_fr="Autre.")
    for path in ("flux.atom", "organismes/mpub/flux.atom", f"systemes/{system.reference}/flux.atom"):
        entry = feed(visitor, f"/fr/{path}").find(f"{ATOM}entry")
        title, summary = entry.find(f"{ATOM}title"), entry.find(f"{ATOM}summary")
        assert title.get("type", "text") == "text" and title.text.startswith("<i>Eau</i> & <b>")
        assert summary.get("type") == "html"
        assert re.findall(r"<(/?\w+)", summary.text) == ["p", "/p"] * 3
        told = [unescape(part) for part in re.findall(r"<p>(.*?)</p>", summary.text)]
        assert told[:2] == ["<i>note</i> & &lt;", written]


def test_a_feed_asks_few_questions_whatever_the_number_of_systems(public_body, visitor):
    counts = []
    for _round in range(2):
        for _number in range(3):
            published(public_body)
        with CaptureQueriesContext(connection) as queries:
            feed(visitor, "/fr/flux.atom")
            feed(visitor, "/fr/recherche/flux.atom?q=demandes")
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 16
