"""Layer 4: PROTOCOL.md, "Layer 4: the record". All times are in Unix seconds."""

from abi import LIMITS
from failure import Failure
from identity import check_identity
from json_text import Json, write_text

LAYER = "metadata"
TIME_MAX = 2**63 - 1
TIMES = ("handshake_completed_at", "self_check_completed_at", "expires_at")


def make_metadata(
    identity: Json,
    accept: Json,
    response: Json,
    handshake_completed_at: int,
    ttl_secs: int = LIMITS["SKIP_HANDSHAKE_IF_FRESH_TTL_SECS"],
) -> Json:
    """Returns the AugmentedMetadata of a plugin that passed the layers."""
    metadata = {
        "identity": identity,
        "negotiated_functions": accept["chosen_versions"],
        "negotiated_capabilities": accept["required_capabilities"],
        "handshake_completed_at": handshake_completed_at,
        "self_check_passed": response["status"] == "success",
        "self_check_completed_at": response["completed_at"],
        "expires_at": handshake_completed_at + ttl_secs,
    }
    check_metadata(metadata)
    return metadata


def check_metadata(metadata: Json) -> None:
    """Checks the rules of a record's metadata."""
    try:
        check_identity(metadata["identity"], LAYER)
    except Failure as cause:
        raise Failure(LAYER, "IdentityValidationFailed", violation=cause.fields["violation"]) from cause
    for name in TIMES:
        _check_time(metadata[name])
    if metadata["expires_at"] <= metadata["handshake_completed_at"]:
        raise Failure(LAYER, "ExpirationBeforeHandshake")
    if not metadata["negotiated_functions"]:
        raise Failure(LAYER, "NoNegotiatedFunctions")
    if len(write_text(metadata).encode()) > LIMITS["AUGMENTED_METADATA_MAX_BYTES"]:
        raise Failure(LAYER, "SizeLimitExceeded")


def check_record(record: Json) -> None:
    """Checks the rules of a PluginRegistryRecord."""
    if not record["plugin_id"]:
        raise Failure(LAYER, "InvalidTimestamp")
    _check_time(record["registered_at"])
    check_metadata(record["augmented_metadata"])


def has_expired(metadata: Json, now: int) -> bool:
    """Says whether a new handshake is needed at this time."""
    return now >= metadata["expires_at"]


def remaining_secs(metadata: Json, now: int) -> int:
    """Returns the seconds until the record expires. It may not fit an i64."""
    return max(metadata["expires_at"] - now, 0)


def _check_time(seconds: int) -> None:
    if not 1 <= seconds <= TIME_MAX:
        raise Failure(LAYER, "InvalidTimestamp")
