"""One request as one visitor makes it, undone afterwards, and what can be read in the answer."""

import io
import json
import zipfile
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http.response import HttpResponseBase
from django.test import Client

from tests.access.people import Visitor

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FAULT = "500"


@dataclass(frozen=True)
class Asked:
    """What is asked for, by anybody."""

    method: str
    path: str
    data: Any = None
    # Of a program: its data are JSON (a form where there is a file), its change accepts whatever version is there.
    is_api: bool = False

    def by(self, client: Client, headers: dict[str, str]) -> HttpResponseBase:
        if not self.is_api:
            return getattr(client, self.method.lower())(self.path, self.data, headers=headers)  # type: ignore[no-any-return]
        headers = {"If-Match": "*", **headers}
        if any(isinstance(each, UploadedFile) for each in (self.data or {}).values()):
            return client.post(self.path, self.data, headers=headers)  # type: ignore[return-value]
        content = json.dumps(self.data or {})
        return client.generic(self.method, self.path, content, content_type="application/json", headers=headers)


@dataclass(frozen=True)
class Answer:
    """`text` is all a reader could find in it, in small letters; of a fault, its name."""

    status: str
    text: str = ""
    address: str = ""


def visit(asked: Asked, visitor: Visitor, **headers: str) -> Answer:
    """Nothing that the request writes stays: the next one finds the same world."""
    cache.clear()
    client = Client()
    if visitor.session:
        client.cookies[settings.SESSION_COOKIE_NAME] = visitor.session
    try:
        with transaction.atomic():
            response = asked.by(client, headers)
            text = without_sent(text_of(response), asked.data)
            answer = Answer(str(response.status_code), text, response.headers.get("Location", ""))
            transaction.set_rollback(True)
    except Exception as fault:  # a page that fails in any way is a cell that says 500
        return Answer(FAULT, f"{type(fault).__name__}: {fault}"[:300])
    return answer


def without_sent(text: str, sent: Any) -> str:
    """A refusal gives back what this very visitor typed («Ce que vous aviez écrit»): exactly that, and there only."""
    for value in sent.values() if isinstance(sent, dict) else ():
        text = text.replace(f" readonly>\n{value}</textarea>".lower(), "")
    return text


def text_of(response: HttpResponseBase) -> str:
    """The test client closes a streamed answer once it was read."""
    content = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
    if response.headers.get("Content-Type") == XLSX:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            content = b"\n".join(package.read(name) for name in package.namelist())
    return content.decode("utf-8", "replace").lower()
