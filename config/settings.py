"""All settings; everything that differs between installations comes from the environment."""

from datetime import timedelta
from pathlib import Path

import django_stubs_ext
from csp.constants import NONCE, NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from config import env, unfold

django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.text("DATA_DIR", str(BASE_DIR / "var"))).resolve()

DEBUG = env.flag("DEBUG", default=False)
IS_DEMO = env.flag("DEMO", default=False)
PORT = env.number("PORT", 8000, low=1, high=65535)
SITE_URL = env.url("SITE_URL", f"http://localhost:{PORT}", schemes=("http", "https")).rstrip("/")
SITE_NAME = env.text("SITE_NAME", "Hearback")
ALLOWED_HOSTS = env.names("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = [SITE_URL]
IS_HTTPS = SITE_URL.startswith("https://")

SECRET_KEY = env.text("SECRET_KEY")
if not SECRET_KEY and IS_HTTPS:
    raise ImproperlyConfigured("SECRET_KEY must be set: any long random text, kept secret.")
# Web and worker must sign alike, and links must outlive them: on a laptop a file does it.
SECRET_KEY = SECRET_KEY or env.kept_secret(DATA_DIR / "secret-key")
SECRET_KEY_FALLBACKS = env.names("SECRET_KEY_FALLBACKS", "")

INSTALLED_APPS = [
    "unfold.apps.BasicAppConfig",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "config.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_filters",
    "django_htmx",
    "rest_framework",
    "knox",
    "drf_spectacular",
    "csp",
    "backlog",
    "council",
]
AUTH_USER_MODEL = "backlog.User"
AUTHENTICATION_BACKENDS = [
    "backlog.auth.backend.RoleBackend",  # First: it answers nearly every question from memory.
    "django.contrib.auth.backends.ModelBackend",
]
KNOX_TOKEN_MODEL = "backlog.ApiToken"  # noqa: S105 -- a model, not a secret
# Its migrations would only make the table of the model that ours replaces.
MIGRATION_MODULES = {"knox": None}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

MIDDLEWARE = [
    "config.middleware.RequestIds",
    "config.middleware.PermissionsPolicy",
    "config.middleware.Private",
    "config.proxies.Proxies",
    "django.middleware.security.SecurityMiddleware",
    "config.compression.Compression",
    "config.errors.Errors",
    "config.conditional.Conditional",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "config.addresses.Addresses",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "backlog.pages.preferences.Preferences",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 2**20  # A thousand pieces of feedback in one request.
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": ["config.templates.Loader"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.navigation.context",
            ],
        },
    }
]

DATABASES = {"default": env.database("DATABASE_URL", f"sqlite:///{DATA_DIR}/hearback.sqlite3")}

REDIS_URL = env.text("REDIS_URL")
if REDIS_URL:
    env.url("REDIS_URL", "", schemes=("redis", "rediss", "unix"))
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URL,
            "KEY_PREFIX": "hearback",
            "OPTIONS": {"socket_timeout": 2, "socket_connect_timeout": 2},
        }
    }
else:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "OPTIONS": {"MAX_ENTRIES": 20_000},
        }
    }

# What is owed is in the database; the broker only carries nudges and may forget all of them.
CELERY_BROKER_URL = REDIS_URL or "filesystem://"
if REDIS_URL:
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object] = {"visibility_timeout": 3600}
else:
    CELERY_BROKER_TRANSPORT = "config.broker:Transport"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(DATA_DIR / "broker"),
        "data_folder_out": str(DATA_DIR / "broker"),
        "control_folder": str(DATA_DIR / "broker" / "control"),
    }
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 600
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "UTC"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "celerybeat-schedule")

EMAIL_PROVIDER = ""
ANYMAIL: dict[str, object] = {}
vars().update(env.mail("EMAIL_URL", "mailbox:"))
MAILBOX_DIR = DATA_DIR / "mailbox"
EMAIL_TIMEOUT = env.number("EMAIL_TIMEOUT", 10, low=1, high=30)
ANYMAIL = {"REQUESTS_TIMEOUT": (EMAIL_TIMEOUT, 60), **ANYMAIL}  # to connect, to answer
QUIET_HOURS = env.hours("QUIET_HOURS")
EMAIL_PER_MINUTE = env.limit("EMAIL_PER_MINUTE")
EMAIL_PER_MINUTE_AND_DOMAIN = env.limit("EMAIL_PER_MINUTE_AND_DOMAIN")
PRIVATE_ENDPOINTS = env.flag("PRIVATE_ENDPOINTS", default=False)
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM", f"{SITE_NAME} <hearback@localhost>")

LANGUAGE_CODE = env.choice("LANGUAGE_CODE", "ko", among=("ko", "en"))
LANGUAGES = [("ko", _("Korean")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = env.zone("TIME_ZONE", "Asia/Seoul")
USE_TZ = True
FORMAT_MODULE_PATH = "config.formats"

STATIC_URL = "static/"
STATIC_ROOT = Path(
    env.text("STATIC_ROOT", str(DATA_DIR / "static" if IS_DEMO else BASE_DIR / "staticfiles"))
)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "config.static_files.Storage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_ROOT = BASE_DIR / "public"  # What is asked for at the root: icon and robots.txt.
# Where nobody has collected them, they are served from where they are.
WHITENOISE_USE_FINDERS = DEBUG or not (STATIC_ROOT / "staticfiles.json").is_file()

# How many proxies in front of us may be believed about who calls.
PROXIES = env.number("PROXIES", 1 if IS_HTTPS else 0, low=0, high=10)
API_CALLS_PER_MINUTE = env.number("API_CALLS_PER_MINUTE", 600, low=1, high=1_000_000)
API_STRANGERS_CALLS_PER_MINUTE = env.number(
    "API_STRANGERS_CALLS_PER_MINUTE", 60, low=1, high=1_000_000
)

LOGIN_URL = reverse_lazy("admin:login")
LOGIN_REDIRECT_URL = "/"
PASSWORD_RESET_TIMEOUT = 3 * 86_400  # Also what an invitation is good for.
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AUTH_PASSWORD_VALIDATORS.append({"NAME": "backlog.forms.passwords.EndTokens"})

SECURE_SSL_REDIRECT = IS_HTTPS
# Whatever watches the processes asks them without TLS.
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz)$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_HTTPS
SECURE_HSTS_PRELOAD = IS_HTTPS
SESSION_COOKIE_SECURE = IS_HTTPS
CSRF_COOKIE_SECURE = IS_HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SECURE = IS_HTTPS
X_FRAME_OPTIONS = "DENY"
# The admin's shell needs eval for Alpine.js and inline styles; see docs/decisions. Customers' pages
# replace this with a strict policy (backlog.pages.base.strict_csp).
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE, UNSAFE_EVAL],
        "style-src": [SELF, UNSAFE_INLINE],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

UNFOLD = unfold.shell(site_name=SITE_NAME)
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "backlog.api.framework.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["backlog.api.framework.rendering.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "backlog.api.framework.schema.Schema",
    "DEFAULT_PAGINATION_CLASS": "backlog.api.framework.paging.KeysetPagination",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "EXCEPTION_HANDLER": "backlog.api.framework.problems.exception_handler",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
REST_KNOX = {
    "TOKEN_TTL": timedelta(days=365),
    "AUTH_HEADER_PREFIX": "Bearer",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Hearback API",
    "VERSION": "1",
    "DESCRIPTION": "What customers said, what became of it, and who was told. "
    "Every error is problem details (RFC 9457).",
    "LICENSE": {"name": "Apache 2.0", "identifier": "Apache-2.0"},
    "SERVERS": [{"url": "/", "description": "This installation"}],
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "backlog.api.framework.examples.add_examples",
        "backlog.api.framework.line.declare_tags",
        "backlog.api.framework.sharing.share",
    ],
    # Codes speak for themselves; their labels would come in the language of whoever asks.
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENUM_NAME_OVERRIDES": {
        "AccountKind": "backlog.models.Account.Kind",
        "ActionItemStatus": "council.models.ActionItem.Status",
        "AgendaItemKind": "council.models.AgendaItem.Kind",
        "AgendaItemStatus": "council.models.AgendaItem.Status",
        "ConsentBasis": "backlog.models.Consent.Basis",
        "ConsentPurpose": "backlog.models.Consent.Purpose",
        "DeliveryStatus": "backlog.models.WebhookDelivery.Status",
        "DecisionStatus": "council.models.Decision.Status",
        "InvitationAnswer": "council.models.Invitation.Answer",
        "PredictionResult": "council.models.Prediction.Result",
        "StanceAnswer": "council.models.Stance.Answer",
        "ReasonCode": "council.models.Decision.ReasonCode",
        "EndpointForm": "backlog.models.Endpoint.Form",
        "EventKind": "backlog.models.endpoints.EventKind",
        "Importance": "backlog.models.Evidence.Importance",
        "JourneyStage": "backlog.models.Feedback.JourneyStage",
        "Language": "backlog.models.Language",
        "Level": "backlog.models.Account.ChurnRisk",
        "MeetingStatus": "council.models.Meeting.Status",
        "NoticeStatus": "backlog.models.Notice.Status",
        "ObligationStatus": "backlog.models.Obligation.Status",
        "OutcomeResult": "backlog.models.Outcome.Result",
        "ReadingKind": "backlog.models.Reading.Kind",
        "Relation": "backlog.models.Feedback.Relation",
        "ReplyVerdict": "backlog.models.Reply.Verdict",
        "ReportKind": "backlog.operations.bounces.Kind",
        "Rhythm": "backlog.models.Customer.Rhythm",
        "RequestStatus": "backlog.models.RequestStatus",
        "SourceKind": "backlog.models.Source.Kind",
        "SprintStatus": "backlog.models.Sprint.Status",
        "SuggestionKind": "backlog.models.Suggestion.Kind",
        "Verdict": "council.models.Decision.Verdict",
    },
}

LOG_LEVEL = env.choice("LOG_LEVEL", "INFO", among=("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"))
LOGGING_CONFIG = "config.logs.configure"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "config.middleware.RequestIdFilter"}},
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name} [{request_id}] {message}", "style": "{"}
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "filters": ["request_id"],
            "formatter": "line",
        }
    },
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    # It tells each step of each page of a PDF.
    "loggers": {"weasyprint": {"level": "ERROR"}},
}
