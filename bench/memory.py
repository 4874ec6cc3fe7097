"""The memory of the web process after some work, as `make start` runs it."""

import csv
import io
import statistics
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

from django.test import Client
from django.urls import reverse

from bench.content import PLACES, THINGS, VERBS
from bench.plant import PORT, Plant
from bench.results import Result, elapsed_ms, number
from core import outbox
from core.models import Intent
from core.models.intent import IntentState
from organizations.models import Organization, User
from registry.models import AISystem, ImportRun
from registry.services.imports import map_columns, order_inventory_import

REQUESTS = 200
GOAL_MEGABYTES = 250
# The largest inventory that is taken, its preview opened by as many people at once as the site has threads.
INVENTORY_ROWS = 20_000
TOGETHER = 4
ROUNDS = 5


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
    preview = _preview(serving, cookie, person)
    plant.kill(web)
    return [
        Result(
            f"Processus Web après {REQUESTS} pages",
            f"{number(after[serving])}\u00a0Mo",
            f"≤ {GOAL_MEGABYTES}\u00a0Mo",
            after[serving] <= GOAL_MEGABYTES,
            f"au repos\u00a0: {number(processes[serving])}\u00a0Mo; son parent\u00a0: {others}\u00a0Mo",
        ),
        preview,
    ]


def _preview(serving: int, cookie: str, person: User) -> Result:
    """Pages of the preview of the largest file, four at a time, and a visitor beside them."""
    address = reverse("registry:import_preview", args=[_planned_run(person).uuid])
    pages = [f"{address}?page={page}" for page in (1, 2, INVENTORY_ROWS // 50)] + [f"{address}?show=doubts"]
    alone = elapsed_ms(lambda: _open(pages[0], cookie))
    times: list[float] = []
    visits: list[float] = []

    def timed(path: str) -> None:
        times.append(elapsed_ms(lambda: _open(path, cookie)))

    with ThreadPoolExecutor(TOGETHER + 1) as people:
        for _round in range(ROUNDS):
            opened = [people.submit(timed, page) for page in pages[:TOGETHER]]
            visits.append(elapsed_ms(lambda: _open(reverse("transparency:home"))))
            for one in opened:
                one.result()
    peak = _resident(serving, "VmHWM")
    return Result(
        f"Processus Web, aperçu de {number(INVENTORY_ROWS)} lignes par {TOGETHER} personnes à la fois",
        f"{number(peak)}\u00a0Mo au plus, {number(statistics.median(times))}\u00a0ms la page",
        f"≤ {GOAL_MEGABYTES}\u00a0Mo",
        peak <= GOAL_MEGABYTES,
        f"une page seule\u00a0: {number(alone)}\u00a0ms; l'accueil public\u00a0: {number(max(visits))}\u00a0ms",
    )


def _planned_run(person: User) -> ImportRun:
    """As the pages do it, the jobs run here."""
    body = Organization.objects.get(sigle="CENTRE")
    run = order_inventory_import(
        organization=body, content=synthetic_inventory(), file_name="inventaire.csv", by=person, request_key=uuid4()
    )
    _run_jobs()
    run.refresh_from_db()
    map_columns(run=run, columns=run.mapping["columns"], by=person)
    _run_jobs()
    return run


def _run_jobs() -> None:
    imports = Intent.objects.filter(task__startswith="registry.tasks.imports").exclude(state=IntentState.DONE)
    while keys := list(imports.order_by("pk").values_list("pk", flat=True)):
        for key in keys:
            outbox.run(key)


def synthetic_inventory() -> bytes:
    """Thirteen columns; one phase in seven is in words that nobody knows."""
    out = io.StringIO()
    titles = ("No", "Nom du système", "Direction", "Statut", "Courriel", "Besoin", "Bénéfices", "Description")
    more = ("Fournisseur", "Catégorie", "Renseignements personnels", "Clientèle", "Données utilisées")
    writer = csv.writer(out)
    writer.writerow([*titles, *more])
    for one in range(INVENTORY_ROWS):
        verb, thing, place = VERBS[one % 8], THINGS[one % 9], PLACES[one // 9 % 9]
        name = f"{verb} des {thing} des {place} {one}"
        phase = "En rodage" if one % 7 == 0 else "Pilote"
        told = [f"S-{one}", name, f"Direction des {place}", phase, "ia@organisme.example"]
        texts = [f"Les {thing} des {place} arrivaient trop lentement. " * 4, "Une réponse plus rapide.", f"{name}."]
        writer.writerow([*told, *texts, "Interne", "Automatisation", "Non", "Citoyens", f"Les {thing} reçues."])
    return out.getvalue().encode("utf-8-sig")


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
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=120) as answer:
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


def _resident(pid: int, field: str = "VmRSS") -> float:
    """Megabytes in memory, now or (`VmHWM`) at most since it began."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{field}:"):
            return int(line.split()[1]) * 1024 / 1_000_000
    return 0.0
