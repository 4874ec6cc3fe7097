"""Runs the supervisor on stub programs, in a process of its own: `drive.py ROOT '{"name": ["argv", …]}'`."""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from config.embedded import Embedded
from config.supervisor import Program, say, supervise


def main() -> None:
    root, programs = Path(sys.argv[1]), json.loads(sys.argv[2])
    environment: dict[str, str] = {}

    def prepare(env: dict[str, str]) -> dict[str, Program]:
        environment.update(env)
        return {name: Program(argv) for name, argv in programs.items()}

    def announce() -> None:
        urls = {name: value for name, value in environment.items() if name.endswith("_URL")}
        say(json.dumps({**urls, "pids": {name: process.pid for name, process in embedded.processes().items()}}))

    embedded = Embedded(root)
    supervise(embedded, prepare, lambda: True, announce)


if __name__ == "__main__":
    main()
