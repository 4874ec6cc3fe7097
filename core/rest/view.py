"""What every view of the API shares: the parameters of an address are those that its description lists."""

from collections.abc import Sequence
from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.views import APIView

from core.rest.problems import check_parameters


class ApiView(APIView):
    """`asked`: what the address of a reading may hold after «?»; a writing takes nothing there. None: not looked at."""

    asked: ClassVar[Sequence[OpenApiParameter] | None] = ()
    # OPTIONS says nothing here: the description does. `Allow` does not offer what is refused.
    http_method_names = ["get", "head", "post", "put", "patch", "delete"]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        # A method that this address does not take is refused as such, whatever is asked.
        if self.asked is not None and hasattr(self, (request.method or "").lower()):
            is_read = request.method in ("GET", "HEAD")
            check_parameters(request.query_params, [each.name for each in self.asked] if is_read else [])
