"""The gate of the French catalogue: each fault it must find is put in once, in a room of three files."""

import gettext
from io import StringIO

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from django.core.management import CommandError, call_command

from config import messages

PYTHON = '''
from django.utils.translation import gettext as _, ngettext, pgettext

def sentences(name, count):
    """The three ways to say something."""
    return (
        _("Hello %(name)s") % {"name": name},
        ngettext("%(count)d file", "%(count)d files", count),
        pgettext("a month", "May"),
        _(name),
    )
'''
TEMPLATE = """{% load i18n %}<h1>{% trans "Title" %}</h1>
{% blocktrans trimmed with name=person.name %}Seen
  by {{ name }} at 100 %{% endblocktrans %}
{% blocktrans count n=n %}{{ n }} day{% plural %}{{ n }} days{% endblocktrans %}
<p aria-label="{% trans 'It is here' %}">{{ _("Said") }}</p>"""
FRENCH = {
    "Hello %(name)s": "Bonjour %(name)s",
    ("%(count)d file", "%(count)d files"): ("%(count)d fichier", "%(count)d fichiers"),
    "Title": "Titre",
    "Seen by %(name)s at 100 %%": "Vu par %(name)s à 100\u00a0%%",
    ("%(n)s day", "%(n)s days"): ("%(n)s jour", "%(n)s jours"),
    "It is here": "C'est ici",
    "Said": "Dit",
}


@pytest.fixture(autouse=True)
def room(monkeypatch, tmp_path):
    """One room with a module and a template, and its own catalogue."""
    (tmp_path / "room").mkdir()
    (tmp_path / "templates").mkdir()
    (tmp_path / "room" / "views.py").write_text(PYTHON, encoding="utf-8")
    (tmp_path / "templates" / "page.html").write_text(TEMPLATE, encoding="utf-8")
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    monkeypatch.setattr(messages, "ROOMS", ("room",))
    monkeypatch.setattr(messages, "CATALOGUE", tmp_path / "django.po")
    return tmp_path


def catalogue(*, without=(), flags=(), comments=(), **changed) -> None:
    """Writes the catalogue, whole but for what a test changes."""
    made = Catalog(locale="fr", fuzzy=False)
    for key, string in {**FRENCH, **changed.get("added", {})}.items():
        if key not in without:
            is_marked = key == "Title"
            made.add(key, string, flags=flags if is_marked else (), user_comments=comments if is_marked else ())
    made.add("May", "Mai", context="a month")
    with messages.CATALOGUE.open("wb") as file:
        write_po(file, made)


def problems() -> list[str]:
    return messages.check().problems()


def test_a_whole_catalogue_passes(capsys):
    catalogue()
    assert problems() == []
    call_command("messages", "--check")
    assert "complet" in capsys.readouterr().out


def test_every_way_to_say_something_is_found():
    assert set(messages.keys_in_sources()) == {(None, key) for key in FRENCH} | {("a month", "May")}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"without": ["Title"]}, "absent du catalogue (make messages) : 'Title' (templates/page.html)"),
        ({"without": [("%(n)s day", "%(n)s days")]}, "absent du catalogue"),
        ({"added": {"Title": ""}}, "sans français : 'Title'"),
        ({"added": {("%(n)s day", "%(n)s days"): ("%(n)s jour", "")}}, "sans français"),
        ({"flags": ["fuzzy"]}, "à relire : 'Title'"),
        ({"comments": ["à relire"]}, "à relire : 'Title'"),
        ({"added": {"Nobody says it": "Personne ne le dit"}}, "ne sert plus (make messages) : 'Nobody says it'"),
        ({"added": {"Hello %(name)s": "Bonjour %(nom)s"}}, "variables différentes : 'Hello %(name)s'"),
        ({"added": {"Hello %(name)s": "Bonjour"}}, "variables différentes"),
        ({"added": {"Hello %(name)s": "Bonjour %(name)s, 100 % des gens"}}, "variables différentes"),
        ({"added": {"Seen by %(name)s at 100 %%": "Vu par %(name)s à 100 %"}}, "variables différentes"),
    ],
)
def test_each_fault_fails_the_gate(change, said):
    catalogue(**change)
    assert [problem for problem in problems() if problem.startswith(said)]
    with pytest.raises(CommandError, match="phrases à corriger"):
        call_command("messages", "--check", stderr=StringIO())


def test_the_words_of_libraries_that_we_say_otherwise_stay():
    catalogue(added={"Sign In": "Ouvrir une session"})
    text = messages.CATALOGUE.read_text(encoding="utf-8")
    messages.CATALOGUE.write_text(text.replace('msgid "Sign In"', '# library\nmsgid "Sign In"'), encoding="utf-8")
    assert problems() == []
    assert messages.update().problems() == []


def test_updating_adds_drops_and_keeps_what_was_not_proofread():
    catalogue(without=["Said"], added={"Old": "Vieux"}, flags=["fuzzy"])
    verdict = messages.update()
    assert (verdict.missing, verdict.obsolete) == ([], [])
    assert (verdict.untranslated, verdict.unproofed) == (["'Said'"], ["'Title'"])


def test_updating_twice_gives_the_same_file():
    catalogue()
    messages.update()
    first = messages.CATALOGUE.read_bytes()
    messages.update()
    assert messages.CATALOGUE.read_bytes() == first


def test_what_is_compiled_is_what_django_reads(room):
    catalogue(flags=["fuzzy"])
    messages.compile_catalogue()
    with (room / "django.mo").open("rb") as file:
        french = gettext.GNUTranslations(file)
    assert french.gettext("Said") == "Dit"
    assert french.pgettext("a month", "May") == "Mai"
    days = [french.ngettext("%(n)s day", "%(n)s days", number) for number in (0, 1, 2)]
    assert days == ["%(n)s jour", "%(n)s jour", "%(n)s jours"]
    assert french.gettext("Title") == "Title", "what is doubtful is not shown"
