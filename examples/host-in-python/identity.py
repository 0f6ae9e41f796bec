"""Layer 1: the identity (PROTOCOL.md, "Layer 1: identity")."""

import re

from abi import LIMITS
from failure import Failure, violation
from json_text import Json, read_text
from sections import Malformed, sections
from wire_types import decode

SECTION = "cc_lb.plugin.v1"
MAGIC = [0xCC, 0x1B, 0x70, 0x10, 0, 1, 0, 0]


def read_identity(module: bytes) -> Json:
    """Returns the identity of a module. It compiles and runs nothing."""
    identity = None
    try:
        for section in sections(module):
            if section.name != SECTION:
                continue
            if identity is not None:
                raise Failure("identity", "DuplicateCustomSection")
            payload = section.payload.take(section.payload.end - section.payload.at)
            identity = _read_payload(payload)
    except Malformed as fault:
        raise Failure("identity", "WasmParseError", offset=fault.offset) from fault
    if identity is None:
        raise Failure("identity", "MissingCustomSection")
    return identity


def _read_payload(payload: bytes) -> Json:
    if len(payload) > LIMITS["CUSTOM_SECTION_MAX_SIZE"]:
        raise Failure("identity", "SectionTooLarge", size=len(payload))
    try:
        identity = decode("PluginIdentity", read_text(payload))
    except ValueError as reason:
        raise Failure("identity", "MalformedPayload") from reason
    if identity["magic"] != MAGIC:
        raise Failure("identity", "MagicMismatch", expected=MAGIC, found=identity["magic"])
    check_identity(identity, "identity")
    return identity


def check_identity(identity: Json, layer: str) -> None:
    """Checks the rules of names and versions."""
    name, version = identity["plugin_name"], identity["plugin_version"]
    if not name:
        raise violation(layer, "PluginNameEmpty")
    if len(name.encode()) > LIMITS["PLUGIN_NAME_MAX_BYTES"] or not matches_name(name):
        raise violation(layer, "PluginNameInvalid")
    if not version:
        raise violation(layer, "PluginVersionEmpty")
    if len(version.encode()) > LIMITS["PLUGIN_VERSION_MAX_BYTES"]:
        raise violation(layer, "PluginVersionTooLong")


def matches_name(name: str) -> bool:
    """Says whether a name matches the pattern as a whole: `$` there is the end of the text."""
    return re.fullmatch(LIMITS["PLUGIN_NAME_PATTERN"].strip("^$"), name) is not None
