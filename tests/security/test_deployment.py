"""Production starts with what it needs, and with nothing else."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
COMPLETE = {
    "DJANGO_SETTINGS_MODULE": "config.settings.production",
    "SECRET_KEY": "une-clé-de-cinquante-caractères-au-moins-pour-essayer-0123456789",
    "SITE_HOST": "eco-clic.example",
    "DATABASE_URL": "sqlite:///:memory:",
    "EMAIL_HOST": "localhost",
    "DEFAULT_FROM_EMAIL": "Éco-clic <ne-pas-repondre@eco-clic.example>",
}
# Prints, for each request of a line « host path », the answer and its headers.
ASK = """
import json, sys, warnings
warnings.simplefilter("ignore")
import django
from django.conf import settings
settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
django.setup()
from django.test import Client
host, path, scheme = sys.argv[1:]
answer = Client(raise_request_exception=False).get(path, HTTP_HOST=host, secure=scheme == "https")
print(json.dumps({"status": answer.status_code, **answer.headers}))
"""


def run(*command: str, **environment: str | None) -> subprocess.CompletedProcess:
    """Run Python in an environment of its own; None takes a variable away."""
    wanted = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **COMPLETE, **environment}
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env={name: value for name, value in wanted.items() if value is not None},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_checks_of_deployment_pass():
    done = run("manage.py", "check", "--deploy", "--fail-level", "WARNING")

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("SECRET_KEY", None, "SECRET_KEY est obligatoire"),
        ("SECRET_KEY", "", "SECRET_KEY est obligatoire"),
        ("SECRET_KEY", "trop-courte", "au moins 50 caractères"),
        ("SITE_HOST", None, "SITE_HOST est obligatoire"),
        ("SITE_HOST", "eco-clic.example,*", "jamais « * »"),
        ("DATABASE_URL", None, "DATABASE_URL est obligatoire"),
        ("DEBUG", "1", "DEBUG ne doit jamais"),
        ("DEBUG", "true", "DEBUG ne doit jamais"),
    ],
)
def test_it_refuses_to_start_and_says_why(name, value, sentence):
    done = run("-c", "import config.settings.production", **{name: value})

    assert done.returncode != 0
    assert sentence in done.stderr
    assert "Django" not in done.stdout


def test_an_unknown_host_is_refused_with_the_headers_of_every_page_and_without_a_database():
    done = run("-c", ASK, "evil.example", "/", "https")

    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["status"] == 400
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert answer["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
    assert "evil.example" not in done.stdout


def test_a_page_asked_in_clear_is_asked_again_in_https():
    done = run("-c", ASK, "eco-clic.example", "/compte/connexion/", "http")

    assert '"status": 301' in done.stdout, done.stderr
    assert '"Location": "https://eco-clic.example/compte/connexion/"' in done.stdout


def test_cookies_go_over_https_only_and_to_this_host_only():
    show = "from django.conf import settings as s; print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SESSION_COOKIE_HTTPONLY, s.CSRF_COOKIE_HTTPONLY, s.SESSION_COOKIE_SAMESITE, s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME)"

    assert run("-c", show).stdout.split() == [
        *["True"] * 4,
        "Lax",
        "__Host-sessionid",
        "__Host-csrftoken",
    ]
