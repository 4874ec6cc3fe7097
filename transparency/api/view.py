"""What every view of the public API shares: open to all, for reading, kept a minute."""

from rest_framework.permissions import AllowAny
from rest_framework.views import APIView

from core.rest.throttling import VisitorThrottle

SECONDS_KEPT = 60


class PublicView(APIView):
    """Knows nobody: neither session nor token is looked at."""

    authentication_classes = []
    permission_classes = [AllowAny]
    throttle_classes = [VisitorThrottle]
