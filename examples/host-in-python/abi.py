"""The JSON files beside the documents in abi/, and failures as the documents describe them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ABI = Path(__file__).resolve().parents[2] / "abi"
PROTOCOL: dict[str, Any] = json.loads((ABI / "protocol.json").read_bytes())
KERNEL: dict[str, Any] = json.loads((ABI / "kernel.json").read_bytes())
LIMITS: dict[str, Any] = PROTOCOL["limits"]
WIRE_FUNCTIONS: dict[str, Any] = {entry["name"]: entry for entry in PROTOCOL["wire_functions"]}


class Failure(Exception):
    """What a layer ends with if it does not succeed: a kind, and the fields that belong to it.

    `layer` names the layer or the step of it that failed. `stage` and `fallback` are those of a
    failed dispatch.
    """

    stage: str | None = None
    fallback: str | None = None

    def __init__(self, layer: str, kind: str, **fields: Any) -> None:
        super().__init__(f"{layer}: {kind}")
        self.layer, self.kind, self.fields = layer, kind, fields


def require(layer: str, condition: object, kind: str, **fields: Any) -> None:
    """Raises a Failure unless the condition holds."""
    if not condition:
        raise Failure(layer, kind, **fields)


def require_valid(layer: str, condition: object, kind: str, **fields: Any) -> None:
    """Raises what the documents write as `Validation(kind)` unless the condition holds."""
    require(layer, condition, "Validation", violation={"kind": kind, **fields})


@contextmanager
def failing_as(layer: str, kind: str, *caught: type[Exception]) -> Iterator[None]:
    """Turns these exceptions, or ValueError if there are none, into a Failure of this kind."""
    try:
        yield
    except caught or ValueError as cause:
        raise Failure(layer, kind) from cause


def expect(condition: object, expected: str) -> None:
    """Raises ValueError unless the condition holds."""
    if not condition:
        raise ValueError(f"expected {expected}")
