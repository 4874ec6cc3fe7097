"""Twenty people who write in ten assessments at once, through the pages of the real site, as the script of a page does:
the whole form is sent every two seconds, what others wrote meanwhile is followed.
"""

import http.client
import json
import random
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from html.parser import HTMLParser
from threading import Barrier
from typing import Any

from django.db import connection
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import reverse

from assessments.models import Answer, Assessment
from assessments.scoring.leaves import flat_of
from assessments.workflow import EFVP
from bench.assessed import DATABASES, MANY, person
from bench.pages import round_trip, use
from bench.plant import PORT, Plant
from bench.results import Result, median_ms, number

PEOPLE, PAIRS = 20, 10
SECONDS, EVERY = 30, 2.0
GOAL_P95 = 80
# One for each pair; that of risks is three times as long as any other.
SECTIONS = (
    "project", "governance", "information", "necessity", "notice", "rights", "path", "risks", "retention",
    "security",
)  # fmt: skip
SENTENCE = "Le {0}e passage ajoute ceci, que personne d'autre n'écrit ici. "


class Fields(HTMLParser):
    """Names and values of the form that is saved as one types, as a browser would send them; which ones are texts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.sent: dict[str, list[str]] = {}
        self.texts: list[str] = []
        self.lines: list[str] = []
        self._is_inside, self._area, self._list = False, "", ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._is_inside = "data-autosave" in told
        if not self._is_inside:
            return
        name = told.get("name", "")
        if tag == "textarea":
            self._area = name
            self.texts.append(name)
            self.sent[name] = [""]
        elif tag == "select":
            self._list = name
        elif tag == "option" and self._list and ("selected" in told or self._list not in self.sent):
            self.sent[self._list] = [told.get("value", "")]
        elif tag == "input" and name and (told.get("type") not in {"checkbox", "radio", "file"} or "checked" in told):
            self.sent.setdefault(name, []).append(told.get("value", ""))
            self.lines += [name] * (told.get("type") == "text" and "inputmode" not in told)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""
        elif tag == "select":
            self._list = ""
        elif tag == "form":
            self._is_inside = False

    def handle_data(self, data: str) -> None:
        if self._area:
            self.sent[self._area] = [self.sent[self._area][0] + data.removeprefix("\n")]


@dataclass
class Writer:
    """One person, one page, every second text of it."""

    address: str
    cookies: dict[str, str]
    parity: int
    dice: random.Random
    fields: Fields = field(default_factory=lambda: Fields(""))
    typed: dict[str, str] = field(default_factory=dict)
    times: list[float] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def work(self, ready: Barrier, until: float) -> None:
        """Nobody types before everybody has their page: the two of an assessment see the same fields."""
        site = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
        try:
            self._open(site)
            ready.wait(60)
            time.sleep(self.dice.uniform(0, EVERY))
            while time.monotonic() < until:
                start = time.monotonic()
                self._type()
                self._save(site)
                time.sleep(max(0.0, self.dice.uniform(0.75, 1.25) * EVERY - (time.monotonic() - start)))
        except OSError as error:
            self.problems.append(type(error).__name__)
        finally:
            site.close()

    def _open(self, site: http.client.HTTPConnection) -> None:
        status, headers, page = self._ask(site, "GET")
        if status != 200:
            raise RuntimeError(f"{self.address} answered {status}")
        self.cookies |= dict(
            each.partition(";")[0].split("=", 1) for name, each in headers if name.lower() == "set-cookie"
        )
        self.fields = Fields(page.decode())

    def _type(self) -> None:
        """At the end of a text; in place of a line."""
        mine = [*self.fields.texts, *self.fields.lines][self.parity :: 2]
        name = mine[len(self.times) % len(mine)]
        before = self.fields.sent[name][0][:300].strip() if name in self.fields.texts else ""
        text = f"{before} {SENTENCE.format(len(self.times) + 1)}".strip()
        self.fields.sent[name], self.typed[name] = [text], text

    def _save(self, site: http.client.HTTPConnection) -> None:
        body = encode_multipart(BOUNDARY, {**self.fields.sent, "autosave": "1"})
        start = time.perf_counter()
        status, _headers, told = self._ask(site, "POST", body)
        self.times.append((time.perf_counter() - start) * 1000)
        if status != 200:
            self.problems.append(f"{self.address[-14:]} {status} {told[:300]!r}")
            return
        answer = json.loads(told)
        self.fields.sent["version"] = [str(answer["version"])]
        self.fields.sent |= answer["others"]

    def _ask(self, site: http.client.HTTPConnection, method: str, body: bytes | None = None) -> tuple[int, Any, bytes]:
        headers = {"Host": "localhost", "Cookie": "; ".join(f"{key}={value}" for key, value in self.cookies.items())}
        if body:
            headers |= {"Content-Type": MULTIPART_CONTENT, "X-Requested-With": "XMLHttpRequest"}
        site.request(method, self.address, body, headers)
        answer = site.getresponse()
        return answer.status, answer.getheaders(), answer.read()


def measure(plant: Plant) -> list[Result]:
    web = plant.start_web(**plant.on(DATABASES[MANY]))
    plant.wait_until(_answers, 60)
    with use(DATABASES[MANY]):
        reference = _reference()
        assessments = list(Assessment.objects.of(EFVP).select_related("organization").order_by("pk")[:PAIRS])
        writers = [_writer(one, assessments[one // 2]) for one in range(PEOPLE)]
    ready, until = Barrier(PEOPLE), time.monotonic() + SECONDS
    with ThreadPoolExecutor(PEOPLE) as people:
        for at_work in [people.submit(writer.work, ready, until) for writer in writers]:
            at_work.result()
    plant.kill(web)
    with use(DATABASES[MANY]):
        lost = sum(_lost(assessments[one // 2], writer) for one, writer in enumerate(writers))
    return [_told(writers, lost, reference)]


def _writer(one: int, assessment: Assessment) -> Writer:
    client = Client(SERVER_NAME="localhost")
    client.force_login(person(f"redaction{one}@organisme.example", [assessment.organization]))
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    address = reverse("assessments:section", args=[assessment.uuid, SECTIONS[one // 2]])
    return Writer(address, cookies, one % 2, random.Random(one))  # noqa: S311 — think times, no secret


def _answers() -> bool:
    site = http.client.HTTPConnection("127.0.0.1", PORT, timeout=10)
    try:
        site.request("GET", "/sante/vivant", headers={"Host": "localhost"})
        return site.getresponse().status == 200
    except OSError:
        return False
    finally:
        site.close()


def _reference() -> str:
    """One trip to the database, and one answer inserted alone, its history with it, kept on disk."""
    empty = Assessment.objects.of(EFVP).exclude(answers__question="alternatives").order_by("-pk")
    keys = iter(empty.values_list("pk", "updated_by", "updated_at")[:60])

    def insert() -> None:
        key, writer, moment = next(keys)
        Answer.objects.create(
            assessment_id=key, question="alternatives", version=2, updated_at=moment, updated_by_id=writer
        )

    insert()
    trip, alone = median_ms(round_trip, 50), median_ms(insert, 30)
    connection.close()
    return f"SELECT 1\u00a0: {number(trip, 2)}\u00a0ms; un INSERT\u00a0: {number(alone, 1)}\u00a0ms"


def _lost(assessment: Assessment, writer: Writer) -> int:
    """Texts that the site said it had saved, and that are not there."""
    stored, questionnaire = assessment.values(), assessment.questionnaire
    lost = 0
    for name, text in writer.typed.items():
        code, _dot, path = name.partition(".")
        lost += flat_of(questionnaire.question(code), stored.get(code)).get(path) != text
    return lost


def _told(writers: list[Writer], lost: int, reference: str) -> Result:
    times = [each for writer in writers for each in writer.times]
    problems = [each for writer in writers for each in writer.problems]
    p95 = statistics.quantiles(times, n=20)[-1]
    found = f"p50 {number(statistics.median(times))}, p95 {number(p95)}, au plus {number(max(times))}\u00a0ms; "
    return Result(
        f"Enregistrement par {PEOPLE} personnes dans {PAIRS} évaluations, chacune toutes les {number(EVERY)}\u00a0s",
        f"{found}{len(times)} envois, {len(problems)} en erreur, {lost} texte perdu",
        f"p95 ≤ {GOAL_P95}\u00a0ms, rien de perdu",
        p95 <= GOAL_P95 and not problems and not lost,
        reference,
    )
