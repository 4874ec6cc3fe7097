"""The memory of the web process after some work, as `make start` runs it."""

import urllib.error
import urllib.request
from pathlib import Path

from django.test import Client
from django.urls import reverse

from bench.plant import PORT, Plant
from bench.results import Result, number
from organizations.models import User
from registry.models import AISystem

REQUESTS = 200
GOAL_MEGABYTES = 250


def measure(plant: Plant, person: User) -> list[Result]:
    web = plant.start_web()
    plant.wait_until(lambda: _answers("/sante/vivant"), 60)
    client = Client(SERVER_NAME="localhost")
    client.force_login(person)
    cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
    processes = {pid: _resident(pid) for pid in _group(web.pid)}
    addresses = _addresses()
    for each in range(REQUESTS):
        _open(addresses[each % len(addresses)], cookie)
    after = {pid: _resident(pid) for pid in processes}
    serving = max(after, key=lambda pid: after[pid])
    others = number(sum(after.values()) - after[serving])
    plant.kill(web)
    return [
        Result(
            f"Processus Web après {REQUESTS} pages",
            f"{number(after[serving])}\u00a0Mo",
            f"≤ {GOAL_MEGABYTES}\u00a0Mo",
            after[serving] <= GOAL_MEGABYTES,
            f"au repos\u00a0: {number(processes[serving])}\u00a0Mo; son parent\u00a0: {others}\u00a0Mo",
        )
    ]


def _addresses() -> list[str]:
    systems = AISystem.objects.order_by("pk")[:40]
    found = [reverse("registry:systems"), reverse("reports:reports"), reverse("transparency:home")]
    found += [f"{reverse('transparency:search')}?q={word}" for word in ("permis", "photos", "routes")]
    for system in systems:
        found += [
            reverse("registry:system", args=[system.uuid]),
            reverse("transparency:system", args=[system.reference]),
        ]
    return found


def _open(path: str, cookie: str = "") -> None:
    request = urllib.request.Request(f"http://127.0.0.1:{PORT}{path}", headers={"Host": "localhost", "Cookie": cookie})
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=30) as answer:
        answer.read()


def _answers(path: str) -> bool:
    try:
        _open(path)
    except (urllib.error.URLError, OSError):
        return False
    return True


def _group(leader: int) -> list[int]:
    """Processes of the session that the web server leads."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == leader:
            found.append(int(stat.parent.name))
    return found


def _resident(pid: int) -> float:
    """Megabytes in memory."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024 / 1_000_000
    return 0.0
