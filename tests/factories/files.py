"""Small files of every kind, made by hand: sound ones, and what hides behind their names."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

PDF = (
    b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
    b"1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
    b"2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n"
    b"3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources<<>>>>\nendobj\n"
    b"xref\n0 4\n0000000000 65535 f \n0000000015 00000 n \n0000000060 00000 n \n0000000111 00000 n \n"
    b"trailer\n<</Root 1 0 R/Size 4>>\nstartxref\n190\n%%EOF\n"
)
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00" + b"\x11" * 64 + b"\xff\xd9"
EXE = b"MZ\x90\x00\x03\x00\x00\x00" + b"\x00" * 56 + b"PE\x00\x00" + b"\x90" * 200
ELF = b"\x7fELF\x02\x01\x01" + b"\x00" * 100
HTML = b"<!DOCTYPE html>\n<html><body><script>alert(1)</script></body></html>\n"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>\n'
TEXT = "Une preuve à l'appui.\nDeuxième ligne.\n".encode()
CSV = b"Nom;Valeur\nA;1\n"
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600
MAIN = "application/vnd.openxmlformats-officedocument.{}.main+xml"
KINDS = {
    ".docx": ("word/document.xml", "wordprocessingml.document"),
    ".xlsx": ("xl/workbook.xml", "spreadsheetml.sheet"),
    ".pptx": ("ppt/presentation.xml", "presentationml.presentation"),
}
OPEN = {
    ".odt": "application/vnd.oasis.opendocument.text",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
}


def png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\x00\x00")) + chunk(b"IEND", b"")
    )


def package(parts: Mapping[str, bytes], *, stored: frozenset[str] = frozenset({"mimetype"})) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            how = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name, (2026, 11, 1, 0, 0, 0)), content, compress_type=how)
    return made.getvalue()


def office(ending: str, more: Mapping[str, bytes] | None = None, *, kind: str = "") -> bytes:
    """A .docx, .xlsx or .pptx. `kind`: the type that its main part says it has."""
    part, usual = KINDS[ending]
    said = kind or MAIN.format(usual)
    types = f'<Types><Override PartName="/{part}" ContentType="{said}"/></Types>'.encode()
    return package({"[Content_Types].xml": types, part: b"<w:document/>", **(more or {})})


def open_document(ending: str, more: Mapping[str, bytes] | None = None, manifest: bytes = b"<m/>") -> bytes:
    parts = {"mimetype": OPEN[ending].encode(), "content.xml": b"<office/>", "META-INF/manifest.xml": manifest}
    return package({**parts, **(more or {})})


def sound() -> dict[str, bytes]:
    """Ending → a sound file."""
    return {
        ".pdf": PDF,
        ".png": png(),
        ".jpg": JPEG,
        ".jpeg": JPEG,
        ".txt": TEXT,
        ".csv": CSV,
        **{ending: office(ending) for ending in KINDS},
        **{ending: open_document(ending) for ending in OPEN},
    }


def encrypted(content: bytes) -> bytes:
    """The same package, whose list says that its parts are locked."""
    found = bytearray(content)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = found.find(mark)
        while at >= 0:
            found[at + offset] |= 1
            at = found.find(mark, at + 4)
    return bytes(found)


def overlapping() -> bytes:
    """Two parts of the list that share their bytes."""
    content = bytearray(office(".docx", {"word/a.xml": b"a" * 500, "word/b.xml": b"b" * 500}))
    entries, at = [], content.find(b"PK\x01\x02")
    while at >= 0:
        entries.append(at)
        at = content.find(b"PK\x01\x02", at + 4)
    content[entries[-1] + 42 : entries[-1] + 46] = content[entries[-2] + 42 : entries[-2] + 46]
    return bytes(content)


def hostile() -> dict[str, tuple[str, bytes]]:
    """What it is → (name, content): none is taken."""
    found: dict[str, tuple[str, bytes]] = {}

    def add(what: str, name: str, content: bytes) -> None:
        assert what not in found
        found[what] = (name, content)

    taken = sound()
    for ending in taken:
        for kind, content in (
            ("exe", EXE),
            ("elf", ELF),
            ("html", HTML),
            ("svg", SVG),
            ("shell", b"#!/bin/sh\nrm x\n"),
        ):
            add(f"{kind} named {ending}", f"rapport{ending}", content)
        add(f"empty {ending}", f"rapport{ending}", b"")
        add(f"old office named {ending}", f"rapport{ending}", OLD_OFFICE)
        add(f"archive named {ending}", f"rapport{ending}", package({"a.txt": b"a"}))
        other = next(content for name, content in taken.items() if content[:4] != taken[ending][:4])
        if ending not in {".txt", ".csv"}:
            add(f"text named {ending}", f"rapport{ending}", TEXT)
        add(f"other kind named {ending}", f"rapport{ending}", other if ending != ".txt" else PDF)
    for ending in ("exe", "js", "html", "svg", "sh", "bat", "vbs", "docm", "xlsm", "zip", "rtf", "doc", "lnk", "hta"):
        add(f"sound text named .{ending}", f"rapport.{ending}", TEXT)
        add(f"sound PDF named .pdf.{ending}", f"rapport.pdf.{ending}", PDF)
    add("second file behind the name", "rapport.pdf:mal.exe", PDF)
    for what, start in {
        "rar": b"Rar!\x1a\x07\x00", "7z": b"7z\xbc\xaf\x27\x1c", "gzip": b"\x1f\x8b\x08\x00", "bzip2": b"BZh91AY",
        "xz": b"\xfd7zXZ\x00", "cab": b"MSCF\x00\x00", "class": b"\xca\xfe\xba\xbe\x00\x00", "wasm": b"\x00asm\x01",
        "shortcut": b"L\x00\x00\x00\x01\x14\x02\x00", "rtf": b"{\\rtf1 x}", "postscript": b"%!PS-Adobe-3.0\n",
        "php": b"<?php system($_GET[0]);", "xml": b"<?xml version='1.0'?><x/>", "batch": b"@ECHO OFF\r\ndel x\r\n",
        "noise": bytes(range(256)), "mail": b"MIME-Version: 1.0\n\nx", "tar": b"a" * 257 + b"ustar\x0000" + b"b" * 200,
    }.items():  # fmt: skip
        add(f"{what} named .txt", "preuve.txt", start)
    _packages(add)
    _two_in_one(add, taken)
    return found


def _packages(add) -> None:  # type: ignore[no-untyped-def]
    for ending in KINDS:
        add(f"macros in {ending}", f"a{ending}", office(ending, {"word/vbaProject.bin": b"x"}))
        add(f"macros deep in {ending}", f"a{ending}", office(ending, {"x/y/VBAPROJECT.BIN": b"x"}))
        macro = "application/vnd.ms-word.document.macroEnabled.main+xml"
        add(f"macro type in {ending}", f"a{ending}", office(ending, kind=macro))
        add(f"program in {ending}", f"a{ending}", office(ending, {"word/embeddings/a.exe": EXE}))
        add(f"way out of {ending}", f"a{ending}", office(ending, {"../../../etc/passwd": b"x"}))
        add(f"root of the disk in {ending}", f"a{ending}", office(ending, {"/etc/passwd": b"x"}))
        add(f"locked {ending}", f"a{ending}", encrypted(office(ending)))
        add(f"bomb in {ending}", f"a{ending}", office(ending, {"word/bomb.xml": b"\x00" * 30_000_000}))
        add(f"cut {ending}", f"a{ending}", office(ending)[:-30])
        add(f"{ending} behind a program", f"a{ending}", EXE + office(ending))
        add(f"{ending} before a program", f"a{ending}", office(ending) + EXE)
        add(f"{ending} twice", f"a{ending}", office(ending) + office(ending))
    for ending in OPEN:
        add(f"macros in {ending}", f"a{ending}", open_document(ending, {"Basic/Standard/Module1.xml": b"x"}))
        add(f"script in {ending}", f"a{ending}", open_document(ending, {"Scripts/python/mal.py": b"x"}))
        locked = open_document(ending, manifest=b"<manifest:encryption-data/>")
        add(f"locked {ending}", f"a{ending}", locked)
    add("overlapping parts", "a.docx", overlapping())
    add("a package without main part", "a.docx", package({"[Content_Types].xml": b"<Types/>"}))
    add("a Java archive", "a.docx", package({"META-INF/MANIFEST.MF": b"x", "A.class": b"\xca\xfe\xba\xbe"}))
    both = {"[Content_Types].xml": "".join(MAIN.format(kind) for _part, kind in KINDS.values()).encode()}
    add("three documents in one", "a.docx", package({**both, "word/document.xml": b"x"}))


def _two_in_one(add, taken: Mapping[str, bytes]) -> None:  # type: ignore[no-untyped-def]
    archive = package({"mal.js": b"alert(1)"})
    add("PDF that closes as an archive", "a.pdf", PDF + b"\n" + archive)
    add("PDF then archive then end", "a.pdf", PDF + archive)
    add("page before a PDF", "a.pdf", HTML + PDF)
    add("blank before a PDF", "a.pdf", b"\n\n" + PDF)
    add("page inside the head of a PDF", "a.pdf", b"%PDF-1.7\n" + HTML + PDF)
    add("PDF that launches", "a.pdf", PDF.replace(b"<</Type", b"<</S /Launch /F (cmd.exe)>> <</Type"))
    add("cut PDF", "a.pdf", PDF[:-8] + b"x" * 3000)
    add("PDF of no version", "a.pdf", PDF.replace(b"1.7", b"9.x"))
    add("PDF head in a text", "a.txt", b"Bonjour\n" + PDF)
    for ending in (".png", ".jpg"):
        add(f"script in {ending}", f"a{ending}", taken[ending][:40] + b"<script>alert(1)</script>" + taken[ending][40:])
        add(f"PHP behind {ending}", f"a{ending}", taken[ending] + b"<?php system(1);")
        add(f"archive behind {ending}", f"a{ending}", taken[ending] + archive)
        add(f"cut {ending}", f"a{ending}", taken[ending][:-14])
    add("page in UTF-16", "a.txt", HTML.decode().encode("utf-16"))
    add("noise in UTF-16", "a.txt", b"\xff\xfe\x00\xd8")
    add("page after blanks", "a.txt", b" \r\n\t" + HTML)
    add("page in the middle", "a.csv", b"a;b\n" + HTML)
