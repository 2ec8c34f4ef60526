"""The kinds of import, by name."""

from imports.answers import AnswersKind
from imports.collectivites import CollectivitesKind
from imports.contacts import ContactsKind
from imports.edition import EditionKind
from imports.enums import ImportKind
from imports.kinds import Kind
from imports.national import CommunesKind, EpcisKind, FormerCommunesKind
from imports.opsns import OpsnsKind

KINDS: dict[str, type[Kind]] = {
    kind.slug: kind
    for kind in (
        CollectivitesKind,
        ContactsKind,
        OpsnsKind,
        CommunesKind,
        EpcisKind,
        FormerCommunesKind,
        EditionKind,
        AnswersKind,
    )
}
assert set(KINDS) == set(ImportKind)  # noqa: S101 - each choice has its class
