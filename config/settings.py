"""Every setting of Vigie, read from the environment (docs/install.md says each in French and in English).

Two modes. *Embedded* (`VIGIE_EMBEDDED=1`, set by `make start`): database, broker and mailbox under `var/`,
demonstration allowed. *Installed*: everything comes from the environment and the program refuses to start with a
convenience of the embedded mode (see `core/checks.py`).
"""

from pathlib import Path

import dj_database_url
import dj_email_url
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from config import environment as env
from config.logs import logging_settings

ROOT = env.ROOT

# --- Mode ---------------------------------------------------------------------------------------------------------
# Set by our supervisor: embedded services, demonstration allowed. Never set it on a server.
EMBEDDED = env.flag("VIGIE_EMBEDDED")
# Shows stack traces in the browser: a developer's own machine only, refused outside the embedded mode.
DEBUG = env.flag("DEBUG")
# Folder of what the embedded mode writes (files, mail, logs); installed: where private files go when no S3 is set.
VAR = Path(env.text("VIGIE_VAR", str(ROOT / "var")))
SECRET_KEY = env.required("SECRET_KEY")
# Host names this site answers to, separated by commas.
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS") or (["localhost", "127.0.0.1", "[::1]"] if EMBEDDED else [])
# Public address, for links in mail and PDF: https://vigie.example.
PUBLIC_URL = env.text("PUBLIC_URL", f"http://localhost:{env.number('PORT', 8000)}").rstrip("/")
# Whom journalists write to: an e-mail or a telephone, shown on the page of open data.
MEDIA_CONTACT = env.text("MEDIA_CONTACT")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if PUBLIC_URL.startswith("https://") else []
IS_HTTPS = PUBLIC_URL.startswith("https://")

# --- Applications: one per room, highest first ----------------------------------------------------------------------
INSTALLED_APPS = [
    "config.apps.ConfigConfig",
    "transparency",
    "reports",
    "obligations",
    "datasharing",
    "assessments",
    "registry",
    "review",
    "organizations",
    "core",
    "pgtrigger",
    "pghistory",
    "guardian",
    "csp",
    "django_filters",
    "rest_framework",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django.forms",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "core.middleware.RequestIdMiddleware",
    "csp.middleware.CSPMiddleware",
    "core.middleware.PrivateByDefaultMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "core.middleware.SignInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "core.middleware.AddressMiddleware",
    "core.middleware.RefusalMiddleware",
    "transparency.middleware.PublicRoleMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "organizations.context_processors.workplace",
            ],
            "builtins": [f"core.templatetags.{name}" for name in ("components", "dates", "numbers", "page_head")],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- Database -------------------------------------------------------------------------------------------------------
# PostgreSQL 15 or later: postgres://user:password@host/name. Its role may only read and add to history and audit
# tables.
DATABASES = {"default": dj_database_url.parse(env.address("DATABASE_URL", ("postgres", "postgresql")))}
# Threads that answer requests. The pool (web process only) has as many connections: fewer would answer 500.
WEB_THREADS = env.number("WEB_THREADS", 4)
if env.flag("VIGIE_WEB"):
    OPTIONS = DATABASES["default"].setdefault("OPTIONS", {})  # the address may hold some: ?sslmode=require
    OPTIONS["pool"] = {"min_size": 1, "max_size": WEB_THREADS}
else:  # a worker keeps its connection from one job to the next: opening one costs more than the job
    DATABASES["default"]["CONN_MAX_AGE"], DATABASES["default"]["CONN_HEALTH_CHECKS"] = 300, True
# Role under which public pages read. It sees publications and nothing else.
PUBLIC_DATABASE_ROLE = "vigie_public"
# Role of the running program: may not alter history.
APPLICATION_DATABASE_ROLE = "vigie_app"
# A question of the public site that takes the database longer (seconds) is given up: one visitor does not stop others.
PUBLIC_QUERY_SECONDS = env.number("PUBLIC_QUERY_SECONDS", 5)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Jobs -----------------------------------------------------------------------------------------------------------
# Valkey or Redis (redis://…, redis+socket://…) or RabbitMQ (amqp://…). It carries messages; the truth is in the outbox.
BROKER_URL = env.address("BROKER_URL", ("redis", "rediss", "redis+socket", "amqp", "amqps", "memory"))
# A job sent and not finished after this many seconds is sent again; its handler does nothing the second time.
OUTBOX_RESEND_AFTER = env.number("OUTBOX_RESEND_AFTER", 90)

# What counts the attempts to sign in, and keeps public pages. With one web process its own memory serves; several share
# redis://…
CACHE_URL = env.address("CACHE_URL", ("redis", "rediss"), optional=True)
SHARED_CACHE = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": CACHE_URL}
OWN_CACHE = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
# Apart from the counts, which a flood of pages must not push out. A page is found by its edition: old ones just expire.
SHARED_PAGES = SHARED_CACHE | {"KEY_PREFIX": "pages", "TIMEOUT": 600}
OWN_PAGES = OWN_CACHE | {"LOCATION": "pages", "TIMEOUT": 600, "OPTIONS": {"MAX_ENTRIES": 400}}
CACHES = {
    "default": SHARED_CACHE if CACHE_URL else OWN_CACHE,
    "pages": SHARED_PAGES if CACHE_URL else OWN_PAGES,
}

# --- Sign-in --------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "organizations.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "organizations:todo"
LOGOUT_REDIRECT_URL = "transparency:home"
ACCOUNT_ADAPTER = "organizations.adapters.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "organizations.adapters.SocialAccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
# One password field: «Show» lets one check what one types, and a forgotten password is reset by mail.
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "organizations.forms.name.NameAsked"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Vigie – "
# A person is told by mail of each change that could be somebody else's doing, and asked who they are before it.
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
# One e-mail a person: a new one takes the place of the old when its link was followed.
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_FORMS = {
    "login": "organizations.forms.account.SignInForm",
    "signup": "organizations.forms.account.SignUpForm",
    "add_email": "organizations.forms.account.AddEmailForm",
    "change_password": "organizations.forms.account.ChangePasswordForm",
    "set_password": "organizations.forms.account.SetPasswordForm",
    "reset_password": "organizations.forms.account.ResetPasswordForm",
    "reset_password_from_key": "organizations.forms.account.ResetPasswordKeyForm",
    "reauthenticate": "organizations.forms.account.ReauthenticateForm",
}
ACCOUNT_SIGNUP_FORM_HONEYPOT_FIELD = "site"
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXIES", 0)
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = IS_HTTPS or EMBEDDED
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = EMBEDDED
MFA_TOTP_ISSUER = "Vigie"
# One step before or after: a slow hand or a clock half a minute off still signs in.
MFA_TOTP_TOLERANCE = 1
MFA_ADAPTER = "organizations.adapters.MfaAdapter"
MFA_FORMS = {
    "authenticate": "organizations.forms.account.AuthenticateForm",
    "reauthenticate": "organizations.forms.account.ReauthenticateByCodeForm",
    "activate_totp": "organizations.forms.account.ActivateTotpForm",
    "add_webauthn": "organizations.forms.account.AddPasskeyForm",
    "edit_webauthn": "organizations.forms.account.EditPasskeyForm",
}
# Single sign-on (OpenID Connect): address of the provider, client id and secret given by it, name on the button.
OIDC_URL = env.text("OIDC_URL")
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "APPS": [
            {
                "provider_id": "organisme",
                "name": env.text("OIDC_NAME", "Connexion de mon organisme"),
                "client_id": env.required("OIDC_CLIENT_ID", when="avec OIDC_URL"),
                "secret": env.required("OIDC_CLIENT_SECRET", when="avec OIDC_URL"),
                "settings": {"server_url": OIDC_URL},
            }
        ]
    }
    if OIDC_URL
    else {"APPS": []}
}
# Guardian keeps exceptions only (organizations/grants.py); it must not add a user of its own.
ANONYMOUS_USER_NAME = None
GUARDIAN_MONKEY_PATCH_USER = False

# --- API ------------------------------------------------------------------------------------------------------------
# Closed unless a view opens itself; JSON only. Rates are counted in the cache, for each web process or for all of them.
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "organizations.authentication.tokens.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["core.rest.parsing.JsonParser"],
    "DEFAULT_THROTTLE_RATES": {"visitor": "300/min", "staff": "600/min", "guest": "120/min"},
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "core.rest.problems.answer_refusal",
    "DEFAULT_METADATA_CLASS": None,
    "URL_FORMAT_OVERRIDE": None,
    "NUM_PROXIES": ALLAUTH_TRUSTED_PROXY_COUNT,
    "COERCE_DECIMAL_TO_STRING": False,
}
SPECTACULAR_SETTINGS = {
    "OAS_VERSION": "3.1.0",
    "TITLE": "Vigie",
    "DESCRIPTION": _("The register of public artificial intelligence, read and written by programs."),
    "VERSION": "1.0.0",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "LICENSE": {"name": "EUPL-1.2"},
    "POSTPROCESSING_HOOKS": [],
    "DISABLE_DOCSTRING_DESCRIPTIONS": True,
    "ENABLE_LIST_MECHANICS_ON_NON_2XX": False,
    "TAGS": [
        {"name": "entry", "description": _("Where a program that knows this address alone begins.")},
        {"name": "publications", "description": _("Published systems: open to all, without a token.")},
        {"name": "bodies", "description": _("Public bodies: open to all, without a token.")},
        {"name": "systems", "description": _("Systems as their body keeps them: by token, or signed in.")},
        {"name": "assessments", "description": _("Screenings and assessments of systems: by token, or signed in.")},
    ],
}

# --- Language -------------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("French")), ("en", _("English"))]
LOCALE_PATHS = [ROOT / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = False
TIME_ZONE = "America/Toronto"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = IS_HTTPS

# --- Files ----------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [ROOT / "static"]
STATIC_ROOT = VAR / "static"
# Where private files are kept: dotted path of a storage of Django (storages.backends.s3.S3Storage, when
# django-storages is installed) and its options in JSON; none: the folder `files` of VIGIE_VAR, closed to others.
FILE_STORAGE = env.text("FILE_STORAGE")
FILE_STORAGE_OPTIONS = env.options("FILE_STORAGE_OPTIONS")
PRIVATE_FOLDER = {
    "location": str(VAR / "files"),
    "file_permissions_mode": 0o600,
    "directory_permissions_mode": 0o700,
}
# Largest file a person may hand in, in bytes.
UPLOAD_LIMIT = env.number("UPLOAD_LIMIT", 20 * 1024 * 1024)
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
# All the questions of an assessment on one page: each cell of its tables is a field.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
# Dotted path of a callable(bytes) -> bool that says whether a file is clean; none: no scan.
FILE_SCANNER = env.text("FILE_SCANNER")
STORAGES = {
    "default": {
        "BACKEND": FILE_STORAGE or "django.core.files.storage.FileSystemStorage",
        "OPTIONS": FILE_STORAGE_OPTIONS if FILE_STORAGE else PRIVATE_FOLDER,
    },
    "staticfiles": {
        "BACKEND": env.text("STATICFILES_BACKEND", "whitenoise.storage.CompressedManifestStaticFilesStorage")
    },
}
WHITENOISE_USE_FINDERS = False

# The files of the whole register are copied there when the web server itself serves this folder at this address: a slow
# download then holds no thread of the site. Empty: the site serves them.
PUBLIC_FILES_FOLDER = VAR / "public"
PUBLIC_FILES_ROUTE = env.text("PUBLIC_FILES_ROUTE").rstrip("/")

# --- Mail -----------------------------------------------------------------------------------------------------------
# smtp://user:password@host:587/?tls=True. In the embedded mode messages are written under var/mail.
EMAIL_URL = env.address("EMAIL_URL", tuple(dj_email_url.SCHEMES), optional=True)
if EMAIL_URL:
    MAILBOX = dj_email_url.parse(EMAIL_URL)
    # A mail server that hangs must not hold a worker.
    vars().update(MAILBOX | {"EMAIL_TIMEOUT": MAILBOX["EMAIL_TIMEOUT"] or 30})
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = str(VAR / "mail")
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "Vigie <vigie@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- Security -------------------------------------------------------------------------------------------------------
SESSION_COOKIE_NAME = "__Host-vigie" if IS_HTTPS else "vigie"
CSRF_COOKIE_NAME = "__Host-vigie-csrf" if IS_HTTPS else "vigie-csrf"
CSRF_FAILURE_VIEW = "core.views.csrf_failure"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 3600
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = IS_HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("BEHIND_TLS_PROXY") else None
SECURE_REDIRECT_EXEMPT = [r"^sante/"]
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF] + ([OIDC_URL] if OIDC_URL else []),
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}

# --- Questions a lower room asks of a higher one (dotted paths, in order; tests resolve each) -------------------------
REGISTRY_GATES = [
    "registry.services.gates.required_answers",
    "registry.services.gates.departure_accepted",
    "assessments.services.gates.assessments_done",
]
# Pages beside the sheet of a system: (system, person) → those that this person may open.
FILE_PAGES = ["assessments.services.file_pages.assessments_of"]
PUBLICATION_FACTS = [
    "registry.public.system_facts",
    "registry.public.detail_facts",
    "organizations.public.body_facts",
]
TODO_SOURCES = [
    "organizations.services.todo.waiting_for",
    "review.services.todo.waiting_for",
    "registry.services.todo.waiting_for",
    "registry.services.todo_coverage.waiting_for",
    "registry.services.todo_public.waiting_for",
    "assessments.services.todo.waiting_for",
]
# What a person may hold in a body and hands over when they leave; functions first.
HANDOVER_SOURCES = ["organizations.services.handover.FUNCTIONS", "registry.services.leads.SYSTEMS"]
# Field → its question, for the page that gives back what was typed without its form.
FIELD_LABELS = [
    "registry.serializers.labels.questions",
    "organizations.services.sheets.sheet_labels",
    "assessments.serializers.labels.questions",
]
# First things to do in a body, besides those of its sheet and its people.
SETUP_STEPS = ["registry.services.setup.first_things"]
REPORT_FIGURES: list[str] = []
# Jobs asked for, with its key, when a body took another name or took in another body.
SUCCESSION_JOBS = ["registry.tasks.follow_body"]
# Jobs asked for once a day: what is kept for a time only, what search counts, the files of the whole register, the
# figures of a year that is over.
DAILY_JOBS = [
    "registry.tasks.forget_old_words",
    "registry.tasks.tidy_search_index",
    "registry.tasks.make_public_files",
    "registry.tasks.show_coverage",
    "registry.tasks.keep_indicator",
]

# --- Logs -----------------------------------------------------------------------------------------------------------
LOG_LEVEL = env.choice("LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"))
LOGGING = logging_settings(LOG_LEVEL)
SILENCED_SYSTEM_CHECKS = [
    "auth.W004",  # the e-mail is unique whatever its capitals: a database constraint the check does not read
    "guardian.W001",  # guardian holds a table of exceptions (organizations/grants.py), never a sign-in backend
]
