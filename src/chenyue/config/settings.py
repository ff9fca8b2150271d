"""Settings of one installation. What differs between offices is data, not settings."""

import os
from pathlib import Path

from chenyue.core import sqlite_fixed

sqlite_fixed.install()

import dj_database_url  # noqa: E402
from csp.constants import NONE, SELF  # noqa: E402
from django.utils.translation import gettext_lazy as _  # noqa: E402

from chenyue.core import secrets  # noqa: E402

ROOT = Path(__file__).resolve().parents[3]
HOME = Path(os.environ.get("CHENYUE_HOME", ROOT / "var")).resolve()
SECRETS = secrets.load(HOME)

SECRET_KEY = SECRETS["secret_key"]
DEBUG = False
# A demo office shows the cast's page and signs anyone in; a real one never does.
DEMO = os.environ.get("CHENYUE_DEMO") == "1"
ALLOWED_HOSTS = os.environ.get("CHENYUE_HOSTS", "*").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("CHENYUE_ORIGINS", "").split(",") if o]
HTTPS = os.environ.get("CHENYUE_HTTPS") == "1"
# Hosts (or host:port) that may be called though they are inside a network, or speak plain http; see core.calling.
OUTBOUND_HOSTS = [host for host in os.environ.get("CHENYUE_OUTBOUND_HOSTS", "").split(",") if host]
# Web processes of `manage.py serve`: one for each core, since Python keeps one core busy; see docs/adr/0013.
CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
WEB = max(1, int(os.environ.get("CHENYUE_WEB") or min(CORES, 4)))

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "template_partials.apps.SimpleAppConfig",
    "csp",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "django_q",
    "chenyue.core",
    "chenyue.workdays",
    "chenyue.places",
    "chenyue.people",
    "chenyue.timeline",
    "chenyue.notify",
    "chenyue.catalogue",
    "chenyue.stewards",
    "chenyue.triage",
    "chenyue.cases",
    "chenyue.followup",
    "chenyue.reception",
    "chenyue.works",
    "chenyue.mediation",
    "chenyue.volunteering",
    "chenyue.bulletin",
    "chenyue.insight",
    "chenyue.gateway",
    "chenyue.portal",
    "chenyue.desk",
    "chenyue.upkeep",
    "chenyue.demo",
    "chenyue.wiring.Wiring",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "chenyue.core.middleware.Policy",
    "chenyue.core.middleware.RequestIds",
    "chenyue.core.middleware.Headers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "chenyue.core.language.ChosenLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "chenyue.people.middleware.SessionRules",
    "chenyue.core.middleware.Refusals",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "chenyue.config.urls"
WSGI_APPLICATION = "chenyue.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "chenyue.core.fixed.Loader",
                            ["django.template.loaders.app_directories.Loader"],
                        )
                    ],
                )
            ],
            "builtins": [
                "template_partials.templatetags.partials",
                "django.templatetags.i18n",
                "django.templatetags.static",
                "chenyue.core.templatetags.chenyue",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "chenyue.core.context.page",
            ],
        },
    }
]

FORM_RENDERER = "chenyue.core.widgets.Renderer"

DATABASES = {
    "default": (
        dj_database_url.parse(os.environ["DATABASE_URL"], conn_max_age=600, conn_health_checks=True)
        if os.environ.get("DATABASE_URL")
        else {
            "ENGINE": "chenyue.core.db.sqlite",
            "NAME": str(HOME / "chenyue.sqlite3"),
            "CONN_MAX_AGE": None,
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20},
        }
    )
}
if DATABASES["default"]["ENGINE"].endswith("postgresql"):
    # Seconds; a machine that is gone refuses nothing and answers nothing, and people wait meanwhile.
    # And never one that only reads: among several machines, whoever is asked may just have stopped leading.
    patience = {"connect_timeout": 3, "target_session_attrs": "read-write"}
    DATABASES["default"]["OPTIONS"] = patience | DATABASES["default"].get("OPTIONS", {})
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "people.Member"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "chenyue.people.backend.Members",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "chenyue.people.passwords.OfficeWords"},
]
LOGIN_URL = "people:sign-in"
LOGIN_REDIRECT_URL = "desk:my-desk"
AXES_FAILURE_LIMIT = 6
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "chenyue.people.lockout.locked_out"
AXES_VERBOSE = False

SESSION_ENGINE = "chenyue.people.session_store"
SESSION_COOKIE_NAME = "__Host-chenyue_session" if HTTPS else "chenyue_session"  # as core.cookies names the others
CSRF_COOKIE_HTTPONLY = True  # scripts take the token from the form
CSRF_COOKIE_NAME = "__Host-csrftoken" if HTTPS else "csrftoken"
LANGUAGE_COOKIE_NAME = "__Host-chenyue_language" if HTTPS else "django_language"
LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 12 * 3600  # a working day; idle sessions end after IDLE_MINUTES
IDLE_MINUTES = int(os.environ.get("CHENYUE_IDLE_MINUTES", "30"))
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "chenyue.core.views.stale_form"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("zh-hant", _("Traditional Chinese")), ("en", _("English"))]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True
FORMAT_MODULE_PATH = ["chenyue.core.formats"]

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
WHITENOISE_ALLOW_ALL_ORIGINS = False  # no other site has any use for them
MEDIA_ROOT = HOME / "files"
STORAGES = {
    "default": {"BACKEND": "chenyue.core.stored.SyncedStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 40
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

EMAIL_BACKEND = os.environ.get("CHENYUE_EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend")
EMAIL_HOST = os.environ.get("CHENYUE_EMAIL_HOST", "localhost")
DEFAULT_FROM_EMAIL = os.environ.get("CHENYUE_EMAIL_FROM", "chenyue@localhost")

Q_CLUSTER = {
    "name": "chenyue",
    "orm": "default",
    "workers": 1,
    "timeout": 1500,
    "retry": 1800,
    "max_attempts": 5,
    "ack_failures": False,
    "bulk": 1,
    "poll": 1,
    "save_limit": 500,
    "label": "Jobs",
    "catch_up": False,
}

LOG_LEVEL = os.environ.get("CHENYUE_LOG_LEVEL", "INFO")
LOGGING_CONFIG = "chenyue.core.logs.configure"
LOGGING = {"level": LOG_LEVEL}

SILENCED_SYSTEM_CHECKS = ["models.W042"]

# Many offices on one PostgreSQL, a schema each; see docs/city.md. Unless it is asked for, nothing of it is loaded.
CITY = os.environ.get("CHENYUE_CITY") == "1"
if CITY:
    from chenyue.config import city

    globals().update(city.settings(globals()))
