"""All settings, from the environment. Each variable has a row in docs/settings.md."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from memsite import caches, csp, database, env, logging, mail, social

BASE_DIR = Path(__file__).resolve().parent.parent

# --- What the operator says -------------------------------------------------------------------------------------------
DEBUG = env.flag("MEMSITE_DEBUG")
DEMO = env.flag("MEMSITE_DEMO")
DEMO_PASSWORD = env.text("MEMSITE_DEMO_PASSWORD")
# On one's own machine: a secret made on the spot, plain HTTP, e-mails on the console, new accounts work at once.
LOCAL = DEBUG or DEMO
DATA_DIR = Path(env.text("MEMSITE_DATA_DIR", str(BASE_DIR / "var"))).absolute()
LLM_BASE_URL = env.text("MEMSITE_LLM_BASE_URL")
LLM_MODEL = env.text("MEMSITE_LLM_MODEL")
LLM_API_KEY = env.text("MEMSITE_LLM_API_KEY")
# Tokens that the model reads at once, and seconds that it may be silent.
LLM_CONTEXT = env.whole("MEMSITE_LLM_CONTEXT", 8192, least=2048)
LLM_TIMEOUT = env.number("MEMSITE_LLM_TIMEOUT", 60)
# mem0's hosted platform keeps the memories where a key is given; else our own tables do.
MEM0_API_KEY = env.text("MEM0_API_KEY")
MEM0_URL = env.text("MEMSITE_MEM0_URL", "https://api.mem0.ai")
# Seconds that one call may take, and that a page waits for what the platform does in its own time.
MEM0_TIMEOUT = env.number("MEMSITE_MEM0_TIMEOUT", 10)
MEM0_PATIENCE = env.number("MEMSITE_MEM0_PATIENCE", 4)
# Who turns texts into vectors: the offline one, or one of mem0's providers.
EMBEDDERS = "wordllama azure_openai aws_bedrock fastembed gemini huggingface lmstudio ollama openai together vertexai"
EMBEDDER = env.choice("MEMSITE_EMBEDDER", "wordllama", EMBEDDERS.split())
EMBEDDER_MODEL = env.text("MEMSITE_EMBEDDER_MODEL")
EMBEDDER_DIMS = env.whole("MEMSITE_EMBEDDER_DIMS", 0)
EMBEDDER_URL = env.text("MEMSITE_EMBEDDER_URL")
EMBEDDER_API_KEY = env.text("MEMSITE_EMBEDDER_API_KEY")
# How many memories one person can keep.
MEMORY_QUOTA = env.whole("MEMSITE_MEMORY_QUOTA", 10_000, least=1)
# How often a day one person's words go to the language model, replies and learning together; 0 is without limit.
MODEL_DAILY_TURNS = env.whole("MEMSITE_MODEL_DAILY_TURNS", 400)
# Multiplies how often people may send, search, export and import; 0 lifts these limits.
LIMITS = env.whole("MEMSITE_LIMITS", 1)
# How many reverse proxies of ours stand in front: their word on the visitor's address and on HTTPS is taken.
PROXIES = env.whole("MEMSITE_PROXIES", 0)
# How long the operator keeps backups of the database; receipts of erasure name the day by which the last one is gone.
BACKUP_DAYS = env.whole("MEMSITE_BACKUP_DAYS", 0)
# Who reads /metrics brings this; without it there is no such page.
METRICS_TOKEN = env.text("MEMSITE_METRICS_TOKEN")
# For how many minutes a superuser may read one person's memories, who is told at once; 0 is never.
BREAK_GLASS = env.whole("MEMSITE_BREAK_GLASS", 0)
SIGNUP_OPEN = env.flag("MEMSITE_SIGNUP", True)
LOG_LEVEL = env.choice("MEMSITE_LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR"))


def _private_folder(path: Path) -> Path:
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(f"MEMSITE_DATA_DIR={str(path)!r} cannot be made: {error.strerror}.") from error
    return path


def _secret_key() -> str:
    """The operator's, or on one's own machine one made on the spot and kept beside the data."""
    given = env.text("MEMSITE_SECRET_KEY")
    if given or not LOCAL:
        if len(given) < 50:
            raise ImproperlyConfigured("MEMSITE_SECRET_KEY is missing or shorter than 50 characters: set a random one.")
        return given
    path = DATA_DIR / "secret_key"
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(64))
    return path.read_text()


_private_folder(DATA_DIR)
SECRET_KEY = _secret_key()
ALLOWED_HOSTS = env.words("MEMSITE_ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"] if LOCAL else [])
if not ALLOWED_HOSTS:
    raise ImproperlyConfigured("MEMSITE_ALLOWED_HOSTS is missing: name the hosts that serve the site, with commas.")
if bool(LLM_BASE_URL) != bool(LLM_MODEL):
    raise ImproperlyConfigured("MEMSITE_LLM_BASE_URL and MEMSITE_LLM_MODEL go together: set both or neither.")
if BREAK_GLASS > 240:
    raise ImproperlyConfigured("MEMSITE_BREAK_GLASS is in minutes, at most 240: a view that stays open is a window.")
if not MEM0_URL.startswith("https://") and not (LOCAL and MEM0_URL.startswith("http://")):
    raise ImproperlyConfigured("MEMSITE_MEM0_URL has to begin with https://: the key and people's words go there.")

# --- Django -----------------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "memsite",
    "accounts",
    "memories",
    "django.forms",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "csp",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    # Always there, so that what was connected is erased and shown also after a service is taken out of the settings;
    # without a service no page leads here.
    "allauth.socialaccount",
    "allauth.socialaccount.providers.google",
    "allauth.socialaccount.providers.github",
    "allauth.socialaccount.providers.openid_connect",
]
MIDDLEWARE = [
    "memsite.requests.identify",
    "memsite.headers.harden",
    "memsite.bodies.refuse",
    "memsite.health.answer",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "memsite.files.FilesMiddleware",
    "memsite.programs.NoCookiesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.seen.SeenMiddleware",
    "accounts.leaving.LeavingMiddleware",
    "accounts.staff.SecondFactorMiddleware",
    "accounts.passkeys.MalformedPasskeyMiddleware",
    "accounts.proofs.FreshProofMiddleware",
    "memories.limits.LimitMiddleware",
    "memories.middleware.MemoryMiddleware",
]
ROOT_URLCONF = "memsite.urls"
ASGI_APPLICATION = "memsite.asgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
DATABASES = {"default": database.configured(env.text("DATABASE_URL"), DATA_DIR)}
# How the tables' owner logs in, where that is another than who runs the site: docs/postgresql.md.
MIGRATE_LOGIN = database.migrating(env.text("MEMSITE_MIGRATE_URL"), DATABASES["default"])
CACHES = {"default": caches.configured(env.text("CACHE_URL"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGE_CODE, TIME_ZONE, USE_TZ, USE_I18N = "en", "UTC", True, True
FORMAT_MODULE_PATH = "memsite.formats"
# On one's own machine files come straight from their folders; elsewhere `collectstatic` gathers them, hashed.
STATIC_URL, STATIC_ROOT = "/static/", None if LOCAL else BASE_DIR / "staticfiles"
WHITENOISE_USE_FINDERS = LOCAL
# Other sites' pages have no use for our files.
WHITENOISE_ALLOW_ALL_ORIGINS = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if LOCAL
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "memsite.uploads.UnnamedFileUploadHandler",
]
CONTENT_SECURITY_POLICY = csp.POLICY
LOGGING = logging.configured(LOG_LEVEL, words=DEBUG)
DEFAULT_EXCEPTION_REPORTER_FILTER = "memsite.logging.NoContentFilter"
FORM_RENDERER = "memsite.forms.Renderer"

# --- Who you are ------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
# Sessions know their person, so that erasing an account ends them all.
SESSION_ENGINE = "accounts.sessions"
# What the next page is to say goes with the session: in a cookie of its own, as by default, it waited for whoever
# signed in next on the same browser.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [{"NAME": "accounts.passwords.PasswordValidator"}]
LOGIN_URL, LOGIN_REDIRECT_URL, LOGOUT_REDIRECT_URL = "account_login", "memories:chat", "home"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_VERIFICATION = "none" if LOCAL else "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = not LOCAL
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGOUT_ON_GET = False
# By network alone where someone else's address is typed: a limit on the address would let anyone lock its owner out.
ACCOUNT_RATE_LIMITS = {"reset_password": "5/m/ip,30/d/ip", "signup": "10/m/ip,100/d/ip"}
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "signup": "accounts.forms.SignUpForm",
    "change_password": "accounts.forms.NewPasswordForm",
    "set_password": "accounts.forms.FirstPasswordForm",
    "reset_password_from_key": "accounts.forms.ForgottenPasswordForm",
}
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ALLAUTH_TRUSTED_PROXY_COUNT = PROXIES
USERSESSIONS_TRACK_ACTIVITY = True
MFA_ADAPTER = "accounts.factors.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
# A passkey alone opens the account for good, so the address is confirmed first; on one's own machine none is.
MFA_PASSKEY_SIGNUP_ENABLED = not LOCAL
MFA_ALLOW_UNVERIFIED_EMAIL = LOCAL
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = "memsite"
# The code before and after also count: clocks differ.
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {"add_webauthn": "accounts.forms.AddPasskeyForm"}
# Sign-in with an account elsewhere: which services, none by default; nothing they hand out is kept.
SOCIALACCOUNT_PROVIDERS = social.configured(local=LOCAL)
SOCIALACCOUNT_ADAPTER = "accounts.social.SocialAdapter"
SOCIALACCOUNT_STORE_TOKENS = SOCIALACCOUNT_EMAIL_AUTHENTICATION = SOCIALACCOUNT_LOGIN_ON_GET = False
# Routes whose POST waits for a fresh proof of who one is; those that answer with a file.
FRESH_PROOF_FILES = {"memories:export", "memories:activity_export"}
FRESH_PROOF_POSTS = {
    *FRESH_PROOF_FILES,
    "memories:wipe_memories",
    "memories:wipe_conversations",
    "memories:wipe_account",
    "memories:keys",
    # What an administrator does to somebody's account.
    "admin:person_act",
    "admin:break_glass",
    "admin:accounts_user_delete",
    "admin:accounts_user_changelist",
    # Signed in, these connect and disconnect.
    "google_login",
    "github_login",
    "openid_connect_login",
    "socialaccount_connections",
}
# Pages that wait for it before anything is typed: what is sent there must not be kept waiting in a session.
FRESH_PROOF_PAGES = {"account_set_password"}
# Routes that allauth guards itself, except for an account that has nothing it could ask for.
FRESH_PROOF_FACTORS = {
    "account_email",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_generate_recovery_codes",
    "mfa_add_webauthn",
    "mfa_edit_webauthn",
    "mfa_remove_webauthn",
}

# --- Cookies and transport --------------------------------------------------------------------------------------------
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = not LOCAL
# A browser takes a `__Host-` cookie over HTTPS alone, from this very host, for all of it.
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = [f"{'' if LOCAL else '__Host-'}{name}" for name in ("sessionid", "csrftoken")]
SECURE_HSTS_SECONDS = 0 if LOCAL else 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not LOCAL
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXIES else None
X_FRAME_OPTIONS = "DENY"

# --- E-mail -----------------------------------------------------------------------------------------------------------
_MAIL = mail.configured(env.text("MEMSITE_EMAIL_URL"), local=LOCAL)
EMAIL_BACKEND, EMAIL_HOST, EMAIL_PORT = _MAIL.backend, _MAIL.host, _MAIL.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _MAIL.user, _MAIL.password
EMAIL_USE_TLS, EMAIL_USE_SSL, EMAIL_TIMEOUT = _MAIL.starttls, _MAIL.tls, 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.text("MEMSITE_EMAIL_FROM", "memsite@localhost")
