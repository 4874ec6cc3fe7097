"""The everyday uses of AI that a body chose to show, for its public page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from registry.models import PublicCommonTools
from registry.rules.common_tools import COMMON_TOOLS, CommonTool


@dataclass(frozen=True)
class PublicTools:
    """The uses in the order of the form; none means that the body answered and uses none of them."""

    tools: tuple[CommonTool, ...]
    published_on: date


def common_tools_of(slugs: Sequence[str]) -> PublicTools | None:
    """Those of the body that bears, or bore, one of these sigles: the latest that was published. One query."""
    shown = PublicCommonTools.objects.filter(slug__in=slugs).only(*PublicCommonTools.public_columns)
    found = shown.order_by("-published_on", "-pk").first()
    if found is None:
        return None
    return PublicTools(tuple(tool for tool in COMMON_TOOLS.tools if tool.code in found.tools), found.published_on)
