"""A program that calls the API of staff through a token."""

import json
import re
from typing import Any

from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from organizations.models import User
from organizations.workflow import Scope
from tests.organizations.test_tokens import made

PROBLEM = "application/problem+json"


class Program:
    """Sends JSON with the token of `user`, in French unless told otherwise."""

    def __init__(self, user: User, *scopes: Scope, language: str = "fr") -> None:
        cache.clear()
        self.token, self.secret = made(user, *scopes)
        self.client = Client(raise_request_exception=False)
        self.language = language

    def send(self, method: str, path: str, data: Any = None, **headers: str) -> Any:
        told = {"Authorization": f"Bearer {self.secret}", "Accept-Language": self.language}
        told |= {name.replace("_", "-"): value for name, value in headers.items()}
        content = data if isinstance(data, (bytes, str)) else json.dumps(data if data is not None else {})
        return self.client.generic(method, path, content, content_type="application/json", headers=told)

    def get(self, path: str, **headers: str) -> Any:
        return self.send("GET", path, "", **headers)

    def post(self, path: str, data: Any = None, **headers: str) -> Any:
        return self.send("POST", path, data, **headers)

    def act(self, path: str, data: Any = None, **headers: str) -> Any:
        """On what is there, whatever its version, unless told otherwise."""
        return self.post(path, data, **{"If_Match": "*", **headers})

    def patch(self, path: str, answers: Any, **headers: str) -> Any:
        return self.send("PATCH", path, {"answers": answers}, **headers)


def at(name: str, *arguments: Any) -> str:
    return reverse(f"registry_api:{name}", args=arguments)


def version_of(answer: Any) -> str:
    """As If-Match sends it: what stands before the digest in the ETag of staff answers."""
    found = re.fullmatch(r'"([0-9]+)-[0-9a-f]{16}"', answer.headers["ETag"])
    assert found, answer.headers["ETag"]
    return f'"{found[1]}"'


def refused(answer: Any, status: int, code: str) -> dict[str, Any]:
    """The problem, checked to be one."""
    assert answer.status_code == status, answer.content.decode()[:400]
    assert answer.headers["Content-Type"] == PROBLEM
    told: dict[str, Any] = answer.json()
    assert told["type"] == f"/api/#{code}" and told["status"] == status and told["title"] and told["detail"]
    return told
