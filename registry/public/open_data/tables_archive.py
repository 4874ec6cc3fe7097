"""Publication documents as CSV tables in one archive, with the dictionary of their columns.

An archive takes one file at a time: the systems go straight in, rows of the other tables wait in files of the disk.
Memory does not grow with the register.
"""

import csv
import io
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import IO, Any, TextIO
from zipfile import ZipFile

from registry.public.open_data import dictionary
from registry.public.open_data.columns import SYSTEMS, tables
from registry.public.open_data.flat import lines_of, tables_of_documents

# By which Excel knows UTF-8.
BOM = "\ufeff"


def write_tables(archive: ZipFile, documents: Iterable[Mapping[str, Any]]) -> int:
    """How many systems were written."""
    count = 0
    with ExitStack() as waiting:
        _systems, *others = tables_of_documents()
        kept: dict[str, IO[bytes]] = {table.code: waiting.enter_context(tempfile.TemporaryFile()) for table in others}
        with ExitStack() as opened:
            inside = opened.enter_context(archive.open(tables()[SYSTEMS].files[0], "w", force_zip64=True))
            writers = {
                code: _writer(opened.enter_context(_text(file)), code)
                for code, file in ((SYSTEMS, inside), *kept.items())
            }
            for document in documents:
                count += 1
                for table, line in lines_of(document):
                    writers[table].writerow(line)
        for code, file in kept.items():
            _put(archive, tables()[code].files[0], file)
    with archive.open(tables()["dictionary"].files[0], "w") as file, _text(file) as text:
        _writer(text, "dictionary").writerows(dictionary.lines())
    return count


@contextmanager
def _text(file: IO[bytes]) -> Iterator[TextIO]:
    """Words into a file of bytes, which stays open."""
    text = io.TextIOWrapper(file, encoding="utf-8", newline="")
    yield text
    text.detach()


def _writer(text: TextIO, table: str) -> Any:
    text.write(BOM)
    writer = csv.writer(text)
    writer.writerow(tables()[table].names)
    return writer


def _put(archive: ZipFile, name: str, file: IO[bytes]) -> None:
    file.seek(0)
    with archive.open(name, "w", force_zip64=True) as target:
        shutil.copyfileobj(file, target)
