"""Layer 1: PROTOCOL.md, "Layer 1: identity". This reads the bytes of a module and runs nothing."""

import re

from abi import LIMITS, failing_as, require, require_valid
from json_codec import Json, decode, read_text
from module import sections

SECTION = "cc_lb.plugin.v1"
# `^` and `$` of a pattern are the ends of the whole text.
NAME_PATTERN = re.compile(LIMITS["PLUGIN_NAME_PATTERN"].strip("^$"))
MAGIC = [0xCC, 0x1B, 0x70, 0x10, 0, 1, 0, 0]


def read_identity(module: bytes) -> Json:
    """Returns the identity of a module."""
    identity = None
    with failing_as("identity", "WasmParseError"):
        for _, name, contents in sections(module):
            if name == SECTION:
                require("identity", identity is None, "DuplicateCustomSection")
                identity = _decode_identity(contents.take(contents.end - contents.at))
    require("identity", identity is not None, "MissingCustomSection")
    return identity


def _decode_identity(payload: bytes) -> Json:
    require("identity", len(payload) <= LIMITS["CUSTOM_SECTION_MAX_SIZE"], "SectionTooLarge", size=len(payload))
    with failing_as("identity", "MalformedPayload"):
        identity = decode("PluginIdentity", read_text(payload))
    return check_identity(identity)


def check_identity(identity: Json) -> Json:
    """Returns an identity if it keeps the rules of magic, name and version."""
    magic = {"expected": MAGIC, "found": identity["magic"]}
    require("identity", identity["magic"] == MAGIC, "MagicMismatch", **magic)
    name, version = identity["plugin_name"], identity["plugin_version"]
    fits = len(name.encode()) <= LIMITS["PLUGIN_NAME_MAX_BYTES"]
    require_valid("identity", name, "PluginNameEmpty")
    require_valid("identity", fits and NAME_PATTERN.fullmatch(name), "PluginNameInvalid")
    require_valid("identity", version, "PluginVersionEmpty")
    require_valid("identity", len(version.encode()) <= LIMITS["PLUGIN_VERSION_MAX_BYTES"], "PluginVersionTooLong")
    return identity
