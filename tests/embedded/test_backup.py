"""A backup restores everything; a file that is not exactly one changes nothing."""

import hashlib
import io
import json
import shutil
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from config import archive, backup
from config.embedded import Embedded, Stop
from config.first_run import EMPTY, LOADED, read_content, write_content

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[backup.Server]:
    embedded = Embedded(tmp_path_factory.mktemp("clone"), durable=False)
    yield backup.Server(embedded.start()["OWNER_DATABASE_URL"])
    embedded.stop()


class Site:
    """A database, its private files, and one backup of both."""

    def __init__(self, server: backup.Server, var: Path) -> None:
        self.server, self.var, self.file = server, var, var / "backups" / "one.tar"
        self.env: dict[str, str] = {}

    def sql(self, sql: str) -> str:
        return self.server.run("psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-d", "vigie", "-c", sql).strip()

    def write(self, name: str, content: str) -> None:
        (self.var / "files" / name).parent.mkdir(parents=True, exist_ok=True)
        (self.var / "files" / name).write_text(content)

    def files(self) -> dict[str, str]:
        folder = self.var / "files"
        return {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}

    def backup(self) -> None:
        backup.backup(self.server, self.var, self.file)

    def restore(self) -> None:
        backup.restore(self.server, self.var, self.file, self.env)


@pytest.fixture
def site(cluster: backup.Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """One row and one file are in the backup; another row and another file came after it."""
    monkeypatch.setattr(backup, "run_step", lambda name, command, env: None)
    site = Site(cluster, tmp_path / "var")
    cluster.query("DROP DATABASE IF EXISTS vigie")
    cluster.query("CREATE DATABASE vigie")
    site.sql("CREATE TABLE notes AS SELECT 'avant' AS text; GRANT SELECT ON notes TO vigie_app")
    write_content(cluster, EMPTY)
    site.write("2026/11/aa", "avant")
    site.backup()
    site.sql("INSERT INTO notes VALUES ('après')")
    site.write("2026/11/bb", "après")
    yield site
    databases = cluster.query("SELECT datname FROM pg_database ORDER BY 1").split()
    assert databases == ["postgres", "template0", "template1", "vigie"]
    assert not (site.var / "restore").exists()


def notes(site: Site) -> list[str]:
    return sorted(site.sql("SELECT text FROM notes").split())


def assert_unchanged(site: Site) -> None:
    assert notes(site) == ["après", "avant"]
    assert site.files() == {"2026/11/aa": "avant", "2026/11/bb": "après"}


def test_a_restore_brings_back_rows_rights_files_and_what_the_database_holds(site: Site) -> None:
    write_content(site.server, LOADED)
    site.write("2026/11/aa", "abîmé depuis")
    site.restore()
    assert notes(site) == ["avant"]
    assert site.files() == {"2026/11/aa": "avant"}
    assert site.sql("SELECT has_table_privilege('vigie_app', 'notes', 'SELECT')") == "t"
    assert read_content(site.server) == EMPTY


def test_a_backup_is_private_and_never_overwritten(site: Site) -> None:
    assert site.file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in site.file.parent.iterdir()] == ["one.tar"]
    with pytest.raises(Stop, match="existe déjà"):
        site.backup()


def test_a_backup_that_fails_leaves_no_file(site: Site) -> None:
    site.file.unlink()
    server = backup.Server(site.server.url_of("absente"))
    with pytest.raises(Stop, match=r"pg_dump a échoué : .*absente"):
        backup.backup(server, site.var, site.file)
    assert list(site.file.parent.iterdir()) == []


@pytest.mark.parametrize("place", [0.01, 0.3, 0.6, 0.9, 0.99])
def test_a_cut_file_changes_nothing(site: Site, place: float) -> None:
    with tarfile.open(site.file) as tar:
        end = tar.getmember("manifest.json").offset_data + tar.getmember("manifest.json").size
    site.file.write_bytes(site.file.read_bytes()[: int(end * place)])
    with pytest.raises(Stop, match="Rien n'a été changé"):
        site.restore()
    assert_unchanged(site)


def test_any_changed_byte_of_the_database_or_of_a_file_is_seen(site: Site) -> None:
    content = site.file.read_bytes()
    with tarfile.open(site.file) as tar:
        places = [tar.getmember(name).offset_data for name in ("database.dump", "files/2026/11/aa")]
    for place in places:
        site.file.write_bytes(content[: place + 2] + bytes([content[place + 2] ^ 1]) + content[place + 3 :])
        with pytest.raises(Stop, match=r"est abîmé : « .* » n'a pas l'empreinte notée\. Rien n'a été changé"):
            site.restore()
    assert_unchanged(site)


def test_a_file_that_is_no_backup_changes_nothing(site: Site) -> None:
    for content in (b"", b"not a tar", b"\0" * 20_000):
        site.file.write_bytes(content)
        with pytest.raises(Stop, match="n'est pas une sauvegarde complète"):
            site.restore()
    site.file.unlink()
    with pytest.raises(Stop, match="n'existe pas"):
        site.restore()
    assert_unchanged(site)


Change = Callable[[dict[str, bytes], dict[str, Any]], None]


def rewrite(site: Site, change: Change) -> None:
    """A tar whose members and manifest were changed by somebody who knows the format."""
    with tarfile.open(site.file) as tar:
        members = {member.name: tar.extractfile(member).read() for member in tar}  # type: ignore[union-attr]
    manifest = json.loads(members.pop("manifest.json"))
    change(members, manifest)
    members["manifest.json"] = json.dumps(manifest).encode()
    with tarfile.open(site.file, "w") as tar:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))


def add(members: dict[str, bytes], manifest: dict[str, Any], name: str, content: bytes) -> None:
    members[name] = content
    manifest["members"][name] = {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}


@pytest.mark.parametrize(
    "change",
    [
        lambda members, manifest: members.pop("files/2026/11/aa"),
        lambda members, manifest: members.pop("database.dump"),
        lambda members, manifest: members.update({"files/extra": b"x"}),
        lambda members, manifest: add(members, manifest, "files/../../outside", b"x"),
        lambda members, manifest: add(members, manifest, "/tmp/vigie-outside", b"x"),
        lambda members, manifest: manifest.pop("members"),
        lambda members, manifest: manifest.update(members=[1]),
        lambda members, manifest: manifest.update(vigie="99.0"),
    ],
)
def test_a_forged_file_changes_nothing(site: Site, change: Change) -> None:
    rewrite(site, change)
    with pytest.raises(Stop, match="Rien n'a été changé"):
        site.restore()
    assert_unchanged(site)
    assert not Path("/tmp/vigie-outside").exists()


def test_a_link_in_the_file_is_refused(site: Site) -> None:
    with tarfile.open(site.file, "a") as tar:
        link = tarfile.TarInfo("files/link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
    with pytest.raises(Stop, match="qu'une sauvegarde n'a pas"):
        site.restore()
    assert_unchanged(site)


def test_a_dump_that_does_not_load_leaves_the_present_data(site: Site) -> None:
    rewrite(site, lambda members, manifest: add(members, manifest, "database.dump", b"not a dump"))
    with pytest.raises(Stop, match="pg_restore a échoué"):
        site.restore()
    assert_unchanged(site)


@pytest.mark.parametrize("error", [Stop("migrate a échoué"), KeyboardInterrupt()])
def test_a_migration_that_fails_or_is_interrupted_leaves_the_present_data(
    site: Site, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(backup, "run_step", fail)
    with pytest.raises(type(error)):
        site.restore()
    assert_unchanged(site)


def test_a_database_in_use_is_not_replaced(site: Site) -> None:
    with psycopg.connect(site.server.url), pytest.raises(Stop, match="arrêtez Vigie, puis relancez"):
        site.restore()
    assert_unchanged(site)


def test_a_swap_that_fails_leaves_the_present_data(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        site.sql("SELECT 1 / 0")

    monkeypatch.setattr(backup, "_swap", fail)
    with pytest.raises(Stop, match="division by zero"):
        site.restore()
    assert_unchanged(site)


def test_leftovers_of_a_killed_restore_do_not_stop_the_next(site: Site) -> None:
    site.server.query("CREATE DATABASE vigie_restore")
    site.server.query("CREATE DATABASE vigie_before")
    (site.var / "restore" / "files").mkdir(parents=True)
    site.restore()
    assert notes(site) == ["avant"]


def test_a_password_never_shows_in_a_command_line() -> None:
    server = backup.Server("postgres://o%40w:p%2Fss@db.example:5433/vigie?sslmode=require")
    names = {"PGHOST", "PGPORT", "PGUSER", "PGPASSWORD", "PGSSLMODE"}
    assert {name: server.env[name] for name in names} == {
        "PGHOST": "db.example",
        "PGPORT": "5433",
        "PGUSER": "o@w",
        "PGPASSWORD": "p/ss",
        "PGSSLMODE": "require",
    }
    assert server.database == "vigie"


def test_the_digest_is_of_what_was_written(tmp_path: Path) -> None:
    (tmp_path / "dump").write_bytes(b"x" * 3_000_000)
    assert archive.pack(tmp_path / "b.tar", tmp_path / "dump", tmp_path / "none", {}) == 0
    manifest = archive.unpack(tmp_path / "b.tar", tmp_path / "staging")
    assert manifest["members"]["database.dump"]["sha256"] == hashlib.sha256(b"x" * 3_000_000).hexdigest()
    shutil.rmtree(tmp_path / "staging")
