"""French quotation marks hold their text: no template writes a plain space inside them."""

import re

import pytest
from django.conf import settings

LOOSE = re.compile(r"« | »")
TEMPLATES = sorted(path for path in (settings.BASE_DIR / "templates").rglob("*") if path.is_file())


@pytest.mark.parametrize(
    "path", TEMPLATES, ids=lambda path: str(path.relative_to(settings.BASE_DIR))
)
def test_a_template_writes_no_plain_space_inside_quotation_marks(path):
    lines = path.read_text().splitlines()

    assert [number for number, line in enumerate(lines, start=1) if LOOSE.search(line)] == []
