"""Releasing a version: its digest goes under those of the others, and no line of them ever changes."""

from pathlib import Path

from assessments.questionnaires import FOLDER, RELEASED_FILE, digest_of, load, released_digests
from assessments.questionnaires.prefills import Record
from assessments.questionnaires.reading import NotAQuestionnaire


def release(name: str, *, record: Record, folder: Path = FOLDER, pinned: Path = RELEASED_FILE) -> bool:
    """`efvp/1.0`: whether it was pinned now; not when it was already. Raises `NotAQuestionnaire` for a file that is not
    right, that is not where its name says, or that changed since it was released.
    """
    path = folder / f"{name}.yaml"
    if not path.is_file() or path.resolve().parent.parent != folder.resolve():
        raise NotAQuestionnaire(name, "there is no such file: give a name like efvp/1.0")
    content = load(path, record=record)
    if name != f"{content['id']}/{content['version']}":
        raise NotAQuestionnaire(name, "the file is not named for its id and version")
    known, digest = released_digests(pinned), digest_of(content)
    if name in known and known[name] != digest:
        raise NotAQuestionnaire(name, "a released file changed: write a new version instead")
    if name not in known:
        with pinned.open("a", encoding="utf-8") as file:
            file.write(f"{digest}  {name}\n")
    return name not in known
