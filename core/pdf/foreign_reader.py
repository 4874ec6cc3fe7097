"""Reads one PDF of a stranger on its standard input and says in a word what is wrong with it.

Run as a program by `core.pdf.foreign`, alone in its process: it imports nothing of ours. Nothing is drawn, and no
stream is decoded but the beginning of the files that the document carries.
"""

import contextlib
import io
import resource
import sys
import zlib
from collections.abc import Iterable, Iterator
from pathlib import PurePath
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, settings

MOST_MEMORY = 1_500_000_000
MOST_SECONDS = 12
# The heaviest reports of a thousand tagged pages hold some two million.
MOST_OBJECTS = 4_000_000
RUNNING_ACTIONS = frozenset({"/JavaScript", "/Launch", "/SubmitForm", "/ImportData"})
# Data and documents that a PDF may carry (PDF/A-3), as ours do; anything else is taken for a program.
CARRIED = frozenset(
    {".csv", ".json", ".xml", ".txt", ".pdf", ".docx", ".xlsx", ".pptx", ".odt", ".ods", ".png", ".jpg", ".jpeg"}
)
PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"L\x00\x00\x00\x01\x14\x02\x00")
# As the library says them.
GIVEN_UP, OUT_OF_MEMORY = "treating object as null because of error", "bad_alloc"
NAMES_OF_A_FILE = ("/UF", "/F", "/DOS", "/Mac", "/Unix")


def problem(content: bytes) -> str:
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            if not len(pdf.pages):
                return "no_page"
            if _is_dynamic_form(pdf):
                return "active_pdf"
            return _problem_of_objects(pdf.objects) or _problem_of_reading(pdf)
    except pikepdf.PasswordError:
        return "encrypted"
    except MemoryError:
        return "too_heavy"
    except Exception as error:  # what a document that lies makes the library raise is open-ended
        return _reason(str(error)) or "damaged"


def _problem_of_reading(pdf: pikepdf.Pdf) -> str:
    """An object that the library gave up reads as null, and what it holds was not looked at."""
    if settings.qpdf_limit_errors():
        return "too_heavy"
    given_up = [str(each) for each in pdf.get_warnings() if GIVEN_UP in str(each)]
    return next((_reason(each) or "damaged" for each in given_up), "")


def _reason(told: str) -> str:
    if OUT_OF_MEMORY in told:
        return "too_heavy"
    return "encrypted" if "encrypt" in told.lower() else ""


def _is_dynamic_form(pdf: pikepdf.Pdf) -> bool:
    """A form of the XFA kind: its pages are drawn by the program that it holds."""
    form = pdf.Root.get("/AcroForm")
    return isinstance(form, Dictionary) and "/XFA" in form


def _problem_of_objects(objects: Iterable[Any]) -> str:
    """Every object is looked at, whether or not something leads to it."""
    seen = 0
    for each in objects:
        for node in _with_direct_parts(each):
            seen += 1
            if seen > MOST_OBJECTS:
                return "too_heavy"
            if isinstance(node, Array):
                seen += len(node)
            elif _runs(node):
                return "active_pdf"
            elif isinstance(node.get("/EF"), Dictionary) and not _may_be_carried(node):
                return "carried"
    return ""


def _with_direct_parts(node: Any) -> Iterator[Any]:
    """The arrays and dictionaries written in place; those that have a number come in their own turn."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Array):
            parts: list[Any] = list(node)
        elif isinstance(node, Dictionary | Stream):
            parts = [part for _name, part in node.items()]
        else:
            continue
        yield node
        waiting.extend(part for part in parts if isinstance(part, Array | Dictionary | Stream) and not part.is_indirect)


def _runs(node: Any) -> bool:
    kind = node.get("/S")
    if "/OnInstantiate" in node:  # the script of a drawing in three dimensions
        return True
    if not isinstance(kind, Name):
        return False
    named = str(kind)
    if named == "/URI":
        address = node.get("/URI")
        return isinstance(address, pikepdf.String) and _is_script(bytes(address))
    return named in RUNNING_ACTIONS or (named == "/Rendition" and "/JS" in node)


def _is_script(address: bytes) -> bool:
    return b"".join(address.split()).lower().startswith((b"javascript:", b"vbscript:", b"data:"))


def _may_be_carried(file: Any) -> bool:
    """By each of its names, and by how it begins."""
    names = [str(file[key]) for key in NAMES_OF_A_FILE if isinstance(file.get(key), pikepdf.String)]
    if not names or any(PurePath(name.strip()).suffix.lower() not in CARRIED for name in names):
        return False
    streams = [stream for _name, stream in file["/EF"].items() if isinstance(stream, Stream)]
    return not any(_beginning(stream).startswith(PROGRAMS) for stream in streams)


def _beginning(stream: Any) -> bytes:
    filters = stream.get("/Filter")
    if filters is None:
        return bytes(stream.read_raw_bytes())[:64]
    if (isinstance(filters, Name) and filters == Name.FlateDecode) or list(filters) == [Name.FlateDecode]:
        with contextlib.suppress(zlib.error):
            return zlib.decompressobj().decompress(bytes(stream.read_raw_bytes()), 64)
    return bytes(stream.read_bytes())[:64]


def _limit(what: int, most: int) -> None:
    with contextlib.suppress(ValueError, OSError):  # a system that counts otherwise, or that allows less already
        resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    _limit(resource.RLIMIT_AS, MOST_MEMORY)
    _limit(resource.RLIMIT_CPU, MOST_SECONDS)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, 0)
    sys.stdout.write(problem(sys.stdin.buffer.read()) or "sound")
