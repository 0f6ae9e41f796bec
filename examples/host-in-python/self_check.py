"""Layer 3: PROTOCOL.md, "Layer 3: self-check"."""

from abi import LIMITS, OFFERED
from failure import Failure, violation
from handshake import SLOT_OF
from json_text import Json, read_text, write_text
from layer_call import LAYER_BUDGET, build_for, check_output, require_export
from plugin import Plugin
from setting import Budget
from wire_types import decode

EXPORT = "cc_lb_self_check"
LAYER = "self_check"
FUNCTION_OF = {slot: function for function, slot in SLOT_OF.items()}


def self_check(
    wasm: bytes, slots: list[str] | None, now: int, budget: Budget = LAYER_BUDGET
) -> Json:
    """Has the plugin test itself, and returns its response.

    `slots` are those of the plugin; None asks for all wire functions. `now` is in Unix seconds.
    """
    plugin = build_for(LAYER, wasm, budget)
    try:
        require_export(LAYER, plugin, EXPORT, "MissingSelfCheckExport")
        functions = OFFERED if slots is None else [FUNCTION_OF[slot] for slot in slots]
        if len(functions) > LIMITS["IMPLEMENTED_FUNCTIONS_MAX"]:
            raise violation(LAYER, "TooManyFunctions")
        if now <= 0:
            raise violation(LAYER, "InvalidTimestamp")
        if not functions:
            return {"status": "success", "failures": [], "completed_at": now}
        return _ask(plugin, {"functions_to_test": functions, "initiated_at": now})
    finally:
        plugin.close()


def _ask(plugin: Plugin, request: Json) -> Json:
    try:
        output = plugin.call(EXPORT, write_text(request).encode())
    except Failure as cause:
        raise Failure(LAYER, "Call", cause=cause.kind) from cause
    check_output(LAYER, output, LIMITS["SELF_CHECK_OUTPUT_MAX_BYTES"])
    try:
        response = decode("SelfCheckResponse", read_text(output))
    except ValueError as reason:
        raise Failure(LAYER, "DecodeResponse") from reason
    count = len(response["failures"])
    if response["completed_at"] <= 0:
        raise violation(LAYER, "InvalidTimestamp")
    if count > LIMITS["IMPLEMENTED_FUNCTIONS_MAX"]:
        raise violation(LAYER, "TooManyFunctions")
    if response["status"] == "success":
        if count > 0:
            raise Failure(LAYER, "SuccessWithFailures", count=count)
        return response
    if count == 0:
        raise Failure(LAYER, "FailureWithoutFailures")
    raise Failure(LAYER, "FailureStatus", failures=count)
