"""The footprint of a fleet: three fleets worked out by hand, to the gram, and what is said of what is not known."""

from decimal import Decimal

import pytest

from questions.footprint import Factor, footprint, lifetime
from questions.portrait import Given, Portrait

GRAM = Decimal("0.001")
ELECTRICITY = Decimal("0.0519")
# Of one device: manufacture, distribution, end of life, lowest, highest (kg CO2e), kWh a year, years.
# Central values of ADEME (publicodes-acv-numerique 2.1.0), as in docs/sources.md.
ROWS = {
    "portable": "170 12.3 2.8 170 260 29 5",
    "fixe": "203 1.9 6.6 200 277 153 6",
    "ecran": "64.6 1.3 4.0 64.7 430 73 6",
    "smartphone": "77 2.3 0.2 53 84 4.9 2.5",
    "serveur": "748 0 0 748 3660 1000 5",
}
FACTORS = [
    Factor(family, *(Decimal(number) for number in row.split())) for family, row in ROWS.items()
]
ASKED = ("PAR8A", "PAR8B", "PAR8C", "PAR8E", "PAR8H", "PAR2A", "PAR2B", "PAR2C", "PAR2E")


def estimate(agents=None, asked=ASKED, states=None, **numbers):
    """Return the footprint of what was answered; zero of every other family unless it is not asked."""
    counted = {code: Decimal(0) for code in asked if code.startswith("PAR8")}
    counted |= {code: Decimal(str(number)) for code, number in numbers.items()}
    answers = {code: Given(number=number) for code, number in counted.items()}
    answers |= {code: Given(state=state) for code, state in (states or {}).items()}
    return footprint(
        Portrait(
            kind="commune",
            agents=agents,
            conditions=dict.fromkeys(ASKED, ""),
            asked=frozenset(asked),
            answers=answers,
        ),
        FACTORS,
        ELECTRICITY,
    )


def grams(kg: Decimal) -> Decimal:
    return kg.quantize(GRAM)


def test_two_laptops_kept_six_years():
    """2 × ((170 + 12,3 + 2,8) ÷ 6 + 29 × 0,0519) = 2 × (30,85 + 1,5051) = 64,7102."""
    found = estimate(PAR8A=2, PAR2A=6)

    assert grams(found.total.central) == Decimal("64.710")
    # 2 × (170 ÷ 6 + 1,5051) and 2 × (260 ÷ 6 + 1,5051)
    assert (grams(found.total.low), grams(found.total.high)) == (
        Decimal("59.677"),
        Decimal("89.677"),
    )
    # 2 × (185,1 ÷ 6 − 185,1 ÷ 8) = 2 × (30,85 − 23,1375)
    assert grams(found.gain) == Decimal("15.425")
    # 100 × 2 × 170 ÷ 6 ÷ 64,7102
    assert found.manufacture_share.quantize(Decimal("0.1")) == Decimal("87.6")
    assert found.lines[0].basis == "selon votre réponse"


def test_ten_desktops_and_twelve_screens_of_which_the_age_is_not_known():
    """10 × (211,5 ÷ 6 + 153 × 0,0519) = 431,907; 12 × (69,9 ÷ 6 + 73 × 0,0519) = 185,2644; 8 agents."""
    found = estimate(agents=8, PAR8B=10, PAR8C=12)

    assert [(line.factor.family, grams(line.total.central)) for line in found.lines] == [
        ("fixe", Decimal("431.907")),
        ("ecran", Decimal("185.264")),
    ]
    assert grams(found.total.central) == Decimal("617.171")
    assert grams(found.per_agent.central) == Decimal("77.146")
    # 10 × (211,5 ÷ 6 − 211,5 ÷ 8) + 12 × (69,9 ÷ 6 − 69,9 ÷ 8) = 88,125 + 34,95
    assert grams(found.gain) == Decimal("123.075")
    assert [line.basis for line in found.lines] == ["par défaut", "par défaut"]
    assert found.undated == ("PAR2B", "PAR2C")


def test_a_fleet_of_phones_too_young_for_a_lifetime():
    """Replaced after one year is raised to half of 2,5: 4 × (79,5 ÷ 1,25 + 4,9 × 0,0519) = 255,41724."""
    found = estimate(PAR8E=4, PAR2E=1)

    assert grams(found.total.central) == Decimal("255.417")
    assert (found.lines[0].lifetime, found.lines[0].basis) == (Decimal("1.25"), "relevée")


def test_the_range_always_holds_the_central_value():
    found = estimate(PAR8A=3, PAR8B=2, PAR8C=8, PAR8E=1, PAR8H=1, PAR2A=4)

    assert len(found.lines) == 5
    for line in found.lines:
        assert line.total.low <= line.total.central <= line.total.high


@pytest.mark.parametrize(
    ("age", "expected"), [(None, "5"), ("4", "4"), ("12", "12"), ("1", "2.5"), ("0", "2.5")]
)
def test_a_lifetime_is_the_age_of_replacement_never_less_than_half_of_the_usual(age, expected):
    assert lifetime(FACTORS[0], age and Decimal(age)) == Decimal(expected)


def test_what_is_not_counted_is_missing_and_what_is_not_concerned_is_none():
    found = estimate(PAR8A=2, states={"PAR8B": "unknown", "PAR8C": "not_applicable"})

    assert [line.factor.family for line in found.lines] == ["portable"]
    assert found.uncounted == ("PAR8B",)


def test_a_family_that_the_profile_leaves_out_is_none():
    asked = tuple(code for code in ASKED if code != "PAR8H")

    found = estimate(asked=asked, PAR8A=1)

    assert (len(found.lines), found.uncounted) == (1, ())


def test_an_age_said_to_be_no_concern_is_the_usual_lifetime_and_not_missing():
    found = estimate(PAR8A=1, states={"PAR2A": "not_applicable"})

    assert (found.lines[0].basis, found.undated) == ("par défaut", ())


@pytest.mark.parametrize("agents", [None, 0])
def test_without_agents_there_is_no_value_for_one(agents):
    assert estimate(agents=agents, PAR8A=1).per_agent is None


def test_a_fleet_of_nothing_has_no_share_and_no_gain():
    found = estimate(agents=3)

    assert (found.lines, found.total.central, found.gain, found.manufacture_share) == (
        (),
        0,
        0,
        None,
    )
