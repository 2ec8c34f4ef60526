"""The registers of the national team in the back office.

Wagtail's generic views ask for rights on the model and not on the object, so these are for people who may see every
collectivité (docs/decisions/0002). Memberships are only looked at here: they change by the acts of `affiliation` and
`team`, on the page « Examiner »; which OPSN follows a collectivité, by those of `attachment`, in the console. The journal
tells what is changed here.
"""

from django.contrib.admin.filters import SimpleListFilter
from django.db import transaction
from django.template.defaultfilters import yesno
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList
from wagtail_modeladmin.helpers import ButtonHelper, DjangoORMSearchHandler, PermissionHelper
from wagtail_modeladmin.options import ModelAdmin, ModelAdminGroup
from wagtail_modeladmin.views import CreateView, DeleteView, EditView, IndexView

from territories.admin_forms import CollectiviteForm, OpsnForm, OpsnMemberForm
from territories.enums import AuditAction, OpsnRole
from territories.journal import record
from territories.models import (
    AuditEntry,
    Collectivite,
    CollectiviteMember,
    Departement,
    Opsn,
    OpsnMember,
)
from territories.search import normalise_name


class NothingDeleted(PermissionHelper):
    """OPSN are deactivated and collectivités retired: what points to them stays."""

    def user_can_delete_obj(self, user, obj):
        return False


class ReadOnly(NothingDeleted):
    def user_can_create(self, user):
        return False

    def user_can_edit_obj(self, user, obj):
        return False


class AddedOrRemoved(PermissionHelper):
    def user_can_edit_obj(self, user, obj):
        return False


class ByNormalName(DjangoORMSearchHandler):
    """« st » finds « saint », accents do not count."""

    def search_queryset(self, queryset, search_term, **kwargs):
        return super().search_queryset(queryset, normalise_name(search_term), **kwargs)


class WithExamine(ButtonHelper):
    """A link to the page where a request is accepted or refused, and a member suspended."""

    def get_buttons_for_obj(self, obj, **kwargs):
        examine = {
            "url": reverse("territories:request", args=[obj.pk]),
            "label": "Examiner",
            "classname": self.finalise_classname(["button-secondary"]),
            "title": f"Examiner : {obj.user}",
        }
        own = obj.user_id == self.request.user.pk
        return [*([] if own else [examine]), *super().get_buttons_for_obj(obj, **kwargs)]


class WithAdd(ButtonHelper):
    """« Ajouter une collectivité », where the library writes « Ajouter un(e) collectivité »."""

    def add_button(self, *args, **kwargs):
        label = self.view.model_admin.add_label
        return super().add_button(*args, **kwargs) | {"label": label, "title": label}


class ByRow(SimpleListFilter):
    """Filter by the row that a foreign key points to; Django's own filter wants its admin site installed."""

    rows: type[Opsn] | type[Departement]

    def lookups(self, request, model_admin):
        return [(row.pk, str(row)) for row in self.rows.objects.all()]

    def queryset(self, request, queryset):
        return queryset.filter(**{self.parameter_name: self.value()}) if self.value() else queryset


class ByOpsn(ByRow):
    title, parameter_name, rows = "OPSN", "opsn", Opsn

    def queryset(self, request, queryset):
        return (
            super().queryset(request, queryset) if (self.value() or "0").isdecimal() else queryset
        )


class ByDepartement(ByRow):
    title, parameter_name, rows = "département", "departement", Departement


class Register(IndexView):
    """A list that goes out as a workbook, where text stays text; not as csv, where Wagtail lets formulas through."""

    FORMATS = (IndexView.FORMAT_XLSX,)
    export_buttons_template_name = "territories/admin/export.html"


class Adding(CreateView):
    """Is titled as the button that leads to it, where the library writes « Nouveau Collectivité »."""

    def get_page_title(self):
        return self.model_admin.add_label

    def get_meta_title(self):
        return self.model_admin.add_label

    def get_page_subtitle(self):
        return ""


class JournalledEdit(EditView):
    """Tells the journal which fields changed: official addresses and contacts say who may speak, and who may contest."""

    @transaction.atomic
    def form_valid(self, form):
        response = super().form_valid(form)
        if form.changed_data:
            changed = ", ".join(str(form.fields[name].label) for name in form.changed_data)
            self.tell(changed, by=self.request.user, at=timezone.now())
        return response

    def tell(self, changed: str, *, by, at) -> None:
        raise NotImplementedError


class EditOpsn(JournalledEdit):
    def tell(self, changed, *, by, at):
        record(AuditAction.OPSN_CHANGED, None, by=by, at=at, opsn=self.instance, ground=changed)


class EditCollectivite(JournalledEdit):
    def tell(self, changed, *, by, at):
        record(AuditAction.COLLECTIVITE_CHANGED, self.instance, by=by, at=at, ground=changed)


class AddOpsnMember(Adding):
    @transaction.atomic
    def form_valid(self, form):
        response = super().form_valid(form)
        tell_of_member(AuditAction.OPSN_MEMBER_JOINED, self.instance, by=self.request.user)
        return response


class RemoveOpsnMember(DeleteView):
    def delete_instance(self):
        tell_of_member(AuditAction.OPSN_MEMBER_REMOVED, self.instance, by=self.request.user)
        super().delete_instance()


def tell_of_member(action: AuditAction, member: OpsnMember, *, by) -> None:
    ground = OpsnRole(member.role).label
    record(
        action,
        None,
        by=by,
        at=timezone.now(),
        opsn=member.opsn,
        subject=member.user,
        ground=ground,
    )


class OpsnAdmin(ModelAdmin):
    model = Opsn
    menu_label = "OPSN"
    menu_icon = "group"
    base_url_path = "territoires/opsn"
    permission_helper_class = NothingDeleted
    button_helper_class = WithAdd
    create_view_class = Adding
    add_label = "Ajouter un OPSN"
    history_view_enabled = False
    list_display = ("name", "contact_email", "level_two", "is_active")
    list_filter = ("active", "offers_level_two")
    index_view_class = Register
    edit_view_class = EditOpsn
    list_export = (
        "name",
        "siren",
        "contact_email",
        "phone",
        "website",
        "offers_level_two",
        "active",
    )
    export_filename = "opsn"
    search_fields = ("name", "siren", "contact_email")
    edit_handler = ObjectList(
        [
            FieldPanel("name"),
            FieldPanel("siren"),
            MultiFieldPanel(
                [FieldPanel("contact_email"), FieldPanel("phone"), FieldPanel("website")],
                heading="Contact",
            ),
            FieldPanel("departements"),
            FieldPanel("offers_level_two"),
            FieldPanel("active"),
        ],
        base_form_class=OpsnForm,
    )

    def level_two(self, obj):
        """In words: the library draws a picture of Django's admin, which is not installed."""
        return yesno(obj.offers_level_two, "oui,non")

    level_two.short_description = "propose le niveau 2"
    level_two.admin_order_field = "offers_level_two"

    def is_active(self, obj):
        return yesno(obj.active, "oui,non")

    is_active.short_description = "actif"
    is_active.admin_order_field = "active"


class CollectiviteAdmin(ModelAdmin):
    model = Collectivite
    menu_label = "Collectivités"
    menu_icon = "home"
    base_url_path = "territoires/collectivites"
    permission_helper_class = NothingDeleted
    button_helper_class = WithAdd
    create_view_class = Adding
    add_label = "Ajouter une collectivité"
    history_view_enabled = False
    list_display = ("name", "kind", "departement", "population", "code_insee", "siren", "opsn")
    list_filter = ("kind", ByOpsn, ByDepartement)
    index_view_class = Register
    edit_view_class = EditCollectivite
    list_export = (*list_display, "epci", "official_email", "website", "retired_at")
    export_filename = "collectivites"
    list_select_related = ("departement", "opsn", "epci")
    list_per_page = 50
    search_fields = ("search_name", "code_insee", "siren", "postal_codes")
    search_handler_class = ByNormalName
    edit_handler = ObjectList(
        [
            FieldPanel("kind"),
            FieldPanel("name"),
            MultiFieldPanel([FieldPanel("code_insee"), FieldPanel("siren")], heading="Codes"),
            MultiFieldPanel(
                [FieldPanel("population"), FieldPanel("population_year")], heading="Population"
            ),
            MultiFieldPanel(
                [
                    FieldPanel("departement"),
                    FieldPanel("postal_codes"),
                    FieldPanel("epci"),
                ],
                heading="Rattachements",
                help_text="L’OPSN se change dans la console : choisissez-le, puis ajoutez la collectivité, ou cessez de la suivre.",
            ),
            MultiFieldPanel(
                [FieldPanel("official_email"), FieldPanel("website")], heading="Contact"
            ),
            MultiFieldPanel([FieldPanel("retired_at"), FieldPanel("successor")], heading="Fusion"),
        ],
        base_form_class=CollectiviteForm,
    )


class CollectiviteMemberAdmin(ModelAdmin):
    model = CollectiviteMember
    menu_label = "Membres et demandes"
    menu_icon = "user"
    base_url_path = "territoires/membres"
    permission_helper_class = ReadOnly
    button_helper_class = WithExamine
    history_view_enabled = False
    list_display = ("user", "collectivite", "role", "state", "verification", "requested_at")
    list_filter = ("state", "role", "verification")
    list_select_related = ("user", "collectivite")
    list_per_page = 50
    ordering = ("-requested_at",)
    search_fields = ("user__email", "user__last_name", "collectivite__search_name")


class OpsnMemberAdmin(ModelAdmin):
    model = OpsnMember
    menu_label = "Membres d’OPSN"
    menu_icon = "user"
    base_url_path = "territoires/membres-opsn"
    permission_helper_class = AddedOrRemoved
    button_helper_class = WithAdd
    add_label = "Ajouter un membre d’OPSN"
    history_view_enabled = False
    list_display = ("user", "opsn", "role")
    list_filter = (ByOpsn, "role")
    list_select_related = ("user", "opsn")
    search_fields = ("user__email", "user__last_name", "opsn__name")
    create_view_class = AddOpsnMember
    delete_view_class = RemoveOpsnMember
    edit_handler = ObjectList(
        [FieldPanel("user"), FieldPanel("opsn"), FieldPanel("role")],
        base_form_class=OpsnMemberForm,
    )


class AuditEntryAdmin(ModelAdmin):
    model = AuditEntry
    menu_label = "Journal"
    menu_icon = "history"
    base_url_path = "territoires/journal"
    permission_helper_class = ReadOnly
    history_view_enabled = False
    list_display = ("at", "action", "collectivite", "actor", "subject", "ground")
    list_filter = ("action",)
    list_select_related = ("actor", "subject", "collectivite")
    list_per_page = 50
    search_fields = ("collectivite__search_name", "actor__email", "subject__email", "ground")


class TerritoriesGroup(ModelAdminGroup):
    menu_label = "Territoires"
    menu_icon = "site"
    menu_order = 250
    items = (
        CollectiviteMemberAdmin,
        CollectiviteAdmin,
        OpsnAdmin,
        OpsnMemberAdmin,
        AuditEntryAdmin,
    )
