"""Everyday uses of AI that a body declares together: one data file, read once."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

Text = Mapping[str, str]


@dataclass(frozen=True)
class CommonTool:
    """One use. `apart` says when it needs a record of its own."""

    code: str
    label: Text
    explanation: Text
    apart: Text


@dataclass(frozen=True)
class CommonTools:
    """The whole data file: the uses in the order of the page, and the answers with their words."""

    version: str
    tools: tuple[CommonTool, ...]
    answers: Mapping[str, Text]
    bands: Mapping[str, Text]

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(tool.code for tool in self.tools)


def _words(rows: list[Mapping[str, Any]]) -> Mapping[str, Text]:
    return MappingProxyType({row["code"]: MappingProxyType(row["label"]) for row in rows})


def read_common_tools(data: Mapping[str, Any]) -> CommonTools:
    tools = tuple(CommonTool(row["code"], row["label"], row["explanation"], row["apart"]) for row in data["tools"])
    return CommonTools(data["version"], tools, _words(data["answers"]), _words(data["bands"]))


FILE = Path(__file__).with_name("common_tools.yaml")
COMMON_TOOLS = read_common_tools(yaml.safe_load(FILE.read_text(encoding="utf-8")))
