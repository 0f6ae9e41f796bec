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
                require("identity", identity is None, "DuplicateCustomSection")  # I-8.1
                identity = _decode_identity(contents.take(contents.end - contents.at))
    require("identity", identity is not None, "MissingCustomSection")  # I-9
    return identity


def _decode_identity(payload: bytes) -> Json:
    size, most = len(payload), LIMITS["CUSTOM_SECTION_MAX_SIZE"]
    require("identity", size <= most, "SectionTooLarge", size=size)  # I-8.2
    with failing_as("identity", "MalformedPayload"):  # I-8.3
        identity = decode("PluginIdentity", read_text(payload))
    return check_identity(identity)


def check_identity(identity: Json) -> Json:
    """Returns an identity if it keeps the rules of magic, name and version."""
    magic = {"expected": MAGIC, "found": identity["magic"]}
    require("identity", identity["magic"] == MAGIC, "MagicMismatch", **magic)  # I-8.4
    name, version = identity["plugin_name"], identity["plugin_version"]
    name_fits = len(name.encode()) <= LIMITS["PLUGIN_NAME_MAX_BYTES"]
    version_fits = len(version.encode()) <= LIMITS["PLUGIN_VERSION_MAX_BYTES"]
    require_valid("identity", name, "PluginNameEmpty")  # I-8.5
    require_valid("identity", name_fits and NAME_PATTERN.fullmatch(name), "PluginNameInvalid")  # I-8.6
    require_valid("identity", version, "PluginVersionEmpty")  # I-8.7
    require_valid("identity", version_fits, "PluginVersionTooLong")  # I-8.8
    return identity
