"""Runs the supervisor on stub programs in a process of its own: `drive.py ROOT '{"name": ["argv", …]}' [UID]`.

Prints, once all runs, one line of JSON: addresses and process numbers. With UID it gives up root first.
"""

import json
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from config import supervisor
from config.embedded import Embedded


def main(root: Path, programs: dict[str, list[str]]) -> None:
    environment: dict[str, str] = {}

    def prepare(env: dict[str, str]) -> dict[str, supervisor.Program]:
        environment.update(env)
        return {name: supervisor.Program(argv) for name, argv in programs.items()}

    def announce() -> None:
        urls = {name: environment[name] for name in ("DATABASE_URL", "OWNER_DATABASE_URL", "BROKER_URL")}
        children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
        supervisor.say(json.dumps({**urls, "children": [int(child) for child in children]}))

    supervisor.GRACE_SECONDS = int(os.environ.get("GRACE", "30"))
    embedded = Embedded(root)
    supervisor.supervise(embedded, prepare, lambda: True, announce)


if __name__ == "__main__":
    if len(sys.argv) > 3:
        os.setgroups([])
        os.setgid(int(sys.argv[3]))
        os.setuid(int(sys.argv[3]))
    main(Path(sys.argv[1]), json.loads(sys.argv[2]))
