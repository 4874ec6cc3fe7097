"""The French catalogue, kept in step with the sources: found, compared and compiled in pure Python (Babel).

Django's own `makemessages` needs the gettext programs; a public servant's machine does not have them.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "locale" / "fr" / "LC_MESSAGES" / "django.po"
ROOMS = (
    "config",
    "core",
    "organizations",
    "review",
    "registry",
    "assessments",
    "datasharing",
    "obligations",
    "reports",
    "transparency",
)
KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}
# Sentences of Django and allauth that we say otherwise in Québec: they stand in no source of ours.
LIBRARY = "library"
# A translation nobody has proofread yet carries this comment; `make check` refuses it.
UNPROOFED = "à relire"

LITERAL = r"u?(?:\"\"\".*?\"\"\"|'''.*?'''|\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*')"
TEMPLATE_CALL = re.compile(rf"\b(p?n?gettext|_)\(\s*((?:{LITERAL}\s*,?\s*)+)", re.DOTALL)

Key = tuple[str | None, str | tuple[str, str]]
"""Context, then the English sentence, or its singular and plural."""


def keys_in_sources() -> dict[Key, str]:
    """Every sentence marked in our code and templates, with the file that says it first."""
    found: dict[Key, str] = {}
    for path in sorted(_sources()):
        read = _in_template if path.suffix in {".html", ".txt"} else _in_python
        for key in read(path):
            found.setdefault(key, path.relative_to(ROOT).as_posix())
    return found


def _sources() -> Iterator[Path]:
    for room in ROOMS:
        yield from (path for path in (ROOT / room).rglob("*.py") if "migrations" not in path.parts)
        yield from (ROOT / room).rglob("templates/**/*.html")
    for suffix in ("html", "txt"):
        yield from (ROOT / "templates").rglob(f"*.{suffix}")


def _in_python(path: Path) -> Iterator[Key]:
    with path.open("rb") as source:
        calls: Iterable[Any] = extract_python(source, KEYWORDS, [], {})
        for _line, function, message, _comments in calls:
            parts = [part for part in (message if isinstance(message, tuple) else (message,)) if part]
            if parts:
                yield _key(function, parts)


def _in_template(path: Path) -> Iterator[Key]:
    """`templatize` turns tags into gettext calls; what stands around them is noise."""
    for call in TEMPLATE_CALL.finditer(templatize(path.read_text(encoding="utf-8"))):
        parts = [ast.literal_eval(literal) for literal in re.findall(LITERAL, call.group(2), re.DOTALL)]
        if parts and parts[0]:
            yield _key(call.group(1), parts)


def _key(function: str, parts: list[str]) -> Key:
    if function.startswith("pgettext"):
        return parts[0], parts[1]
    if function.startswith("ngettext"):
        return None, (parts[0], parts[1])
    return None, parts[0]


@dataclass
class Verdict:
    """What is wrong with the catalogue; empty lists: nothing."""

    missing: list[str] = field(default_factory=list)
    untranslated: list[str] = field(default_factory=list)
    unproofed: list[str] = field(default_factory=list)
    obsolete: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def problems(self) -> list[str]:
        kinds = {
            "absent du catalogue (make messages)": self.missing,
            "sans français": self.untranslated,
            "à relire": self.unproofed,
            "ne sert plus (make messages)": self.obsolete,
            "variables différentes": self.broken,
        }
        return [f"{kind} : {text}" for kind, texts in kinds.items() for text in texts]


def read_catalogue() -> Catalog:
    if not CATALOGUE.exists():
        return Catalog(locale="fr", charset="utf-8", fuzzy=False)
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="fr")


def update() -> Verdict:
    """Add new sentences without French, drop those nobody says any more, compile. Twice gives the same file."""
    old = read_catalogue()
    new = Catalog(
        locale="fr",
        charset="utf-8",
        fuzzy=False,
        project="Vigie",
        version="1",
        header_comment=HEADER,
        creation_date=old.creation_date,
    )
    known = {_key_of(message): message for message in _messages(old)}
    wanted = keys_in_sources()
    for key in sorted(set(wanted) | _library_keys(known), key=str):
        _add(new, key, known.get(key))
    with CATALOGUE.open("wb") as file:
        write_po(file, new, width=110, sort_output=True, omit_header=False, no_location=True)
    compile_catalogue()
    return check()


HEADER = "# Le français de Vigie, relu. Les phrases anglaises sont les clés; `make messages` tient ce fichier à jour."


def _add(catalogue: Catalog, key: Key, known: Message | None) -> None:
    context, sentence = key
    string = known.string if known else ""
    comments = list(known.user_comments) if known else []
    flags = known.flags & {"fuzzy"} if known else set()
    catalogue.add(sentence, string, context=context, user_comments=comments, flags=flags)


def _messages(catalogue: Catalog) -> Iterable[Message]:
    return (message for message in catalogue if message.id)


def _key_of(message: Message) -> Key:
    return message.context, tuple(message.id) if isinstance(message.id, (list, tuple)) else message.id  # type: ignore[return-value]


def _library_keys(known: dict[Key, Message]) -> set[Key]:
    return {key for key, message in known.items() if LIBRARY in message.user_comments}


def check() -> Verdict:
    """Compare catalogue and sources: `make check` fails on any problem."""
    verdict, wanted = Verdict(), keys_in_sources()
    known = {_key_of(message): message for message in _messages(read_catalogue())}
    verdict.missing = [f"{key[1]!r} ({place})" for key, place in wanted.items() if key not in known]
    for key, message in known.items():
        if key not in wanted and LIBRARY not in message.user_comments:
            verdict.obsolete.append(repr(key[1]))
        strings = message.string if isinstance(message.string, (list, tuple)) else [message.string]
        if not all(strings):
            verdict.untranslated.append(repr(key[1]))
        elif _variables(key[1]) != _variables(tuple(strings)) or not _can_be_filled(key[1], strings):
            verdict.broken.append(repr(key[1]))
        if message.fuzzy or UNPROOFED in message.user_comments:
            verdict.unproofed.append(repr(key[1]))
    return verdict


def _variables(texts: Any) -> set[str]:
    joined = " ".join(texts) if isinstance(texts, (list, tuple)) else str(texts)
    return set(re.findall(r"%\((\w+)\)[sd]", joined))


class _AnyValue(dict[str, int]):
    def __missing__(self, name: str) -> int:
        return 1


def _can_be_filled(sentence: Any, strings: Iterable[Any]) -> bool:
    """A lone «%» in the French of a sentence with variables («100 % des …») fails when the page is shown."""
    if not _variables(sentence) and "%%" not in str(sentence):
        return True
    try:
        return all(string % _AnyValue() for string in strings)
    except (TypeError, ValueError):
        return False


def compile_catalogue() -> bytes:
    """Write `django.mo` beside the catalogue; its bytes, for whoever wants to compare."""
    buffer = BytesIO()
    write_mo(buffer, read_catalogue())
    CATALOGUE.with_suffix(".mo").write_bytes(buffer.getvalue())
    return buffer.getvalue()
