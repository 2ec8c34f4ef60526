"""The nightly retention applies every rule, and says which one failed."""

import pytest
from django.core.management import CommandError, call_command
from django.db.models import ProtectedError

from config.management.commands import apply_retention


def held(*, at, dry):
    raise ProtectedError("held by Olive Martin", set())


def test_a_rule_that_fails_is_named_and_stops_no_other(monkeypatch, capsys):
    rules = (
        ("comptes effacés", held),
        ("lignes effacées", lambda *, at, dry: 3),
        ("jetons effacés", held),
    )
    monkeypatch.setattr(apply_retention, "RULES", rules)

    with pytest.raises(CommandError) as told:
        call_command("apply_retention")

    assert capsys.readouterr().out == "3 lignes effacées\n"
    assert str(told.value) == (
        "Règles en échec, les autres sont passées : "
        "comptes effacés (ProtectedError), jetons effacés (ProtectedError)."
    )


def test_rules_that_all_pass_end_well(monkeypatch, capsys):
    monkeypatch.setattr(apply_retention, "RULES", (("lignes effacées", lambda *, at, dry: 0),))

    call_command("apply_retention")

    assert capsys.readouterr().out == "0 lignes effacées\n"
