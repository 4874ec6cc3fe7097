"""Every address: machines at the root, people under /fr/ and /en/."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

urlpatterns = [
    path("", include("core.urls")),
    *i18n_patterns(
        path("compte/", include("organizations.urls.account")),
        path("espace/", include("organizations.urls")),
        path("espace/", include("registry.urls")),
        path("espace/", include("reports.urls")),
        path("", include("transparency.urls")),
        prefix_default_language=True,
    ),
]
