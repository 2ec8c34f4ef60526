"""What an act on a plan raises when it cannot be done; `str(error)` is what the person reads."""


class PlanError(Exception):
    sentence = "Cette action n’est pas possible."

    def __str__(self) -> str:
        return self.args[0] if self.args else self.sentence
