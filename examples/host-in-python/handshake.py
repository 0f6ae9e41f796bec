"""Layer 2: PROTOCOL.md, "Handshake: order of checks" and "Slots and kinds"."""

import re

from abi import LIMITS, OFFERED
from failure import Failure, violation
from json_text import Json, read_text, write_text
from layer_call import LAYER_BUDGET, build_for, check_output, require_export
from offers import check_offer, is_version
from plugin import Plugin
from setting import Budget
from wire_types import decode

EXPORT = "cc_lb_handshake"
LAYER = "handshake"
SLOT_OF = {"filter": "router", "observe": "observability_hook", "shape": "shape"}
TIMEOUT_TEXT = re.compile("timeout|timed out|deadline|fuel", re.IGNORECASE | re.ASCII)


def handshake(wasm: bytes, offer: Json, budget: Budget = LAYER_BUDGET) -> Json:
    """Makes an offer to the plugin, and returns its accept."""
    check_offer(offer)
    plugin = build_for(LAYER, wasm, budget)
    try:
        require_export(LAYER, plugin, EXPORT, "MissingHandshakeExport")
        output = _call(plugin, write_text(offer).encode())
        check_output(LAYER, output, LIMITS["HANDSHAKE_OUTPUT_MAX_BYTES"])
        try:
            accept = decode("HandshakeAccept", read_text(output))
        except ValueError as reason:
            raise Failure(LAYER, "DecodeAccept") from reason
        _check_against_offer(accept, offer)
        _check_accept(accept, offer["function_versions"])
        _check_exports(accept["implemented_functions"], plugin)
        return accept
    finally:
        plugin.close()


def slots_of(accept: Json) -> list[str]:
    """Returns the slots that a plugin fills, in their order."""
    return [slot for function, slot in SLOT_OF.items() if function in accept["implemented_functions"]]


def _call(plugin: Plugin, offer: bytes) -> bytes:
    try:
        return plugin.call(EXPORT, offer)
    except Failure as cause:
        said = cause.kind == "PluginError" and TIMEOUT_TEXT.search(cause.fields["message"])
        timeout = said or cause.kind in ("Timeout", "OutOfFuel")
        raise Failure(LAYER, "Timeout" if timeout else "Call", cause=cause.kind) from cause


def _check_against_offer(accept: Json, offer: Json) -> None:
    got, expected = accept["handshake_schema_version"], offer["handshake_schema_version"]
    if got != expected:
        raise violation(LAYER, "HandshakeSchemaVersionMismatch", got=got, expected=expected)
    for function, version in accept["chosen_versions"].items():
        offered = offer["function_versions"].get(function)
        supported = accept["plugin_supported"].get(function)
        if supported is None or offered is None:
            raise violation(LAYER, "ChosenForUnknownFunction", function=function)
        if version not in offered:
            raise violation(LAYER, "ChosenVersionNotOffered", function=function, version=version)
        largest = max(set(offered) & set(supported), default=version)
        if largest > version:
            raise violation(
                LAYER, "DowngradeAttempt", function=function, chosen=version, max_intersection=largest
            )
    for capability in accept["required_capabilities"]:
        if capability not in offer["host_capabilities"]:
            raise violation(LAYER, "RequiredCapabilityUnavailable", capability=capability)


def _check_accept(accept: Json, offered: Json) -> None:
    implemented = accept["implemented_functions"]
    if len(implemented) > LIMITS["IMPLEMENTED_FUNCTIONS_MAX"]:
        raise Failure(LAYER, "ImplementedFunctionCountExceeded")
    for function in implemented:
        if function not in offered:
            raise Failure(LAYER, "ImplementedUnknownFunction", function=function)
    for function, versions in accept["plugin_supported"].items():
        if function not in offered:
            raise Failure(LAYER, "SupportedUnknownFunction", function=function)
        for version in versions:
            if not is_version(version):
                raise Failure(LAYER, "SupportedVersionOutOfRange", function=function, version=version)
    for function, version in accept["chosen_versions"].items():
        if function not in implemented:
            raise Failure(LAYER, "ChosenFunctionNotImplemented", function=function)
        if version not in accept["plugin_supported"][function]:
            raise Failure(LAYER, "ChosenVersionNotSupported", function=function, version=version)


def _check_exports(implemented: list[str], plugin: Plugin) -> None:
    for function in implemented:
        if not plugin.has_function(function):
            raise Failure(LAYER, "DeclaredFunctionMissing", function=function)
    for function in OFFERED:
        if plugin.has_function(function) and function not in implemented:
            raise Failure(LAYER, "UndeclaredExport", function=function)
