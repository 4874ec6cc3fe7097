"""Not too often: counted in the cache, by address for visitors, by token or person for staff. Nothing is written."""

from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView


class VisitorThrottle(SimpleRateThrottle):
    """A visitor, by network address: kept in the cache for a minute."""

    scope = "visitor"

    def get_cache_key(self, request: Request, view: APIView) -> str:
        return f"throttle-visitor-{self.get_ident(request)}"


class StaffThrottle(SimpleRateThrottle):
    """A token, or a person signed in. Who is neither is counted by address, and refused next."""

    scope = "staff"

    def get_cache_key(self, request: Request, view: APIView) -> str:
        who = getattr(request.user, "actor_ref", "") or self.get_ident(request)
        return f"throttle-staff-{who}"


class GuestThrottle(SimpleRateThrottle):
    """Whoever comes by a link without account: by their invitation, so that a whole office may share an address; by
    network address when the link opens nothing. A person who types saves once a second at most.
    """

    scope = "guest"

    def __init__(self, invitation: str = "") -> None:
        self.invitation = invitation
        super().__init__()

    def get_cache_key(self, request: Request, view: APIView) -> str:
        return f"throttle-guest-{self.invitation or self.get_ident(request)}"
