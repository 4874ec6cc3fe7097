"""Which files support an answer: what they are, by their content."""

import pytest

from assessments.rules.accepted_files import DOCUMENTS, EXTENSIONS, checked_file
from assessments.rules.unacceptable import UnacceptableFile
from tests.factories.files import CSV, HTML, PDF, TEXT, hostile, office, png, sound

LIMIT = 5_000_000
HOSTILE = hostile()


def problem(content: bytes, name: str, **given) -> str:
    with pytest.raises(UnacceptableFile) as refused:
        checked_file(content, name, most=LIMIT, **given)
    return refused.value.problem


@pytest.mark.parametrize("ending", EXTENSIONS)
def test_a_sound_file_is_what_its_name_says(ending):
    assert checked_file(sound()[ending], f"preuve{ending}", most=LIMIT) == (EXTENSIONS[ending], f"preuve{ending}")
    assert checked_file(sound()[ending], f"PREUVE{ending.upper()}", most=LIMIT)[1] == f"PREUVE{ending}"


def test_the_hostile_ones_are_many():
    assert len(HOSTILE) >= 150


@pytest.mark.parametrize("what", HOSTILE)
def test_none_of_the_hostile_ones_is_taken(what):
    name, content = HOSTILE[what]
    assert problem(content, name)


@pytest.mark.parametrize(
    ("what", "said"),
    {
        "exe named .pdf": "program",
        "html named .pdf": "web_page",
        "empty .txt": "empty",
        "old office named .docx": "old_office",
        "archive named .docx": "archive",
        "text named .pdf": "contradiction",
        "sound text named .exe": "kind",
        "macros in .docx": "macros",
        "macro type in .xlsx": "macros",
        "program in .pptx": "program",
        "locked .docx": "encrypted",
        "locked .odt": "encrypted",
        "bomb in .docx": "bomb",
        "overlapping parts": "bomb",
        "way out of .docx": "damaged",
        "cut .docx": "damaged",
        ".docx twice": "two_in_one",
        "PDF then archive then end": "two_in_one",
        "page before a PDF": "web_page",
        "cut PDF": "damaged",
        "PHP behind .png": "two_in_one",
        "rar named .txt": "archive",
        "noise named .txt": "unknown",
    }.items(),
)
def test_each_is_refused_for_its_reason(what, said):
    name, content = HOSTILE[what]
    assert problem(content, name) == said


def test_a_size_is_looked_at_before_anything_else():
    assert problem(b"x" * (LIMIT + 1), "a.txt") == "too_large"


def test_kinds_that_are_not_wanted_here():
    assert checked_file(office(".docx"), "a.docx", most=LIMIT, only=DOCUMENTS)
    assert problem(png(), "a.png", only=DOCUMENTS) == "kind"
    assert problem(CSV, "a.csv", only=DOCUMENTS) == "kind"


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\x\\preuve.txt", "preuve.txt"),
        ("preuve\u202etxt.txt", "preuvetxt.txt"),
        ("pre\x00uve\r\n.txt", "preuve.txt"),
        ("a<b>|c?.txt", "a-b--c-.txt"),
        ("  .txt", "fichier.txt"),
        ("...", "fichier.txt"),
        ("", "fichier.txt"),
        ("preuve", "preuve.txt"),
        ("a" * 300 + ".txt", "a" * 150 + ".txt"),
        ("a.b.c.txt", "a.b.c.txt"),
        ("Évaluation – 2026.txt", "Évaluation – 2026.txt"),
    ],
)
def test_a_name_is_one_line_without_a_path(name, kept):
    assert checked_file(TEXT, name, most=LIMIT) == ("text/plain", kept)


@pytest.mark.parametrize(
    "content",
    [
        "\ufeffAvec une marque; à l'accent\n".encode(),
        "En UTF-16, à lire\n".encode("utf-16"),
        "Vieux texte à l'accent\n".encode("latin-1"),
        b"Une fl\xe8che\ttabul\xe9e\x0c\r\n",
        b"Nous disons que a < b et b > c.\n",
        b"%commentaire\n",
        "é".encode() * 10,
    ],
)
def test_texts_of_every_day_are_taken(content):
    assert checked_file(content, "a.txt", most=LIMIT)[0] == "text/plain"


def test_a_pdf_that_holds_an_office_file_is_a_pdf():
    """An attachment that was not compressed does not close with the file."""
    whole = PDF[:-6] + office(".docx") + b"\nendstream\n" + PDF[-60:]
    assert checked_file(whole, "a.pdf", most=LIMIT)[0] == "application/pdf"


def test_a_drawing_in_an_office_file_is_taken():
    more = {"word/media/image1.svg": b"<svg/>", "word/afchunk.htm": HTML, "docProps/thumbnail.jpeg": b"\xff\xd8"}
    assert checked_file(office(".docx", more), "a.docx", most=LIMIT)


def test_a_list_of_a_million_parts_is_not_read():
    lying = bytearray(office(".docx"))
    at = lying.rfind(b"PK\x05\x06")
    lying[at + 12 : at + 16] = (3_000_000).to_bytes(4, "little")
    assert problem(bytes(lying), "a.docx") == "bomb"
