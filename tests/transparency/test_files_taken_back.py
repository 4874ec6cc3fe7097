"""A sheet is withdrawn while the files of the register are made: two connections, neither waits long nor loses."""

import threading
from collections.abc import Callable, Iterator

import pytest
from django.db import connection, transaction

from core.audit import NamedJob
from core.models import StoredFile
from registry.models import AISystem, PublicFile
from registry.services import public_files
from registry.services.public_files import make_public_files
from registry.services.publication import withdraw_publication
from tests.factories.publications import published, publisher_of

pytestmark = pytest.mark.django_db(transaction=True)
JOB = NamedJob("test")
LONG = 20.0


@pytest.fixture
def sheet() -> AISystem:
    return published()


@pytest.fixture(params=["first", "again"])
def made_before(request: pytest.FixtureRequest, sheet: AISystem, settings, tmp_path) -> bool:
    """There are files already, or none yet: no row to lock then."""
    settings.PUBLIC_FILES_FOLDER, settings.PUBLIC_FILES_ROUTE = tmp_path / "public", "/fichiers"
    if request.param == "again":
        make_public_files(by=JOB)
    return bool(request.param == "again")


class Pause:
    """What it stands for stops once, until told to go on."""

    def __init__(self, act: Callable[..., object]) -> None:
        self.act, self.came, self.goes_on = act, threading.Event(), threading.Event()

    def __call__(self, *args: object, **options: object) -> object:
        if not self.came.is_set():
            self.came.set()
            assert self.goes_on.wait(LONG)
        return self.act(*args, **options)


class Begun(threading.Thread):
    """An act in a connection of its own; `join` tells how it failed."""

    def __init__(self, act: Callable[[], object]) -> None:
        super().__init__(daemon=True)
        self.act, self.error = act, None
        self.start()

    def run(self) -> None:
        try:
            self.act()
        except Exception as error:
            self.error = error
        finally:
            connection.close()

    def end(self) -> None:
        self.join(LONG)
        assert not self.is_alive() and self.error is None, self.error


def make() -> None:
    make_public_files(by=JOB)


def withdraw(system: AISystem) -> None:
    withdraw_publication(system=system, reason="Une erreur.", by=publisher_of(system.organization))


def nothing_is_kept(folder) -> None:
    assert not PublicFile.objects.exists()
    assert not StoredFile.objects.exclude(content="").exists()
    assert not [copy for copy in folder.iterdir() if copy.name.startswith(".")]


@pytest.fixture
def going_on() -> Iterator[list[Pause]]:
    """Whatever a test says of them, no thread waits for ever."""
    pauses: list[Pause] = []
    yield pauses
    for pause in pauses:
        pause.goes_on.set()


def test_a_withdrawal_does_not_wait_for_the_files_that_are_being_made(
    sheet, made_before, monkeypatch, going_on, settings
):
    pause = Pause(public_files._csv)
    going_on.append(pause)
    monkeypatch.setattr(public_files, "_csv", pause)
    making = Begun(make)
    assert pause.came.wait(LONG)
    withdrawing = Begun(lambda: withdraw(sheet))
    withdrawing.join(5)
    is_done = not withdrawing.is_alive()
    pause.goes_on.set()
    making.end()
    withdrawing.end()
    assert is_done, "it waited for a making that lasts minutes"
    nothing_is_kept(settings.PUBLIC_FILES_FOLDER)


def test_a_withdrawal_that_comes_as_files_are_shown_takes_them_back(
    sheet, made_before, monkeypatch, going_on, settings
):
    """It waits for the moment that the rows take to be written, then sees them all."""
    pause = Pause(public_files.record)
    going_on.append(pause)
    monkeypatch.setattr(public_files, "record", pause)
    making = Begun(make)
    assert pause.came.wait(LONG)
    withdrawing = Begun(lambda: withdraw(sheet))
    withdrawing.join(0.4)
    pause.goes_on.set()
    making.end()
    withdrawing.end()
    nothing_is_kept(settings.PUBLIC_FILES_FOLDER)


def test_files_do_not_appear_while_a_withdrawal_ends(sheet, made_before, going_on, settings):
    """Its transaction is still open: what it took back is not shown again behind it."""
    pause = Pause(lambda: None)
    going_on.append(pause)

    def act() -> None:
        with transaction.atomic():
            withdraw(sheet)
            pause()

    withdrawing = Begun(act)
    assert pause.came.wait(LONG)
    making = Begun(make)
    making.join(1)
    pause.goes_on.set()
    withdrawing.end()
    making.end()
    nothing_is_kept(settings.PUBLIC_FILES_FOLDER)
