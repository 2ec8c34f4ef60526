"""The command: the same act as the screens, dry unless it is told to write."""

import pytest
from django.core.management import CommandError, call_command

from imports.models import ImportRun
from tests.imports.factories import HEADER, csv_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path, communes):
    path = tmp_path / "liste.csv"
    path.write_bytes(csv_file([HEADER, ["60057", "", "", "", ""], ["60X01", "", "", "", ""]]))
    return path


def test_it_says_and_writes_nothing_unless_told(file, omar, opsn, capsys):
    call_command("import_file", "collectivites", file, by=omar.email, opsn=opsn.name)

    said = capsys.readouterr()
    assert "à rattacher : 1" in said.out
    assert "ligne 3, code_insee « 60X01 »" in said.err
    assert not opsn.collectivites.exists()
    assert ImportRun.objects.count() == 1


def test_it_writes_when_told(file, omar, opsn):
    call_command("import_file", "collectivites", file, by=omar.email, opsn=opsn.name, apply=True)

    assert opsn.collectivites.count() == 1


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"by": "nobody@nowhere.example"}, "Aucun compte"),
        ({"opsn": "Nulle part"}, "Aucun OPSN"),
        ({"kind": "communes", "opsn": None}, "ne pouvez pas importer"),
    ],
)
def test_it_refuses_who_may_not(file, omar, opsn, options, words):
    options = {"by": omar.email, "opsn": opsn.name, "kind": "collectivites"} | options

    with pytest.raises(CommandError, match=words):
        call_command("import_file", options.pop("kind"), file, **options)


def test_a_file_that_cannot_be_read_is_an_error(tmp_path, omar, opsn):
    path = tmp_path / "liste.xlsx"
    path.write_bytes(b"")

    with pytest.raises(CommandError, match="vide"):
        call_command("import_file", "collectivites", path, by=omar.email, opsn=opsn.name)
