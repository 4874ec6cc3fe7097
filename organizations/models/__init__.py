"""Rows of this room."""

from organizations.models.joining import AccessRequest, Invitation
from organizations.models.membership import Membership
from organizations.models.organization import (
    Organization,
    PublicBody,
    PublicBodyName,
    Succession,
)
from organizations.models.token import AccessToken
from organizations.models.user import User

__all__ = [
    "AccessRequest",
    "AccessToken",
    "Invitation",
    "Membership",
    "Organization",
    "PublicBody",
    "PublicBodyName",
    "Succession",
    "User",
]
