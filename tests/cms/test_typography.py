import pytest

from cms.typography import typeset


@pytest.mark.parametrize(
    ("typed", "set_"),
    [
        ("l'indice d'Éco-clic", "l’indice d’Éco-clic"),
        ("« oui » : 4,4 %", "«\u00a0oui\u00a0»\u00a0: 4,4\u00a0%"),
        ("Combien ?", "Combien\u202f?"),
        ("34 875 communes en 2026", "34\u202f875 communes en 2026"),
        ("jusqu'« ici »", "jusqu’«\u00a0ici\u00a0»"),
        ("une phrase sans rien", "une phrase sans rien"),
    ],
)
def test_texts_are_set_as_a_french_printer_would(typed, set_):
    assert typeset(typed) == set_


def test_setting_a_text_twice_changes_nothing():
    once = typeset("« l'indice » : 1 200 € !")

    assert typeset(once) == once
