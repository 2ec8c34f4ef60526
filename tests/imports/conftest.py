import pytest

from territories.models import FormerCommune
from tests.territories.factories import CollectiviteFactory, DepartementFactory


@pytest.fixture
def oise(opsn):
    """Omar's OPSN works in the Oise."""
    departement = DepartementFactory(code="60", name="Oise")
    opsn.departements.add(departement)
    return departement


@pytest.fixture
def communes(oise):
    """Three communes that nobody follows, and a former code that leads to the second one."""
    DepartementFactory(code="01", name="Ain")
    rows = {
        "beauvais": CollectiviteFactory(
            name="Beauvais", code_insee="60057", siren="216000562", population=55550, postal_codes="60000"
        ),
        "meru": CollectiviteFactory(
            name="Méru", code_insee="60395", siren="216003913", population=13897, postal_codes="60110"
        ),
        "abergement": CollectiviteFactory(
            name="L'Abergement-Clémenciat",
            code_insee="01001",
            siren="210100012",
            departement_id="01",
            postal_codes="01400",
        ),
    }  # fmt: skip
    FormerCommune.objects.create(
        code="60999", name="Méru-le-Vieux", search_name="meru le vieux", collectivite=rows["meru"]
    )
    return rows
