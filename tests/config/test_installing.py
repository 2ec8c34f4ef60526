"""The files of an instance (compose.yaml, Caddyfile, .env.example) agree with the code, and with one another."""

import os
import re
import subprocess
import sys

import yaml
from django.conf import settings

ROOT = settings.BASE_DIR
# Says, for each address, by which view the development server answers, and whether visitors may ask.
RESOLVE = """
import sys
import django
django.setup()
from django.urls import Resolver404, resolve
for address in sys.argv[1:]:
    try:
        view = resolve(address).func
        print(view.__module__, getattr(view, "login_required", True))
    except Resolver404:
        print("nothing there")
"""


def services() -> dict:
    return yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"]


def test_caddy_reads_the_media_of_the_site_and_publishes_its_images_alone():
    caddy = services()["caddy"]
    text = (ROOT / "Caddyfile").read_text(encoding="utf-8")

    assert "media:/srv/eco-clic/media" in services()["web"]["volumes"]
    assert "media:/srv/eco-clic/media:ro" in caddy["volumes"]
    assert "./Caddyfile:/etc/caddy/Caddyfile:ro" in caddy["volumes"]
    assert not any(volume.startswith("private:") for volume in caddy["volumes"])
    assert re.findall(r"handle_path (\S+)", text) == ["/media/images/*"]
    assert re.findall(r"root \* (\S+)", text) == ["/srv/eco-clic/media/images"]


def test_a_shell_reads_the_example_as_systemd_and_docker_compose_do():
    """All three take away the quotes, and leave what they hold as it is."""
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    written = dict(re.findall(r"^(\w+)=(.*)$", text, re.MULTILINE))

    done = subprocess.run(
        ["/bin/sh", "-ec", "set -a; . ./.env.example; set +a; env"],
        cwd=ROOT,
        env={},
        capture_output=True,
        text=True,
        check=True,
    )

    read = dict(line.split("=", 1) for line in done.stdout.splitlines())
    assert {name: read[name] for name in written} == {
        name: value.strip("'") for name, value in written.items()
    }
    assert written["DEFAULT_FROM_EMAIL"] == "'Éco-clic <ne-pas-repondre@exemple.fr>'"


def test_a_folder_left_empty_is_the_one_that_the_backups_copy():
    variables = {"SECRET_KEY": "x" * 50, "SITE_HOST": "a.example", "DATABASE_URL": "sqlite://"}
    mail = {"EMAIL_HOST": "a.example", "DEFAULT_FROM_EMAIL": "a@a.example"}
    done = subprocess.run(
        [sys.executable, "-c", "from config.settings import production as p; print(p.MEDIA_ROOT)"],
        cwd=ROOT,
        env={**os.environ, **variables, **mail, "MEDIA_ROOT": ""},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.strip() == str(ROOT / "media")


def test_the_development_server_shows_images_and_neither_originals_nor_documents():
    addresses = [f"/media/{name}/a.png" for name in ("images", "original_images", "documents")]
    done = subprocess.run(
        [sys.executable, "-c", RESOLVE, *addresses],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.dev", "DEBUG": "1"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.splitlines() == ["django.views.static False"] + ["nothing there"] * 2


def test_in_development_mails_point_to_the_port_that_is_served():
    done = subprocess.run(
        [sys.executable, "-c", "from config.settings import dev; print(dev.WAGTAILADMIN_BASE_URL)"],
        cwd=ROOT,
        env={**os.environ, "PORT": "8123"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.strip() == "http://localhost:8123"
