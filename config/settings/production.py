"""Production, from the environment only. Refuses to start on a missing secret or on DEBUG.

The table of variables is in docs/deployment.md.
"""

import os
from email.utils import parseaddr

from django.core.exceptions import ImproperlyConfigured

from .base import *
from .base import database


def required(name: str) -> str:
    """Return an environment variable; raises ImproperlyConfigured with its name when it is missing."""
    value = os.environ.get(name, "").strip()
    if not value:
        raise ImproperlyConfigured(
            f"La variable d’environnement {name} est obligatoire (voir docs/deployment.md)."
        )
    return value


if os.environ.get("DEBUG", "0").strip().lower() not in {"", "0", "false", "no"}:
    raise ImproperlyConfigured("DEBUG ne doit jamais être activé en production.")
DEBUG = False

SECRET_KEY = required("SECRET_KEY")
if len(SECRET_KEY) < 50:
    raise ImproperlyConfigured("SECRET_KEY doit compter au moins 50 caractères.")
SITE_HOST = required("SITE_HOST")
ALLOWED_HOSTS = [host.strip() for host in SITE_HOST.split(",")]
if "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("SITE_HOST nomme le domaine exact, jamais « * ».")
WAGTAILADMIN_BASE_URL = f"https://{ALLOWED_HOSTS[0]}"
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS]
DATABASES = {"default": database(required("DATABASE_URL"))}

EMAIL_HOST = required("EMAIL_HOST")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "587"))
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("EMAIL_USE_TLS", "1") == "1"
DEFAULT_FROM_EMAIL = required("DEFAULT_FROM_EMAIL")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
NATIONAL_CONTACT_EMAIL = (
    os.environ.get("NATIONAL_CONTACT_EMAIL") or parseaddr(DEFAULT_FROM_EMAIL)[1]
)

MEDIA_ROOT = os.environ.get("MEDIA_ROOT") or MEDIA_ROOT
PRIVATE_MEDIA_ROOT = os.environ.get("PRIVATE_MEDIA_ROOT") or PRIVATE_MEDIA_ROOT

SECURE_SSL_REDIRECT = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https"
# How many proxies of ours stand before gunicorn: limits count the visitor's address, not a forged one.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("TRUSTED_PROXY_COUNT", "1"))
