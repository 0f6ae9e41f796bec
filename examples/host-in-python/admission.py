"""Layers 2 to 4 of PROTOCOL.md: handshake, self-check and record. Times are in Unix seconds.

Comments name the rule that a line keeps. `H-6.1` is an anchor in PROTOCOL.md.
"""

import hashlib
import re
from functools import partial

from abi import LIMITS, WIRE_FUNCTIONS, Failure, failing_as, require, require_valid
from identity import check_identity
from json_codec import Json, decode, read_text, write_text
from kernel import Budget, Setting
from plugin import Plugin

OFFERED = [name for name, entry in WIRE_FUNCTIONS.items() if entry["offered"]]
SLOTS = {"router": "filter", "observability_hook": "observe", "shape": "shape"}
LAYER_BUDGET = Budget(10_000_000, 200, memory_pages=1024, initial_memory_pages=1024, table_entries=1_000_000)
TIMEOUT_TEXT = re.compile("timeout|timed out|deadline|fuel", re.IGNORECASE | re.ASCII)
ASCII_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}
VERSIONS: dict[str, int] = {"min": LIMITS["VERSION_MIN"], "max": LIMITS["VERSION_MAX"]}
ALLOWED_VERSIONS = range(VERSIONS["min"], VERSIONS["max"] + 1)
TIMES = range(1, 2**63)

check, valid = partial(require, "handshake"), partial(require_valid, "handshake")


def built_in_offer() -> Json:
    """Returns the offer of the wire functions, without capabilities."""
    known = {name: WIRE_FUNCTIONS[name]["versions"] for name in sorted(OFFERED)}  # H-3
    return {"handshake_schema_version": 1, "envelope_version": 1, "function_versions": known, "host_capabilities": []}


def canonical_offer(raw: Json) -> tuple[Json, str]:
    """Returns the canonical form of an offer in raw form, and its hash."""
    merged: dict[str, set[int]] = {}
    for entry in raw["function_versions"]:
        merged.setdefault(entry["function"], set()).update(entry["versions"])  # O-3.1
    functions = {name: sorted(versions) for name, versions in sorted(merged.items())}  # O-3.2, O-3.4
    capabilities = sorted({name.translate(ASCII_LOWER) for name in raw["host_capabilities"]})  # O-3.3
    canonical = {**raw, "function_versions": functions, "host_capabilities": capabilities}
    return canonical, hashlib.sha256(write_text(canonical).encode()).hexdigest()  # O-3.5, O-3.6


def handshake(wasm: bytes, offer: Json, budget: Budget = LAYER_BUDGET) -> Json:
    """Makes an offer to the plugin, and returns its accept."""
    _check_offer(offer)
    plugin = _build("handshake", wasm, budget, "cc_lb_handshake", "MissingHandshakeExport")  # H-7, H-8.1
    output = _call("handshake", plugin, "cc_lb_handshake", offer, "HANDSHAKE_OUTPUT_MAX_BYTES")
    with failing_as("handshake", "DecodeAccept"):  # H-11
        accept = decode("HandshakeAccept", read_text(output))
    _check_against_offer(accept, offer)
    _check_accept(accept, offer["function_versions"])
    implemented = accept["implemented_functions"]
    for function in implemented:
        check(plugin.has_function(function), "DeclaredFunctionMissing", function=function)  # H-14.1
    for function in filter(plugin.has_function, OFFERED):
        check(function in implemented, "UndeclaredExport", function=function)  # H-14.2
    return accept


def slots_of(accept: Json) -> list[str]:
    """Returns the slots that a plugin fills, in their order."""
    return [slot for slot, function in SLOTS.items() if function in accept["implemented_functions"]]  # P-3, P-4


def _check_offer(offer: Json) -> None:
    functions, capabilities = offer["function_versions"], offer["host_capabilities"]
    most = LIMITS["FUNCTION_VERSIONS_KEYS_MAX"]
    valid(len(functions) <= most, "FunctionCountExceeded", count=len(functions), max=most)  # H-6.1
    most = LIMITS["FUNCTION_VERSIONS_PER_FN_MAX"]
    for name, versions in functions.items():
        count = len(versions)
        valid(count <= most, "FunctionVersionCountExceeded", function=name, count=count, max=most)  # H-6.2
        for version in versions:
            valid(version in ALLOWED_VERSIONS, "VersionOutOfRange", version=version, **VERSIONS)  # H-6.3
    most = LIMITS["CAPABILITIES_MAX_COUNT"]
    valid(len(capabilities) <= most, "CapabilityCountExceeded", count=len(capabilities), max=most)  # H-6.4


def _check_against_offer(accept: Json, offer: Json) -> None:
    got, expected = accept["handshake_schema_version"], offer["handshake_schema_version"]
    valid(got == expected, "HandshakeSchemaVersionMismatch", got=got, expected=expected)  # H-12.1
    for function, version in accept["chosen_versions"].items():
        offered, supported = offer["function_versions"].get(function), accept["plugin_supported"].get(function)
        valid(None not in (offered, supported), "ChosenForUnknownFunction", function=function)  # H-12.2
        valid(version in offered, "ChosenVersionNotOffered", function=function, version=version)  # H-12.3
        best = max(set(offered) & set(supported), default=version)
        valid(best <= version, "DowngradeAttempt", function=function, chosen=version, maxIntersection=best)  # H-12.4
    for name in accept["required_capabilities"]:
        valid(name in offer["host_capabilities"], "RequiredCapabilityUnavailable", capability=name)  # H-12.5


def _check_accept(accept: Json, offered: Json) -> None:
    implemented, supported = accept["implemented_functions"], accept["plugin_supported"]
    count, most = len(implemented), LIMITS["IMPLEMENTED_FUNCTIONS_MAX"]
    check(count <= most, "ImplementedFunctionCountExceeded", count=count, max=most)  # H-13.1
    for function in implemented:
        check(function in offered, "ImplementedUnknownFunction", function=function)  # H-13.2
    for function, versions in supported.items():
        check(function in offered, "SupportedUnknownFunction", function=function)  # H-13.3
        for version in versions:
            fields = {"function": function, "version": version, **VERSIONS}
            check(version in ALLOWED_VERSIONS, "SupportedVersionOutOfRange", **fields)  # H-13.4
    for function, version in accept["chosen_versions"].items():
        check(function in implemented, "ChosenFunctionNotImplemented", function=function)  # H-13.5
        check(version in supported[function], "ChosenVersionNotSupported", function=function, version=version)  # H-13.6


def self_check(wasm: bytes, slots: list[str] | None, now: int, budget: Budget = LAYER_BUDGET) -> Json:
    """Has the plugin test itself, and returns its response. Without slots, it tests all functions."""
    plugin = _build("self_check", wasm, budget, "cc_lb_self_check", "MissingSelfCheckExport")  # S-8.1, S-8.2
    functions = OFFERED if slots is None else [SLOTS[slot] for slot in slots]  # S-5
    most = LIMITS["IMPLEMENTED_FUNCTIONS_MAX"]
    require_valid("self_check", len(functions) <= most, "TooManyFunctions")  # S-8.5
    field = "initiated_at" if functions else "completed_at"
    require_valid("self_check", now > 0, "InvalidTimestamp", field=field)  # S-8.6
    if not functions:
        return {"status": "success", "failures": [], "completed_at": now}  # S-6
    request = {"functions_to_test": functions, "initiated_at": now}
    output = _call("self_check", plugin, "cc_lb_self_check", request, "SELF_CHECK_OUTPUT_MAX_BYTES")
    with failing_as("self_check", "DecodeResponse"):  # S-8.10
        response = decode("SelfCheckResponse", read_text(output))
    success, count = response["status"] == "success", len(response["failures"])
    require_valid("self_check", response["completed_at"] > 0, "InvalidTimestamp", field="completed_at")  # S-8.11
    require_valid("self_check", count <= most, "TooManyFunctions")  # S-8.12
    require("self_check", not success or count == 0, "SuccessWithFailures", count=count)  # S-8.13
    require("self_check", success or count > 0, "FailureWithoutFailures")  # S-8.14
    require("self_check", success, "FailureStatus", failures=count)  # S-8.15
    return response


def _build(layer: str, wasm: bytes, budget: Budget, export: str, missing: str) -> Plugin:
    with failing_as(layer, "Instantiate", Failure):
        plugin = Plugin(wasm, Setting(budget))
    require(layer, plugin.has_function(export), missing)
    return plugin


def _call(layer: str, plugin: Plugin, export: str, request: Json, limit: str) -> bytes:
    """Makes the only call of a plugin, and returns its output. `limit` names that of its bytes."""
    try:
        output = plugin.call(export, write_text(request).encode())
    except Failure as cause:
        said = cause.kind == "PluginError" and TIMEOUT_TEXT.search(cause.fields["message"])  # H-9.2
        timeout = layer == "handshake" and (said or cause.kind in ("Timeout", "OutOfFuel"))  # H-9.1
        raise Failure(layer, "Timeout" if timeout else "Call") from cause
    finally:
        plugin.close()
    with failing_as(layer, "Call"):  # H-9.3, S-8.8
        output.decode()
    require(layer, len(output) <= LIMITS[limit], "OutputTooLarge", bytes=len(output), max=LIMITS[limit])  # H-10, S-8.9
    return output


def make_metadata(identity: Json, accept: Json, response: Json, completed_at: int, ttl_secs: int) -> Json:
    """Returns the AugmentedMetadata of a plugin whose handshake was completed at this time."""
    return check_metadata({
        "identity": identity,
        "negotiated_functions": accept["chosen_versions"],
        "negotiated_capabilities": accept["required_capabilities"],
        "handshake_completed_at": completed_at,
        "self_check_passed": response["status"] == "success",
        "self_check_completed_at": response["completed_at"],
        "expires_at": completed_at + ttl_secs,
    })  # fmt: skip


def check_metadata(metadata: Json) -> Json:
    """Returns a record's metadata if it keeps the rules."""
    try:
        check_identity(metadata["identity"])
    except Failure as cause:
        violation = cause.fields.get("violation", {"kind": cause.kind})
        raise Failure("metadata", "IdentityValidationFailed", violation=violation) from cause
    for name in ("handshake_completed_at", "self_check_completed_at", "expires_at"):
        require("metadata", metadata[name] in TIMES, "InvalidTimestamp", field=name)
    lifetime = metadata["expires_at"] - metadata["handshake_completed_at"]
    require("metadata", lifetime > 0, "ExpirationBeforeHandshake")
    require("metadata", metadata["negotiated_functions"], "NoNegotiatedFunctions")
    size = len(write_text(metadata).encode())
    require("metadata", size <= LIMITS["AUGMENTED_METADATA_MAX_BYTES"], "SizeLimitExceeded")
    return metadata


def check_record(record: Json) -> None:
    """Checks the rules of a PluginRegistryRecord."""
    require("metadata", record["plugin_id"], "InvalidTimestamp", field="plugin_id")
    require("metadata", record["registered_at"] in TIMES, "InvalidTimestamp", field="registered_at")
    check_metadata(record["augmented_metadata"])
