"""What happens around every reading of the public site: the role that reads, and the pages that are kept."""

from transparency.middleware.role import PublicRoleMiddleware, as_visitor, is_public

__all__ = ["PublicRoleMiddleware", "as_visitor", "is_public"]
