"""Offers: PROTOCOL.md, "Layer 2: handshake" and "Canonical offer hash"."""

import hashlib
from collections.abc import Iterable

from abi import LIMITS, OFFERED, WIRE_FUNCTIONS
from failure import violation
from json_text import Json, write_text

ASCII_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


def built_in_offer(capabilities: Iterable[str] = ()) -> Json:
    """Returns the offer of the wire functions, in the form of HandshakeOffer."""
    return {
        "handshake_schema_version": 1,
        "envelope_version": 1,
        "function_versions": {name: WIRE_FUNCTIONS[name]["versions"] for name in sorted(OFFERED)},
        "host_capabilities": sorted(set(capabilities)),
    }


def check_offer(offer: Json) -> None:
    """Checks the limits of an offer, before anything is built."""
    functions = offer["function_versions"]
    if len(functions) > LIMITS["FUNCTION_VERSIONS_KEYS_MAX"]:
        raise violation("handshake", "FunctionCountExceeded")
    for name, versions in functions.items():
        if len(versions) > LIMITS["FUNCTION_VERSIONS_PER_FN_MAX"]:
            raise violation("handshake", "FunctionVersionCountExceeded", function=name)
        for version in versions:
            if not is_version(version):
                raise violation("handshake", "VersionOutOfRange", function=name, version=version)
    if len(offer["host_capabilities"]) > LIMITS["CAPABILITIES_MAX_COUNT"]:
        raise violation("handshake", "CapabilityCountExceeded")


def is_version(number: int) -> bool:
    """Says whether a number is one that a version can have."""
    return LIMITS["VERSION_MIN"] <= number <= LIMITS["VERSION_MAX"]


def canonical_offer(raw: Json) -> Json:
    """Returns the canonical form of an offer in raw form, whose entries may repeat."""
    merged: dict[str, set[int]] = {}
    for entry in raw["function_versions"]:
        merged.setdefault(entry["function"], set()).update(entry["versions"])
    lowered = {name.translate(ASCII_LOWER) for name in raw["host_capabilities"]}
    functions = {name: sorted(versions) for name, versions in sorted(merged.items())}
    return {**raw, "function_versions": functions, "host_capabilities": sorted(lowered)}


def offer_hash(canonical: Json) -> str:
    """Returns the SHA-256 of a canonical offer, in hexadecimal digits."""
    return hashlib.sha256(write_text(canonical).encode()).hexdigest()
