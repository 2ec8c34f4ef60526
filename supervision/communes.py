"""What an EPCI filters: the figures of its communes that agreed, or their progress."""

from django import forms

from supervision.consenting import ConsentingCommunes
from supervision.periods import ProgressFilters
from supervision.selecting import FigureFilters
from territories.models import Collectivite

PROGRESS = "progres"
VIEWS = {
    "": "L’ensemble",
    "pratiques": "Les pratiques les moins répandues",
    "communes": "Commune par commune",
    PROGRESS: "Les progrès",
}
# They are of one EPCI, and communes: to choose among kinds, régions or advisers would say nothing.
KEPT = frozenset({"niveau", "strate", "edition", "depuis", "jusqu", "du", "au", "vue"})


class CommunesFilters(FigureFilters):
    """The filters of the figures that bear on communes, and which view is shown."""

    vue = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data, epci: Collectivite):
        super().__init__(data, ConsentingCommunes(epci))
        for name in set(self.fields) - KEPT:
            del self.fields[name]
        self.fields["niveau"].widget = forms.HiddenInput()  # the page has links for it

    @property
    def view(self) -> str:
        asked = self.chosen.get("vue", "")
        return asked if asked in VIEWS else ""


class CommunesProgressFilters(CommunesFilters, ProgressFilters):
    """The same between two days."""


def communes_filters(data, epci: Collectivite) -> CommunesFilters:
    """Return the filters of the view that is asked for, `vue` in the address or the form."""
    found = CommunesProgressFilters if data.get("vue") == PROGRESS else CommunesFilters
    return found(data, epci)
