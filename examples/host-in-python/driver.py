"""The driver of this host: abi/vectors/README.md, "The driver protocol".

It reads a vector from each line of standard input, and writes a line with its ends.
"""

import json
import os
import sys
from base64 import b64decode, b64encode
from dataclasses import replace
from importlib.util import find_spec
from math import inf
from pathlib import Path
from typing import Any

if find_spec("wasmtime") is None:
    # The environment that `npm run test:hosts` makes has the engine.
    own_python = Path(__file__).with_name(".venv") / "bin" / "python"
    if not own_python.exists() or Path(sys.executable) == own_python:
        sys.exit(f"the engine is missing: python3 -m pip install -r {Path(__file__).with_name('requirements.txt')}")
    os.execv(own_python, [str(own_python), *sys.argv])

from abi import LIMITS, Failure, failing_as
from dispatch import Storage, dispatch, host_functions, request_text
from identity import read_identity
from json_codec import Json, decode, last_wins, read_text, write_text
from kernel import Budget, Setting
from admission import (LAYER_BUDGET, built_in_offer, canonical_offer, check_metadata, check_record, handshake,
                    make_metadata, self_check, slots_of)  # fmt: skip
from plugin import Plugin

Given = dict[str, Any]
End = dict[str, Any]

LACKS = {
    "trap-on-grow": "Wasmtime for Python has no limiter that traps",
    "layout": "the kernel has another memory",
    "feature:threads": "switched off",
    "feature:gc": "switched off, since nothing bounds its objects",
    "feature:exceptions": "switched off, since nothing bounds its objects",
}
CLOCK_MS = 1_700_000_000_000


def run_json(given: Given) -> End:
    with failing_as("json", "Refused"):
        value = read_text(given["json"])
        value = last_wins(value) if given["way"] == "value" else value
        return {"response": write_text(decode(given["type"], value))}


def run_identity(given: Given) -> End:
    return {"response": write_text(read_identity(given["wasm"]))}


def run_handshake(given: Given) -> End:
    offer = _read("HandshakeOffer", given["offer"]) if "offer" in given else built_in_offer()
    accept = handshake(given["wasm"], offer, _budget(given, LAYER_BUDGET))
    return {"response": write_text(accept), "slots": slots_of(accept)}


def run_self_check(given: Given) -> End:
    now, budget = given.get("clock", CLOCK_MS) // 1000, _budget(given, LAYER_BUDGET)
    return {"response": write_text(self_check(given["wasm"], given.get("slots"), now, budget))}


def run_record(given: Given) -> End:
    if "make" in given:
        source = dict(read_text(given["make"].encode()))
        parts = {"identity": "PluginIdentity", "accept": "HandshakeAccept", "self_check": "SelfCheckResponse"}
        identity, accept, response = (decode(declared, source[name]) for name, declared in parts.items())
        ttl_secs = source.get("ttl_secs", LIMITS["SKIP_HANDSHAKE_IF_FRESH_TTL_SECS"])
        value = metadata = make_metadata(identity, accept, response, source["handshake_completed_at"], ttl_secs)
    elif "metadata" in given:
        value = metadata = _read("AugmentedMetadata", given["metadata"])
        check_metadata(metadata)
    else:
        value = _read("PluginRegistryRecord", given["record"])
        check_record(value)
        metadata = value["augmented_metadata"]
    left = metadata["expires_at"] - given.get("now", 0)
    return {"response": write_text(value), "expired": left <= 0, "remaining": max(left, 0)}


def run_offers(given: Given) -> End:
    canonical, offer_hash = canonical_offer(_read("HandshakeOfferRaw", given["raw"]))
    return {"response": write_text(canonical), "hash": offer_hash}


def run_requests(given: Given) -> End:
    request, types = given["request"].encode(), given.get("types")
    return {"request": request_text(given["function"], given["version"], request, types)}


def run_steps(given: Given) -> list[End]:
    """Builds the plugin, and takes the steps. What it logs and counts belongs to its step."""
    noted: dict[str, list[Any]] = {"logs": [], "counters": []}
    ends = []
    setting = _setting(given, noted)
    plugin = Plugin(given["wasm"], setting)
    for step in given.get("steps", []):
        for notes in noted.values():
            notes.clear()
        try:
            end = _take(plugin, given, step)
        except Failure as failure:
            end = _failed(failure)
        ends.append({**end, "fuel": plugin.fuel_consumed, **{name: notes[:] for name, notes in noted.items()}})
    plugin.close()
    return ends or [{}]


def _setting(given: Given, noted: dict[str, list[Any]]) -> Setting:
    def log(*entry: str) -> None:
        noted["logs"].append(entry)

    def count(*entry: str | int) -> None:
        noted["counters"].append(entry)

    functions = {}
    if given["layer"] in ("dispatch", "host-functions"):
        name, clock_ms = given.get("plugin_name", "vector"), given.get("clock", CLOCK_MS)
        functions = host_functions(name, Storage(given.get("quota", 1 << 20)), log, count, lambda: clock_ms)
    options = given.get("config", {}), given.get("max_var_bytes", 1 << 20), given.get("log_level", "info")
    return Setting(_budget(given, Budget()), *options, log, functions)


def _take(plugin: Plugin, given: Given, step: Given) -> End:
    if given["layer"] == "dispatch":
        request = step["request"].encode()
        response = dispatch(plugin, given["negotiated"], step["function"], request, step.get("types"))
        return {"response": write_text(response)}
    return {"output": b64encode(plugin.call(step["call"], b64decode(step.get("input", "")))).decode()}


def _budget(given: Given, default: Budget) -> Budget:
    return replace(default, **{"wall_ms": inf, **given.get("budget", {})})


def _read(declared: str, text: str) -> Json:
    with failing_as("json", "Refused"):
        return decode(declared, read_text(text.encode()))


def _failed(failure: Failure) -> End:
    places = {"stage": failure.stage, "fallback": failure.fallback} if failure.stage else {}
    return {"layer": failure.layer, "error": {"kind": failure.kind, "fields": failure.fields}, **places}


RUN = {"json": run_json, "identity": run_identity, "handshake": run_handshake, "self-check": run_self_check,
       "record": run_record, "offers": run_offers, "requests": run_requests}  # fmt: skip


def answer(given: Given) -> dict[str, Any]:
    """Returns the ends of one vector."""
    layer, vector = given["layer"], {"id": given["id"]}
    lacks = [LACKS[flag] for flag in given.get("flags", []) if flag in LACKS]
    if lacks or layer.startswith("hooks-"):
        return {**vector, "unsupported": lacks[0] if lacks else "generation 1 only"}
    given |= {name: b64decode(given[name]) for name in ("json", "wasm") if name in given}
    try:
        return {**vector, "ends": [RUN[layer](given)] if layer in RUN else run_steps(given)}
    except Failure as failure:
        return {**vector, "ends": [_failed(failure)]}


def main() -> None:
    """Answers one vector after another until standard input ends."""
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
