"""Two tenants, ALPHA and BETA, each with a marker in every free text, and what the matrix asks of ALPHA."""

from dataclasses import dataclass, field

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
    """The people by role, and ALPHA's objects by name."""

    people: dict
    objects: dict = field(default_factory=dict)

    def user(self, role: str):
        return self.people.get(role)


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
    "measures:measure": lambda world: {"code": world.objects["measure"].code},
    "questions:resume": lambda world: {"pk": world.objects["assessment"].pk},
    "questions:theme": lambda world: {"pk": world.objects["assessment"].pk, "code": "achats"},
    "questions:explain": lambda world: of_question(world),
    "questions:answer": lambda world: of_question(world),
    "questions:unknown": lambda world: {"pk": world.objects["assessment"].pk},
    "questions:close": lambda world: {"pk": world.objects["assessment"].pk},
    "questions:reopen": lambda world: {"pk": world.objects["closed"].pk},
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
}
