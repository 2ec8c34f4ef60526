"""How editors see questionnaires, themes, questions and measures in Wagtail."""

from django.contrib import messages
from django.contrib.contenttypes.models import ContentType
from django.shortcuts import redirect
from django.urls import path, reverse
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    HelpPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    TabbedInterface,
)
from wagtail.admin.ui.tables import Column, LiveStatusTagColumn, UpdatedAtColumn
from wagtail.admin.widgets import AdminAutoHeightTextInput
from wagtail.admin.widgets.button import Button
from wagtail.models import Revision
from wagtail.snippets.views.snippets import (
    CopyView,
    EditView,
    IndexView,
    SnippetViewSet,
    SnippetViewSetGroup,
    UnpublishView,
)

from questions import admin_views
from questions.admin_filters import QuestionFilterSet, ThemeFilterSet
from questions.admin_forms import (
    FactorSetForm,
    MeasureForm,
    QuestionForm,
    QuestionnaireForm,
    ThemeForm,
)
from questions.enums import EditionState
from questions.models import FactorSet, Measure, Question, Questionnaire, Theme
from questions.models.edition import EditionPublished

FROZEN_NOTICE = (
    "Cette édition est publiée : les textes se corrigent, la structure ne change plus. "
    "Pour changer une question, copiez l’édition dans un nouveau brouillon."
)

FACTORS_NOTICE = (
    "Une évaluation close s’appuie sur ces facteurs : ils ne changent plus. "
    "Copiez-les dans un nouveau jeu, avec une autre version et une autre date d’entrée en vigueur."
)

NOTICE_BLOCK = (
    '<div class="help-block help-info"><svg class="icon icon-help icon" aria-hidden="true">'
    '<use href="#icon-help"></use></svg><p>{}</p></div>'
)


class FrozenNotice(HelpPanel):
    """Says, on the form of what is frozen, what can still be done."""

    notice = FROZEN_NOTICE

    def __init__(self, **kwargs):
        super().__init__(content=NOTICE_BLOCK.format(self.notice), **kwargs)

    def clone_kwargs(self):
        kwargs = super().clone_kwargs()
        kwargs.pop("content", None)
        return kwargs

    class BoundPanel(HelpPanel.BoundPanel):
        def is_shown(self):
            return getattr(self.form, "is_frozen", False)


class FactorsNotice(FrozenNotice):
    notice = FACTORS_NOTICE


def edition_label(edition: Questionnaire) -> str:
    return f"{edition.edition} ({edition.get_state_display()})"


def edition_buttons(edition: Questionnaire) -> list[Button]:
    """What can be done to a whole edition, by its state."""

    def button(label: str, action: str, icon: str, priority: int) -> Button:
        url = reverse(Questionnaire.snippet_viewset.get_url_name(action), args=[edition.pk])
        return Button(label, url=url, icon_name=icon, priority=priority)

    buttons = [button("Copier dans un brouillon", "copy_edition", "copy", 50)]
    if edition.is_draft:
        buttons.append(button("Vérifier et publier", "publish_edition", "check", 40))
    elif edition.state == EditionState.PUBLISHED:
        buttons.append(button("Retirer", "retire_edition", "download", 60))
    return buttons


class EditionIndexView(IndexView):
    add_item_label = "Ajouter un questionnaire"

    def get_list_more_buttons(self, instance):
        return [*super().get_list_more_buttons(instance), *edition_buttons(instance)]


class EditionEditView(EditView):
    @property
    def header_more_buttons(self):
        return [*super().header_more_buttons, *edition_buttons(self.object)]


class WithStatusIndexView(IndexView):
    """Reads in one query which rows have words to be published later, where Wagtail makes one for each row."""

    def get_context_data(self, *args, **kwargs):
        context = super().get_context_data(*args, **kwargs)
        rows = {str(row.pk): row for row in context["object_list"]}
        scheduled = Revision.objects.filter(
            base_content_type=ContentType.objects.get_for_model(self.model),
            object_id__in=rows,
            approved_go_live_at__isnull=False,
        )
        found = {revision.object_id: revision for revision in scheduled}
        for pk, row in rows.items():
            row.scheduled_revision = found.get(pk)
        return context


class DraftOrderIndexView(WithStatusIndexView):
    """While rows are dragged, only drafts are listed, in the order in which they are asked."""

    def order_queryset(self, queryset):
        if self.show_ordering_column:
            return admin_views.in_draft_order(self.model)
        return super().order_queryset(queryset)


class ThemeIndexView(DraftOrderIndexView):
    add_item_label = "Ajouter un thème"


class QuestionIndexView(DraftOrderIndexView):
    add_item_label = "Ajouter une question"


class MeasureIndexView(WithStatusIndexView):
    add_item_label = "Ajouter une mesure"


class UnpublishInDraftView(UnpublishView):
    """What a published edition asks cannot be hidden."""

    def dispatch(self, request, *args, **kwargs):
        if self.object.is_frozen():
            messages.error(request, EditionPublished().message)
            return redirect(reverse(self.edit_url_name, args=[self.object.pk]))
        return super().dispatch(request, *args, **kwargs)


class FactorSetCopyView(CopyView):
    """Begins a new set with the rows of another; nothing is written before it is sent."""

    def get_initial_form_instance(self):
        values = self.get_object().serializable_data() | {"pk": None, "latest_revision": None}
        values["rows"] = [row | {"pk": None} for row in values["rows"]]
        return FactorSet.from_serializable_data(values)


class QuestionnaireViewSet(SnippetViewSet):
    model = Questionnaire
    index_view_class = EditionIndexView
    edit_view_class = EditionEditView
    icon = "clipboard-list"
    menu_label = "Éditions"
    list_display = [
        "title",
        "edition",
        Column("level", label="Niveau", accessor="get_level_display", sort_key="level"),
        Column("state", label="État", accessor="get_state_display", sort_key="state"),
        UpdatedAtColumn(),
    ]
    list_filter = ["level", "state"]
    inspect_view_enabled = True
    inspect_view_fields = ["title", "level", "edition", "state", "published_at", "copied_from"]
    copy_view_enabled = False  # a whole edition is copied by its own act
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("level"), FieldPanel("edition")]),
            FieldPanel("title"),
            FieldPanel("introduction"),
        ],
        base_form_class=QuestionnaireForm,
    )

    def get_urlpatterns(self):
        return [
            *super().get_urlpatterns(),
            path("copy-edition/<int:pk>/", admin_views.copy_edition, name="copy_edition"),
            path("publish/<int:pk>/", admin_views.publish_edition, name="publish_edition"),
            path("retire/<int:pk>/", admin_views.retire_edition, name="retire_edition"),
        ]


class PartOfEditionViewSet(SnippetViewSet):
    reorder_view_class = admin_views.ReorderInDraftView
    unpublish_view_class = UnpublishInDraftView
    sort_order_field = "order"
    copy_view_enabled = False


class ThemeViewSet(PartOfEditionViewSet):
    model = Theme
    index_view_class = ThemeIndexView
    icon = "folder-open-inverse"
    menu_label = "Thèmes"
    list_display = [
        "title",
        "code",
        Column("edition", label="Édition", accessor=lambda row: edition_label(row.questionnaire)),
        LiveStatusTagColumn(),
        UpdatedAtColumn(),
    ]
    filterset_class = ThemeFilterSet
    edit_handler = ObjectList(
        [
            FrozenNotice(),
            FieldPanel("questionnaire"),
            FieldRowPanel([FieldPanel("code"), FieldPanel("icon")]),
            FieldPanel("title"),
            FieldPanel("introduction"),
            FieldPanel("reen_objectives"),
        ],
        base_form_class=ThemeForm,
    )

    def get_queryset(self, request):
        return Theme.objects.select_related("questionnaire")


class QuestionViewSet(PartOfEditionViewSet):
    model = Question
    index_view_class = QuestionIndexView
    icon = "help"
    menu_label = "Questions"
    list_display = [
        "__str__",
        Column("theme", label="Thème", accessor="theme"),
        Column(
            "edition",
            label="Édition",
            accessor=lambda row: edition_label(row.theme.questionnaire),
        ),
        "weight",
        LiveStatusTagColumn(),
    ]
    filterset_class = QuestionFilterSet
    list_per_page = 50
    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    FrozenNotice(),
                    FieldPanel("text", widget=AdminAutoHeightTextInput),
                    FieldPanel("help"),
                    FieldPanel("not_applicable_hint"),
                    FieldRowPanel(
                        [FieldPanel("plausible_minimum"), FieldPanel("plausible_maximum")]
                    ),
                    FieldPanel("bands_reason"),
                    FieldPanel("principle"),
                    FieldPanel("interest"),
                    FieldPanel("first_step"),
                    MultiFieldPanel(
                        [
                            FieldPanel("obligation"),
                            FieldPanel("obligation_reference"),
                            FieldPanel("obligation_url"),
                            FieldRowPanel(
                                [
                                    FieldPanel("obligation_verified_on"),
                                    FieldPanel("obligation_min_population"),
                                ]
                            ),
                        ],
                        heading="Obligation",
                    ),
                    InlinePanel("sources", label="Source", heading="Sources"),
                    FieldPanel("guide"),
                    FieldPanel("measures"),
                ],
                heading="Textes",
            ),
            ObjectList(
                [
                    FrozenNotice(),
                    FieldPanel("theme"),
                    FieldRowPanel([FieldPanel("code"), FieldPanel("weight")]),
                    FieldRowPanel([FieldPanel("kind"), FieldPanel("unit")]),
                    FieldRowPanel([FieldPanel("minimum"), FieldPanel("maximum")]),
                    FieldPanel("whole"),
                    InlinePanel(
                        "options",
                        label="Réponse proposée",
                        heading="Réponses proposées ou tranches",
                    ),
                    FieldPanel("allows_not_applicable"),
                    MultiFieldPanel(
                        [
                            FieldRowPanel(
                                [FieldPanel("condition_code"), FieldPanel("condition_answers")]
                            ),
                            FieldPanel("applies_to_kinds"),
                            FieldPanel("applies_to_facts"),
                            FieldRowPanel(
                                [FieldPanel("min_population"), FieldPanel("max_population")]
                            ),
                        ],
                        heading="Quand la poser",
                    ),
                ],
                heading="Structure",
            ),
        ],
        base_form_class=QuestionForm,
    )

    def get_queryset(self, request):
        return Question.objects.select_related("theme__questionnaire")


class MeasureViewSet(SnippetViewSet):
    model = Measure
    index_view_class = MeasureIndexView
    icon = "tick-inverse"
    menu_label = "Mesures"
    list_display = [
        "title",
        Column("code", label="Code", sort_key="code", width="110px"),
        "theme_code",
        "priority",
        "effort",
        LiveStatusTagColumn(),
    ]
    list_filter = ["theme_code", "priority", "effort", "cost", "gain", "reen_objective"]
    list_per_page = 50
    edit_handler = ObjectList(
        [
            FieldPanel("title", widget=AdminAutoHeightTextInput),
            FieldRowPanel([FieldPanel("code"), FieldPanel("theme_code")]),
            FieldPanel("why"),
            FieldPanel("how"),
            FieldRowPanel([FieldPanel("effort"), FieldPanel("cost")]),
            FieldRowPanel([FieldPanel("gain"), FieldPanel("priority")]),
            InlinePanel("indicators", label="Indicateur", heading="Indicateurs de réussite"),
            InlinePanel("resources", label="Ressource", heading="Ressources"),
            FieldPanel("legal_reference"),
            FieldPanel("reen_objective"),
        ],
        base_form_class=MeasureForm,
    )


class FactorSetViewSet(SnippetViewSet):
    """A set in use is copied, with another version and another date, to make the next."""

    model = FactorSet
    copy_view_class = FactorSetCopyView
    icon = "globe"
    menu_label = "Facteurs d’émission"
    list_display = ["version", "in_force_from", "source", UpdatedAtColumn()]
    inspect_view_enabled = True
    edit_handler = ObjectList(
        [
            FactorsNotice(),
            FieldRowPanel([FieldPanel("version"), FieldPanel("in_force_from")]),
            FieldPanel("source"),
            FieldRowPanel([FieldPanel("source_url"), FieldPanel("licence")]),
            FieldPanel("electricity"),
            FieldPanel("notes"),
            InlinePanel("rows", label="Facteur", heading="Facteurs par famille, pour un appareil"),
        ],
        base_form_class=FactorSetForm,
    )


class QuestionnaireGroup(SnippetViewSetGroup):
    items = (
        QuestionnaireViewSet,
        ThemeViewSet,
        QuestionViewSet,
        MeasureViewSet,
        FactorSetViewSet,
    )
    menu_label = "Questionnaires"
    menu_icon = "clipboard-list"
    menu_order = 150
