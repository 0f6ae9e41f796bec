"""The driver of this host: abi/vectors/README.md, "The driver protocol".

It reads a vector from each line of standard input, and writes a line with its ends.
"""

import json
import sys
from base64 import b64decode, b64encode
from collections.abc import Callable
from typing import Any

from dispatch import dispatch, request_text, types_of
from failure import Failure
from handshake import handshake, slots_of
from host_functions import Storage, host_functions
from identity import read_identity
from json_text import Json, last_wins, read_text, write_text
from layer_call import LAYER_BUDGET
from offers import built_in_offer, canonical_offer, offer_hash
from plugin import Plugin
from record import check_metadata, check_record, has_expired, make_metadata, remaining_secs
from self_check import self_check
from setting import Budget, Setting
from wire_types import decode

Vector = dict[str, Any]
End = dict[str, Any]

LACKS = {"trap-on-grow": "the limiter of Wasmtime for Python answers -1", "layout": "no such memory"}
DEFAULT_CLOCK_MS = 1_700_000_000_000


def run_json(vector: Vector) -> list[End]:
    try:
        value = read_text(b64decode(vector["json"]))
        value = last_wins(value) if vector["way"] == "value" else value
        return [{"response": write_text(decode(vector["type"], value))}]
    except ValueError as reason:
        raise Failure("json", "Refused") from reason


def run_identity(vector: Vector) -> list[End]:
    return [{"response": write_text(read_identity(b64decode(vector["wasm"])))}]


def run_handshake(vector: Vector) -> list[End]:
    offer = built_in_offer()
    if "offer" in vector:
        offer = _decoded("HandshakeOffer", vector["offer"], "offer")
    accept = handshake(b64decode(vector["wasm"]), offer, _budget(vector, LAYER_BUDGET))
    return [{"response": write_text(accept), "slots": slots_of(accept)}]


def run_self_check(vector: Vector) -> list[End]:
    now = vector.get("clock", DEFAULT_CLOCK_MS) // 1000
    budget = _budget(vector, LAYER_BUDGET)
    response = self_check(b64decode(vector["wasm"]), vector.get("slots"), now, budget)
    return [{"response": write_text(response)}]


def run_record(vector: Vector) -> list[End]:
    if "make" in vector:
        given = json.loads(vector["make"])
        metadata = value = make_metadata(
            _decoded("PluginIdentity", json.dumps(given["identity"]), "metadata"),
            _decoded("HandshakeAccept", json.dumps(given["accept"]), "metadata"),
            _decoded("SelfCheckResponse", json.dumps(given["self_check"]), "metadata"),
            given["handshake_completed_at"],
            *([given["ttl_secs"]] if "ttl_secs" in given else []),
        )
    elif "metadata" in vector:
        metadata = value = _decoded("AugmentedMetadata", vector["metadata"], "metadata")
        check_metadata(metadata)
    else:
        value = _decoded("PluginRegistryRecord", vector["record"], "metadata")
        metadata = value["augmented_metadata"]
        check_record(value)
    end: End = {"response": write_text(value)}
    if "now" in vector:
        end["expired"] = has_expired(metadata, vector["now"])
        end["remaining"] = remaining_secs(metadata, vector["now"])
    return [end]


def run_offers(vector: Vector) -> list[End]:
    canonical = canonical_offer(_decoded("HandshakeOfferRaw", vector["raw"], "offer"))
    return [{"response": write_text(canonical), "hash": offer_hash(canonical)}]


def run_requests(vector: Vector) -> list[End]:
    request_type, _ = types_of(vector["function"], vector.get("types"))
    return [{"request": request_text(request_type, vector["version"], vector["request"].encode())}]


def run_dispatch(vector: Vector) -> list[End]:
    def step(plugin: Plugin, given: Vector) -> End:
        request, generation = given["request"].encode(), given.get("types")
        response = dispatch(plugin, vector["negotiated"], given["function"], request, generation)
        return {"response": write_text(response)}

    return _steps(vector, step, with_host_functions=True)


def run_kernel(vector: Vector) -> list[End]:
    def step(plugin: Plugin, given: Vector) -> End:
        output = plugin.call(given["call"], b64decode(given.get("input", "")))
        return {"output": b64encode(output).decode(), "fuel": plugin.fuel_consumed}

    return _steps(vector, step, with_host_functions=vector["layer"] == "host-functions")


def _steps(
    vector: Vector, step: Callable[[Plugin, Vector], End], with_host_functions: bool
) -> list[End]:
    """Builds the plugin of a vector, and takes the steps. Logs and counters belong to their step."""
    logs: list[tuple[str, str]] = []
    counters: list[tuple[str, int]] = []
    setting = Setting(
        _budget(vector, Budget()),
        config=vector.get("config", {}),
        max_var_bytes=vector.get("max_var_bytes", 1 << 20),
        log_level=vector.get("log_level", "info"),
        log=lambda level, message: logs.append((level, message)),
    )
    if with_host_functions:
        setting.host_functions = host_functions(
            vector.get("plugin_name", "vector"),
            Storage(vector.get("quota", 1 << 20)),
            lambda level, message: logs.append((level, message)),
            lambda name, value: counters.append((name, value)),
            lambda: vector.get("clock", DEFAULT_CLOCK_MS),
        )
    plugin = Plugin(b64decode(vector["wasm"]), setting)
    ends = []
    for given in vector.get("steps", []):
        logs.clear()
        counters.clear()
        try:
            end = step(plugin, given)
        except Failure as failure:
            end = {**_failed(failure), "fuel": plugin.fuel_consumed}
        ends.append({**end, "logs": logs[:], "counters": counters[:]})
    plugin.close()
    return ends or [{}]


def _budget(vector: Vector, default: Budget) -> Budget:
    return Budget(**{**vars(default), "wall_ms": None, **vector.get("budget", {})})


def _decoded(name: str, text: str, layer: str) -> Json:
    try:
        return decode(name, read_text(text.encode()))
    except ValueError as reason:
        raise Failure(layer, "Malformed") from reason


def _failed(failure: Failure) -> End:
    error = {"kind": failure.kind, "fields": failure.fields}
    end = {"layer": failure.layer, "error": error}
    places = {"stage": failure.stage, "fallback": failure.fallback, "phase": failure.phase}
    return end | {name: value for name, value in places.items() if value is not None}


RUN: dict[str, Callable[[Vector], list[End]]] = {
    "json": run_json,
    "identity": run_identity,
    "handshake": run_handshake,
    "self-check": run_self_check,
    "record": run_record,
    "offers": run_offers,
    "requests": run_requests,
    "dispatch": run_dispatch,
    "kernel": run_kernel,
    "host-functions": run_kernel,
    "fuel": run_kernel,
}


def answer(vector: Vector) -> Vector:
    """Runs one vector."""
    lacks = [LACKS[flag] for flag in vector.get("flags", []) if flag in LACKS]
    if vector["layer"] not in RUN:
        lacks.append("no such layer")
    if lacks:
        return {"id": vector["id"], "unsupported": lacks[0]}
    try:
        return {"id": vector["id"], "ends": RUN[vector["layer"]](vector)}
    except Failure as failure:
        return {"id": vector["id"], "ends": [_failed(failure)]}


def main() -> None:
    """Answers one vector after another until standard input ends."""
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
