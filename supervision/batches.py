"""One act on many collectivités: each is done or refused by itself, and each refusal is told."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from territories.affiliation import AffiliationError
from territories.models import Collectivite

# As many as a page of the table shows, twice; more is a mistake, and the mails leave one after the other.
MAX_BATCH = 100


@dataclass
class Outcome:
    done: list[Collectivite] = field(default_factory=list)
    refused: list[tuple[Collectivite, str]] = field(default_factory=list)


def on_each(rows: Iterable[Collectivite], act: Callable[[Collectivite], object]) -> Outcome:
    """Call the act, which is a transaction of its own, for each; a refusal stops none of the others."""
    outcome = Outcome()
    for collectivite in rows:
        try:
            act(collectivite)
        except AffiliationError as error:
            outcome.refused.append((collectivite, str(error)))
        else:
            outcome.done.append(collectivite)
    return outcome
