"""The driver of this host: abi/vectors/README.md, "The driver protocol".

It reads a vector from each line of standard input, and writes a line with its ends.
"""

import json
import sys
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import replace
from math import inf
from typing import Any

from abi import LIMITS, Failure, failing_as
from dispatch import Storage, dispatch, host_functions, request_text
from identity import read_identity
from json_codec import Json, decode, last_wins, read_text, write_text
from kernel import Budget, Setting
from layers import (LAYER_BUDGET, built_in_offer, canonical_offer, check_metadata, check_record, handshake,
                    make_metadata, self_check, slots_of)  # fmt: skip
from plugin import Plugin

Given = dict[str, Any]

LACKS = {"trap-on-grow": "Wasmtime for Python has no limiter that traps", "layout": "another kernel memory"}
CLOCK_MS = 1_700_000_000_000


def run_json(given: Given) -> Given:
    with failing_as("json", "Refused"):
        value = read_text(b64decode(given["json"]))
        value = last_wins(value) if given["way"] == "value" else value
        return {"response": write_text(decode(given["type"], value))}


def run_identity(given: Given) -> Given:
    return {"response": write_text(read_identity(b64decode(given["wasm"])))}


def run_handshake(given: Given) -> Given:
    offer = _read("HandshakeOffer", given["offer"], "offer") if "offer" in given else built_in_offer()
    accept = handshake(b64decode(given["wasm"]), offer, _budget(given, LAYER_BUDGET))
    return {"response": write_text(accept), "slots": slots_of(accept)}


def run_self_check(given: Given) -> Given:
    now, budget = given.get("clock", CLOCK_MS) // 1000, _budget(given, LAYER_BUDGET)
    return {"response": write_text(self_check(b64decode(given["wasm"]), given.get("slots"), now, budget))}


def run_record(given: Given) -> Given:
    if "make" in given:
        source = json.loads(given["make"])
        parts = {"identity": "PluginIdentity", "accept": "HandshakeAccept", "self_check": "SelfCheckResponse"}
        layers = [_read(declared, json.dumps(source[name]), "metadata") for name, declared in parts.items()]
        ttl_secs = source.get("ttl_secs", LIMITS["SKIP_HANDSHAKE_IF_FRESH_TTL_SECS"])
        value = metadata = make_metadata(*layers, source["handshake_completed_at"], ttl_secs)
    elif "metadata" in given:
        value = metadata = _read("AugmentedMetadata", given["metadata"], "metadata")
        check_metadata(metadata)
    else:
        value = _read("PluginRegistryRecord", given["record"], "metadata")
        check_record(value)
        metadata = value["augmented_metadata"]
    left = metadata["expires_at"] - given.get("now", 0)
    return {"response": write_text(value), "expired": left <= 0, "remaining": max(left, 0)}


def run_offers(given: Given) -> Given:
    canonical, offer_hash = canonical_offer(_read("HandshakeOfferRaw", given["raw"], "offer"))
    return {"response": write_text(canonical), "hash": offer_hash}


def run_requests(given: Given) -> Given:
    request, types = given["request"].encode(), given.get("types")
    return {"request": request_text(given["function"], given["version"], request, types)}


def run_steps(given: Given) -> list[Given]:
    """Builds the plugin, and takes the steps. What it logs and counts belongs to its step."""
    logs: list[tuple[str, str]] = []
    counters: list[tuple[str, int]] = []

    def log(level: str, message: str) -> None:
        logs.append((level, message))

    def count(name: str, value: int) -> None:
        counters.append((name, value))

    storage, clock_ms = Storage(given.get("quota", 1 << 20)), given.get("clock", CLOCK_MS)
    functions = host_functions(given.get("plugin_name", "vector"), storage, log, count, lambda: clock_ms)
    setting = Setting(
        _budget(given, Budget()),
        log_level=given.get("log_level", "info"),
        log=log,
        host_functions=functions if given["layer"] in ("dispatch", "host-functions") else {},
        **{name: given[name] for name in ("config", "max_var_bytes") if name in given},
    )
    plugin, ends = Plugin(b64decode(given["wasm"]), setting), []
    for step in given.get("steps", []):
        logs.clear()
        counters.clear()
        try:
            end = _take(plugin, given, step)
        except Failure as failure:
            end = _failed(failure)
        ends.append({**end, "logs": logs[:], "counters": counters[:], "fuel": plugin.fuel_consumed})
    plugin.close()
    return ends or [{}]


def _take(plugin: Plugin, given: Given, step: Given) -> Given:
    if given["layer"] == "dispatch":
        request = step["request"].encode()
        response = dispatch(plugin, given["negotiated"], step["function"], request, step.get("types"))
        return {"response": write_text(response)}
    return {"output": b64encode(plugin.call(step["call"], b64decode(step.get("input", "")))).decode()}


def _budget(given: Given, default: Budget) -> Budget:
    return replace(default, **{"wall_ms": inf, **given.get("budget", {})})


def _read(declared: str, text: str, layer: str) -> Json:
    with failing_as(layer, "Malformed"):
        return decode(declared, read_text(text.encode()))


def _failed(failure: Failure) -> Given:
    end = {"layer": failure.layer, "error": {"kind": failure.kind, "fields": failure.fields}}
    return {**end, "stage": failure.stage, "fallback": failure.fallback}


RUN: dict[str, Callable[[Given], Given]] = {
    "json": run_json,
    "identity": run_identity,
    "handshake": run_handshake,
    "self-check": run_self_check,
    "record": run_record,
    "offers": run_offers,
    "requests": run_requests,
}


def answer(given: Given) -> Given:
    """Returns the ends of one vector."""
    layer, vector = given["layer"], {"id": given["id"]}
    if lacks := [LACKS[flag] for flag in given.get("flags", []) if flag in LACKS]:
        return {**vector, "unsupported": lacks[0]}
    if layer.startswith("hooks-"):
        return {**vector, "unsupported": "generation 1 only"}
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
