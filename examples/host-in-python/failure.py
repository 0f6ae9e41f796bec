"""A failure, as the documents describe it: a kind, and the fields that belong to it."""

from typing import Any


class Failure(Exception):
    """What a layer ends with if it does not succeed.

    `layer` names the layer or the step of it that failed. `stage` and `fallback` are those of a
    failed dispatch, `phase` is that of a failed call of a hook.
    """

    stage: str | None = None
    fallback: str | None = None
    phase: str | None = None

    def __init__(self, layer: str, kind: str, **fields: Any) -> None:
        super().__init__(f"{layer}: {kind}")
        self.layer, self.kind, self.fields = layer, kind, fields


def violation(layer: str, kind: str, **fields: Any) -> Failure:
    """Returns the failure that the documents write as `Validation(kind)`."""
    return Failure(layer, "Validation", violation={"kind": kind, **fields})
