"""The reference as data: the JSON files beside the documents in abi/."""

import json
from pathlib import Path
from typing import Any

ABI = Path(__file__).resolve().parents[2] / "abi"


def load(name: str) -> Any:
    """Returns the contents of a JSON file in abi/."""
    return json.loads((ABI / name).read_bytes())


PROTOCOL = load("protocol.json")
KERNEL = load("kernel.json")
HOOKS = load("hooks.json")
LIMITS: dict[str, Any] = PROTOCOL["limits"]
WIRE_FUNCTIONS: dict[str, Any] = {entry["name"]: entry for entry in PROTOCOL["wire_functions"]}
OFFERED: list[str] = [name for name, entry in WIRE_FUNCTIONS.items() if entry["offered"]]
