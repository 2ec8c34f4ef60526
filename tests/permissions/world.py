"""Two tenants, ALPHA and BETA, each with a marker in every free text, and what the matrix asks of ALPHA."""

from dataclasses import dataclass, field

from django.conf import settings
from django.test import Client

from tests.permissions import following, imports, level_two, plans, teamwork

MARKER = "Marque-Éprouvée d’ALPHA"
ROLES = (
    "anonymous",
    "lone",
    "pending",
    "reader",
    "A1",
    "A0",
    "B1",
    "N",
    "S",
    "editor",
    "admin",
    "root",
)


@dataclass
class World:
    """The people by role, ALPHA's objects by name, and the session of each person."""

    people: dict
    objects: dict = field(default_factory=dict)
    sessions: dict = field(default_factory=dict)

    def user(self, role: str):
        return self.people.get(role)

    def browser(self, role: str, **options) -> Client:
        """Return a browser where this person is logged in; a visitor's for « anonymous »."""
        client = Client(**options)
        if role in self.sessions:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[role]
        return client


# What an address is asked with: ALPHA's objects. An address that is not here takes no argument.
ARGUMENTS = {
    "wagtaildocs_authenticate_with_password": lambda world: {"restriction_id": 1},
    "wagtailcore_authenticate_with_password": lambda world: {
        "page_view_restriction_id": 1,
        "page_id": 1,
    },
    "account_reset_password_from_key": lambda world: {"uidb36": "1", "key": "set-password"},
    "territories:confirm_join": lambda world: {"pk": world.objects["elsewhere"].pk},
    "territories:request": lambda world: {"pk": world.objects["request"].pk},
    "territories:approve": lambda world: {"pk": world.objects["request"].pk},
    "territories:refuse": lambda world: {"pk": world.objects["request"].pk},
    "territories:contest": lambda world: {"token": "jeton-inconnu"},
    "territories:change_role": lambda world: {"pk": world.objects["colleague"].pk},
    "territories:remove": lambda world: {"pk": world.objects["colleague"].pk},
    "territories:resend_invitation": lambda world: {"pk": world.objects["invitation"].pk},
    "territories:cancel_invitation": lambda world: {"pk": world.objects["invitation"].pk},
    "territories:invitation": lambda world: {"token": world.objects["token"]},
    "territories:accept_invitation": lambda world: {"token": world.objects["token"]},
    "territories:suspend": lambda world: {"pk": world.objects["colleague"].pk},
    "supervision:attach": lambda world: {"pk": world.objects["alpha"].pk},
    "supervision:collectivite": lambda world: {"pk": world.objects["alpha"].pk},
    "supervision:progress_of": lambda world: {"pk": world.objects["alpha"].pk},
    "supervision:note": lambda world: {"pk": world.objects["alpha"].pk},
    "supervision:adviser": lambda world: {"pk": world.objects["alpha"].pk},
    "supervision:begin_two": lambda world: {"pk": world.objects["alpha"].pk},
    "supervision:detach": lambda world: {"pk": world.objects["alpha"].pk},
    "supervision:approve": lambda world: {"pk": world.objects["request"].pk},
    "supervision:refuse": lambda world: {"pk": world.objects["request"].pk},
    "supervision:accept_ask": lambda world: {"pk": world.objects["asked"].pk},
    "supervision:refuse_ask": lambda world: {"pk": world.objects["asked"].pk},
    "supervision:resend_invitation": lambda world: {"pk": world.objects["referent_invited"].pk},
    "supervision:cancel_invitation": lambda world: {"pk": world.objects["referent_invited"].pk},
    "supervision:change_role": lambda world: {"pk": world.objects["adviser"].pk},
    "supervision:remove_member": lambda world: {"pk": world.objects["adviser"].pk},
    "supervision:resend_member_invitation": lambda world: {"pk": world.objects["invited"].pk},
    "supervision:cancel_member_invitation": lambda world: {"pk": world.objects["invited"].pk},
    "supervision:invitation": lambda world: {"token": world.objects["token"]},
    "supervision:accept_invitation": lambda world: {"token": world.objects["token"]},
    "supervision:export": lambda world: {"kind": "csv"},
    "supervision:figures_file": lambda world: {"view": "ensemble", "kind": "csv"},
    "supervision:keep_view": lambda world: {"view": "ensemble"},
    "supervision:forget_view": lambda world: {"pk": world.objects["saved"].pk},
    "measures:measure": lambda world: {"code": world.objects["measure"].code},
    "questions:resume": lambda world: {"pk": world.objects["assessment"].pk},
    "questions:theme": lambda world: {"pk": world.objects["assessment"].pk, "code": "achats"},
    "questions:explain": lambda world: of_question(world),
    "questions:answer": lambda world: of_question(world),
    "questions:unknown": lambda world: {"pk": world.objects["assessment"].pk},
    "questions:close": lambda world: {"pk": world.objects["assessment"].pk},
    "questions:reopen": lambda world: {"pk": world.objects["closed"].pk},
    "questions:evolution": lambda world: {"pk": world.objects["closed"].pk},
    "questions:figures": lambda world: {"pk": world.objects["closed"].pk},
    "questions:footprint": lambda world: {"pk": world.objects["closed"].pk},
    "questions:obligations": lambda world: {"pk": world.objects["closed"].pk},
    "questions:results": lambda world: {"pk": world.objects["closed"].pk},
    "questions:export_xlsx": lambda world: {"pk": world.objects["closed"].pk},
    "questions:export_csv": lambda world: {"pk": world.objects["closed"].pk},
}


def of_question(world: World) -> dict:
    return {"pk": world.objects["assessment"].pk, "question": world.objects["question"].pk}


BODIES = {
    "territories:change_role": lambda world: {"role": "lecteur"},
    "territories:invite": lambda world: {"email": "nouvelle@alpha.example", "role": "lecteur"},
    "territories:choose": lambda world: {"collectivite": world.objects["elsewhere"].pk},
    "supervision:choose": lambda world: {"opsn": world.objects["alpha"].opsn_id},
    "supervision:invite": lambda world: {"c": world.objects["alpha"].pk},
    "supervision:relaunch": lambda world: {"c": world.objects["alpha"].pk},
    "supervision:assign": lambda world: {"c": world.objects["alpha"].pk},
    "supervision:level_two": lambda world: {"c": world.objects["alpha"].pk},
    "supervision:change_role": lambda world: {"role": "conseiller"},
    "supervision:keep_view": lambda world: {"name": "Une vue"},
    "comparison:decide": lambda world: {"accord": "oui"},
    "supervision:note": lambda world: {"visited_on": "2026-11-20", "text": "Vu."},
}
ARGUMENTS |= following.ARGUMENTS
BODIES |= following.BODIES
ARGUMENTS |= plans.ARGUMENTS | imports.ARGUMENTS | level_two.ARGUMENTS | teamwork.ARGUMENTS
BODIES |= plans.BODIES | imports.BODIES | level_two.BODIES | teamwork.BODIES
