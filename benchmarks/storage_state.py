"""Log a demonstration account into a running server, second factor included, and keep its cookies for benchmarks.pages.

    DATABASE_URL=… .venv/bin/python -m benchmarks.storage_state http://127.0.0.1:8001 omar@demo.example omar.json

The account gets an authenticator application in that database, then goes through both forms as a person would: nothing of
production is lifted. The demonstration never goes into production.
"""

import http.cookiejar
import json
import os
import re
import sys
import time
import urllib.parse
import urllib.request
from pathlib import Path

import django

PASSWORD = "eco-clic-demo"  # noqa: S105 - that of config/demo.py
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


def enrol(email: str) -> str:
    """Give the account a new authenticator application, and return its code of this moment."""
    from allauth.mfa.models import Authenticator
    from allauth.mfa.totp.internal import auth

    from accounts.models import User

    user, secret = User.objects.get(email=email), auth.generate_totp_secret()
    Authenticator.objects.filter(user=user).delete()
    auth.TOTP.activate(user, secret)
    counter = int(time.time()) // 30
    return auth.format_hotp_value(auth.hotp_value(secret, counter))


def log_in(base: str, email: str) -> list[dict]:
    """Go through both forms; return the cookies as Playwright keeps them."""
    jar = http.cookiejar.CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    page, address = fetch(opener, f"{base}/compte/connexion/")
    page, address = fetch(opener, address, page, login=email, password=PASSWORD)
    if "/second-facteur/" not in address:
        sys.exit(f"no second factor was asked at {address}")
    page, address = fetch(opener, address, page, code=enrol(email))
    if "/compte/" in address:
        sys.exit(f"not logged in: still at {address}")
    keys = {"path": "/", "expires": -1, "secure": False, "sameSite": "Lax"}
    return [{"name": c.name, "value": c.value, "domain": c.domain, **keys} for c in jar]


def fetch(opener, address: str, page: str = "", **values: str) -> tuple[str, str]:
    """Read an address, or send it its own form, with the token of the page."""
    data = None
    if values:
        values["csrfmiddlewaretoken"] = TOKEN.search(page)[1]
        data = urllib.parse.urlencode(values).encode()
    request = urllib.request.Request(address, data, {"Referer": address})  # noqa: S310 - our own server
    with opener.open(request) as answer:
        return answer.read().decode(), answer.url


if __name__ == "__main__":
    base, email, path = sys.argv[1:]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    django.setup()
    enrol(email)  # so that the second form is asked
    Path(path).write_text(json.dumps({"cookies": log_in(base, email), "origins": []}))
