"""What every view of the public API shares: open to all, for reading, kept a minute."""

from rest_framework.permissions import AllowAny

from core.rest.throttling import VisitorThrottle
from core.rest.view import ApiView

SECONDS_KEPT = 60


class PublicView(ApiView):
    """Knows nobody: neither session nor token is looked at."""

    authentication_classes = []
    permission_classes = [AllowAny]
    throttle_classes = [VisitorThrottle]
