"""What a batch did, said on the next page."""

from django.contrib import messages

from supervision.batches import Outcome

REFUSALS_SHOWN = 10


def say(request, outcome: Outcome, one: str, many: str) -> None:
    """Say « 12 invitations envoyées. », then each refusal with its reason."""
    done = len(outcome.done)
    if done:
        messages.success(request, f"{done} {one if done == 1 else many}.")
    for collectivite, sentence in outcome.refused[:REFUSALS_SHOWN]:
        messages.warning(request, f"{collectivite} : {sentence}")
    left = len(outcome.refused) - REFUSALS_SHOWN
    if left == 1:
        messages.warning(request, "Et une autre collectivité, pour une raison semblable.")
    elif left > 1:
        messages.warning(request, f"Et {left} autres collectivités, pour des raisons semblables.")
