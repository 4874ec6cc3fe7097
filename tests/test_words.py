"""The French that people read: the glossary's words, Québec's spaces, in data, templates and translations."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[1]
WORDS_FILE = Path(__file__).with_name("data") / "words_never.txt"
GLOSSARY = ROOT / ".." / "shared" / "reference" / "glossary.csv"
ROOMS = (
    "config", "core", "organizations", "review", "registry", "assessments", "datasharing", "obligations", "reports",
    "transparency",
)  # fmt: skip
DEMONSTRATION = ROOT / "config" / "demonstration"
NOT_PROSE = re.compile(r"(_en|^en|code|email|login|website|sources|standards|sigle|reference)$")

HARD_SPACE = "\u00a0"
SPACES = [
    (re.compile(r"[ \u202f](?=[:%$])"), "a non-breaking space goes before : % $"),
    (re.compile(r"«(?!\u00a0)|(?<!\u00a0)»"), "a non-breaking space goes inside « »"),
    (re.compile(r"[ \u00a0\u202f](?=[?!;])"), "no space before ? ! ;"),
    (re.compile(r"\d h(?= ?\d)|\d\u00a0h (?=\d)"), "14 h 32 is written with non-breaking spaces"),
    (re.compile(r"(?<![\d-])\d{1,3} \d{3}(?![\d-])"), "12 500 is written with a non-breaking space"),
    (re.compile("·|\\((?:e|ne|euse|trice)s?\\)"), "no middle dot, no feminine in parentheses"),
]


def listed() -> tuple[list[str], list[str]]:
    """Words never to show, and words left to judgment."""
    lines = [line.strip() for line in WORDS_FILE.read_text(encoding="utf-8").splitlines()]
    lines = [line for line in lines if line and not line.startswith("#")]
    allowed = [line[1:].partition(":")[0].strip() for line in lines if line.startswith("!")]
    return [line for line in lines if not line.startswith("!")], allowed


def pattern(word: str) -> re.Pattern[str]:
    flags = re.NOFLAG if word.isupper() else re.IGNORECASE
    return re.compile(rf"(?<![\w-]){re.escape(word)}(?:e|s|es|x)?(?![\w-])", flags)


NEVER = [(word, pattern(word)) for word in listed()[0]]


def bad_words(text: str) -> list[str]:
    return [f"«{word}»" for word, found in NEVER if found.search(text)]


def bad_spaces(text: str) -> list[str]:
    return [why for found, why in SPACES if found.search(text)]


def french_of(value: object, *, key: str = "", everything: bool = False, inside: bool = False) -> Iterator[str]:
    """French texts of parsed YAML: under `fr` or `…_fr`; in the demonstration, every prose value."""
    if isinstance(value, dict):
        for name, child in value.items():
            yield from french_of(child, key=str(name), everything=everything, inside=inside)
    elif isinstance(value, list):
        for child in value:
            yield from french_of(child, key=key, everything=everything, inside=inside)
    elif isinstance(value, str) and (
        key == "fr" or key.endswith("_fr") or (everything and not NOT_PROSE.search(key) and "phone" not in key)
    ):
        yield value


def visible_text(template: str) -> str:
    """What a template shows by itself, without what gettext will translate."""
    for part in (
        r"\{#.*?#\}",
        r"\{%\s*comment.*?endcomment\s*%\}",
        r"\{%\s*blocktrans.*?%\}.*?\{%\s*endblocktrans\s*%\}",
        r"\{%\s*blocktranslate.*?%\}.*?\{%\s*endblocktranslate\s*%\}",
        r"\{%.*?%\}",
        r"\{\{.*?\}\}",
        r"<!--.*?-->",
        r"<(script|style)\b.*?</\1>",
        r"<[^>]*>",
    ):
        template = re.sub(part, " ", template, flags=re.DOTALL)
    return template


YAML_FILES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.yaml"))
TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*") if path.suffix in {".html", ".txt", ".xml"})
CATALOGUES = sorted((ROOT / "locale").glob("fr*/LC_MESSAGES/*.po"))


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def complaints(texts: Iterator[str], *checks) -> list[str]:
    return [f"{', '.join(found)}: {text[:90]}" for text in texts for check in checks if (found := check(text))]


@pytest.mark.parametrize("path", YAML_FILES, ids=named)
def test_french_of_the_data_files(path):
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    texts = french_of(data, everything=DEMONSTRATION in path.parents)
    assert not (found := complaints(texts, bad_words, bad_spaces)), "\n".join(found)


def test_words_of_the_templates():
    found = [
        f"{named(path)}: {complaint}"
        for path in TEMPLATES
        for complaint in complaints(iter(visible_text(path.read_text(encoding="utf-8")).splitlines()), bad_words)
    ]
    assert not found, "\n".join(found)


def translations(path: Path) -> Iterator[str]:
    """The French strings of a catalogue, their variables and tags replaced by a letter."""
    with path.open("rb") as file:
        catalogue = read_po(file)
    for message in catalogue:
        strings = message.string if isinstance(message.string, tuple | list) else [message.string]
        if message.id:
            yield from (re.sub(r"%\(\w+\)[sd]|%[sd]|<[^>]*>", "x", string) for string in strings if string)


def test_french_of_the_translations():
    found = [complaint for path in CATALOGUES for complaint in complaints(translations(path), bad_words, bad_spaces)]
    assert not found, "\n".join(found)


def test_english_has_the_quotation_marks_of_english():
    found = [
        str(message.id)
        for path in CATALOGUES
        for message in read_po(io.BytesIO(path.read_bytes()))
        if "«" in str(message.id) or "»" in str(message.id)
    ]
    assert not found, "\n".join(found)


def test_there_is_something_to_read():
    assert [path for path in YAML_FILES if path.name in {"fields.yaml", "remedies.yaml", "scope.yaml"}]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Envoyez un email", True),
        ("Les Agences", True),
        ("L'EFVP", True),
        ("Ce propos s'efface : efvp", False),
        ("une résolution du conseil", False),
        ("Le problème est résolue", True),
        ("C'est une IA.", True),
        ("la mise en production", False),
        ("un courriel", False),
    ],
)
def test_the_words_test_can_fail(text, wrong):
    assert bool(bad_words(text)) is wrong


@pytest.mark.parametrize(
    "text",
    ["Quoi ?", f"Là{HARD_SPACE}!", "Voici :", "15 %", "« mot »", "«mot»", "à 14 h 32", "12 500 cas", "les usager(e)s"],
)
def test_the_spaces_test_can_fail(text):
    assert bad_spaces(text)


@pytest.mark.parametrize(
    "text",
    [
        "Quoi? Ici; là!",
        f"Voici{HARD_SPACE}: «{HARD_SPACE}mot{HARD_SPACE}», 15{HARD_SPACE}%, 12{HARD_SPACE}500{HARD_SPACE}$",
        f"à 14{HARD_SPACE}h{HARD_SPACE}32",
        "https://vigie.demo.example:8000/fr/",
        "le 22 novembre 2026",
    ],
)
def test_the_spaces_test_can_pass(text):
    assert not bad_spaces(text)


@pytest.mark.skipif(not GLOSSARY.exists(), reason="../shared is absent")
def test_every_word_the_glossary_forbids_is_listed_or_left_to_judgment():
    never, allowed = listed()
    known = {word.lower() for word in (*never, *allowed)}
    with GLOSSARY.open(encoding="utf-8", newline="") as file:
        notes = [row["note"] for row in csv.DictReader(file)]
    forbidden = {
        word.strip().lower()
        for note in notes
        for clause in re.findall(r"jamais([^;:]*)", note)
        for word in re.findall(r"«([^»]*)»", clause)
    }
    assert forbidden
    assert forbidden <= known, forbidden - known
