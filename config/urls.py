"""Every address: machines at the root and under /api/, people under /fr/ and /en/."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, re_path

from transparency.api.guide import Nothing

handler400 = "core.rest.errors.bad_request"
handler403 = "core.rest.errors.forbidden"
handler404 = "core.rest.errors.not_found"
handler500 = "core.rest.errors.fault"

urlpatterns = [
    path("", include("core.urls")),
    path("", include("transparency.urls.crawlers", namespace="crawlers")),
    path("api/", include("transparency.urls.api", namespace="public_api")),
    path("api/v1/", include("registry.api.urls")),
    path("api/v1/", include("assessments.api.urls")),
    path("api/v1/", include("reports.api.urls")),
    re_path(r"^api/.+", Nothing.as_view(), name="api_nothing"),
    *i18n_patterns(
        path("compte/", include("organizations.urls.account")),
        path("espace/", include("organizations.urls")),
        path("espace/", include("registry.urls")),
        path("espace/", include("assessments.urls")),
        path("espace/", include("reports.urls")),
        path("invite/", include("assessments.urls.guest_pages")),
        path("", include("transparency.urls")),
        prefix_default_language=True,
    ),
]
