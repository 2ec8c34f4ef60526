"""Development on one's own machine, and `make run`: SQLite, mails on the console, no secret."""

import os

from .base import *
from .base import VAR_DIR, database

DEBUG = os.environ.get("DEBUG", "1") == "1"
SECRET_KEY = "for-development-only-never-in-production"  # noqa: S105 - not a secret
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
DATABASES = {
    "default": database(
        os.environ.get("DATABASE_URL") or f"sqlite:///{VAR_DIR / 'eco-clic.sqlite3'}"
    )
}
EMAIL_BACKEND = "config.mail.ConsoleBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
# The demonstration accounts open the back office without a telephone at hand.
SECOND_FACTOR_REQUIRED = os.environ.get("SECOND_FACTOR_REQUIRED") == "1"
DEMO_DATA = True
WAGTAILADMIN_BASE_URL = f"http://localhost:{os.environ.get('PORT', '8000')}"  # as `make run PORT=…`
TASKS_IN_A_THREAD = True  # no worker beside `make run`
