"""All the components on one page, for who builds screens: /composants/, in development only."""

from datetime import date
from types import SimpleNamespace

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.shortcuts import render

THEMES = (
    ("Gouvernance", "compass", 62, 40),
    ("Sensibilisation et formation", "people", 35, 20),
    ("Achat et location de matériels", "basket", 80, 55),
    ("Gestion du parc numérique", "laptop", 48, 48),
    ("Réseaux et données", "cloud", 25, 10),
    ("Usages", "hand", 71, 60),
    ("Écoconception", "leaf", None, None),
)


class EveryField(forms.Form):
    name = forms.CharField(label="Nom de la commune", help_text="Par exemple : Valmont-sur-Claire.")
    email = forms.EmailField(label="Adresse électronique")
    strata = forms.ChoiceField(
        label="Taille", choices=[("", "Choisir"), ("500", "500 à 999 habitants")]
    )
    role = forms.ChoiceField(
        label="Votre rôle",
        widget=forms.RadioSelect,
        choices=[("referent", "Référent"), ("contributeur", "Contributeur")],
        help_text="Le référent invite ses collègues.",
    )
    themes = forms.MultipleChoiceField(
        label="Thèmes suivis",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("achats", "Achats"), ("parc", "Parc")],
    )
    due = forms.DateField(
        label="Échéance", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    comment = forms.CharField(label="Commentaire", required=False, widget=forms.Textarea)
    agree = forms.BooleanField(label="J’accepte de recevoir un rappel par courriel", required=False)


class Filters(forms.Form):
    q = forms.CharField(label="Nom", required=False)
    theme = forms.ChoiceField(
        label="Thème", required=False, choices=[("", "Tous"), ("achats", "Achats")]
    )
    state = forms.ChoiceField(label="État", required=False, choices=[("", "Tous")])


class Upload(forms.Form):
    workbook = forms.FileField(
        label="Liste de vos communes",
        help_text="Un classeur .xlsx ou un fichier .csv, 10 Mo au plus.",
    )


@login_not_required
def gallery(request):
    """Show every component with the values of an imaginary commune."""
    return render(request, "composants.html", _examples(request))


def _examples(request) -> dict:
    wrong = EveryField({"name": "", "email": "mairie", "role": ""}, auto_id="wrong_%s")
    return {
        "themes": [
            {"label": label, "icon": icon, "value": now, "before": before}
            for label, icon, now, before in THEMES
        ],
        "steps": [
            {
                "title": label,
                "url": f"#{icon}",
                "done": 4 if rank < 2 else 2,
                "total": 4,
                "current": rank == 2,
            }
            for rank, (label, icon, _, _) in enumerate(THEMES)
        ],
        "letters": list(zip("ABCDE", (88, 67, 48, 25, 9), strict=True)),
        "icons": [
            "compass",
            "people",
            "basket",
            "laptop",
            "cloud",
            "hand",
            "leaf",
            "check",
            "cross",
            "arrow",
            "info",
            "warning",
            "print",
            "download",
            "search",
            "plus",
            "clock",
            "calendar",
        ],
        "options": [
            ("oui", "Oui", False),
            ("non", "Non", True),
            ("na", "Non concerné", False),
            ("nsp", "Ne sait pas", False),
        ],
        "sources": [
            {"label": "ADEME", "year": 2025, "url": "https://www.ademe.fr/"},
        ],
        "measures": [("Allonger la durée de vie des ordinateurs", "/mesures/")],
        "verified_on": date(2026, 11, 24),
        "parts": [
            {"label": "Oui", "value": 12, "kind": "yes"},
            {"label": "Non", "value": 9, "kind": "no"},
            {"label": "Ne sait pas", "value": 6, "kind": "unknown"},
            {"label": "Non concerné", "value": 2, "kind": "none"},
        ],
        "spread": {"low": 8, "first": 31, "median": 42, "third": 56, "high": 83},
        "points": [
            {"label": "mars 2026", "value": 31},
            {"label": "mars 2027", "value": 48},
            {"label": "fin 2027", "value": 64, "projected": True},
        ],
        "columns": [
            {"label": "Commune", "url": "?tri=nom", "sort": "ascending"},
            {"label": "Habitants", "url": "?tri=population", "numeric": True},
            {"label": "Indice", "numeric": True},
            {"label": "État"},
        ],
        "rows": [
            [{"text": "Saint-Aubin-les-Prés", "url": "#tableau"}, "1 240", 48, "clôturée"],
            [{"text": "Valmont-sur-Claire", "url": "#tableau"}, "612", 25, "en cours"],
        ],
        "events": [
            {"date": date(2027, 1, 12), "title": "Inventaire du matériel", "state": "done"},
            {
                "date": date(2027, 2, 1),
                "title": "Délibération du conseil",
                "state": "late",
                "text": "À porter à l’ordre du jour.",
            },
            {"date": date(2027, 9, 1), "title": "Collecte des vieux appareils", "state": "now"},
        ],
        "cards": [
            {
                "title": "Faire l’inventaire du matériel",
                "url": "#tableau-des-actions",
                "meta": "Pour le 12 janvier 2027",
                "badge": "priorité haute",
            },
            {"title": "Régler la mise en veille", "meta": "Une heure"},
        ],
        "tabs": [
            {"label": "Tableau", "url": "#onglets", "current": True, "count": 12},
            {"label": "Calendrier", "url": "#onglets", "count": None},
        ],
        "form": EveryField(auto_id="right_%s"),
        "wrong": wrong,
        "filters": Filters(auto_id="filter_%s"),
        "upload": Upload(auto_id="upload_%s"),
        "page": Paginator(range(30), 10).get_page(2),
        "params": request.GET,
        "guide": SimpleNamespace(title="Acheter moins, acheter mieux", url="/guides/"),
    }
