"""The two roles of the national team, as Wagtail groups. Nobody else opens the back office.

Set up after each `migrate`, so that an upgrade brings the rights of new models along. Rights on people
(`add_user`, `change_user`, groups) are in neither: whoever has them can create a superuser.
"""

from django.contrib.auth.models import Group, Permission
from django.db.models import Q

EDITORS = "Éditeurs nationaux"
ADMINISTRATORS = "Administrateurs nationaux"

EDITED = {
    "questions": ("questionnaire", "theme", "question", "measure", "factorset"),
    "wagtailimages": ("image",),
    "wagtaildocs": ("document",),
    "cms": ("sitesettings",),
}
ADMINISTERED = {
    "territories": ("opsn", "opsnmember", "collectivite", "collectivitemember"),
    "wagtailredirects": ("redirect",),
}
READ = {
    "territories": ("auditentry", "invitation"),
    "questions": ("assessment",),
    "imports": ("importrun",),
}


def set_up_roles(**kwargs) -> None:
    """Create the two groups and give them exactly their rights; safe to run again."""
    editors, _ = Group.objects.get_or_create(name=EDITORS)
    administrators, _ = Group.objects.get_or_create(name=ADMINISTRATORS)
    # Wagtail's own groups open the back office too; we give nobody to them.
    Group.objects.filter(name__in=("Editors", "Moderators"), user=None).delete()
    content = _permissions(EDITED) | Q(
        content_type__app_label="wagtailadmin", codename="access_admin"
    )
    registers = (
        _permissions(ADMINISTERED)
        | _permissions(READ, verbs=("view",))
        | Q(content_type__app_label="accounts", codename="follow_every_collectivite")
    )
    editors.permissions.set(Permission.objects.filter(content))
    administrators.permissions.set(Permission.objects.filter(content | registers))


def _permissions(models: dict, verbs=("add", "change", "delete", "publish", "view")) -> Q:
    wanted = Q(pk__in=[])
    for app_label, names in models.items():
        for name in names:
            codenames = [f"{verb}_{name}" for verb in verbs]
            wanted |= Q(content_type__app_label=app_label, codename__in=codenames)
    return wanted
