"""Layer 5: PROTOCOL.md, "Layer 5: dispatch"."""

from abi import WIRE_FUNCTIONS
from failure import Failure
from json_text import Json, Pairs, last_wins, read_text, write_text
from plugin import Plugin
from wire_types import decode

VERSION_MAX = 2**32 - 1


def types_of(function: str, generation: str | None = None) -> tuple[str, str]:
    """Returns the types of request and response.

    Without a generation, these are the types that every plugin of the function knows: v3 of
    `filter`, v1 of all others.
    """
    generations = WIRE_FUNCTIONS[function]["types"]
    types = generations[generation or min(generations)]
    return types["request"], types["response"]


def request_text(request_type: str, version: int, request: bytes) -> str:
    """Returns the envelope that is sent for a request in JSON."""
    try:
        fields = decode(request_type, read_text(request))
    except ValueError as reason:
        raise _failure("RequestValue", "request_envelope") from reason
    if not 0 <= version <= VERSION_MAX:
        raise _failure("SerializeRequestEnvelope", "serialize_request")
    return write_text({**fields, "_v": version}, sort_keys=True)


def dispatch(
    plugin: Plugin, negotiated: dict[str, int], function: str, request: bytes, generation: str | None = None
) -> Json:
    """Calls a wire function, and returns its response. The Failure has `stage` and `fallback`."""
    try:
        return _dispatch(plugin, negotiated, function, request, generation)
    except Failure as failure:
        failure.fallback = WIRE_FUNCTIONS[function]["fallback"]
        raise


def _dispatch(
    plugin: Plugin, negotiated: dict[str, int], function: str, request: bytes, generation: str | None
) -> Json:
    if function not in negotiated:
        raise _failure("MissingNegotiatedVersion", "version_lookup", function=function)
    version = negotiated[function]
    request_type, response_type = types_of(function, generation)
    text = request_text(request_type, version, request)
    try:
        output = plugin.call(function, text.encode())
        output.decode("utf-8")
    except (Failure, UnicodeDecodeError) as cause:
        raise _failure("PluginCall", "plugin_call") from cause
    return response_of(response_type, version, output)


def response_of(response_type: str, version: int, output: bytes) -> Json:
    """Decodes what a wire function returned."""
    try:
        envelope = last_wins(read_text(output))
    except ValueError as reason:
        raise _failure("DeserializeResponseEnvelope", "deserialize_response") from reason
    if not isinstance(envelope, Pairs):
        raise _failure("ResponseNotObject", "response_envelope")
    found = dict(envelope)
    if "_v" not in found:
        raise _failure("ResponseVersionMissing", "response_envelope")
    actual = found.pop("_v")
    if type(actual) is not int or actual < 0:
        raise _failure("ResponseVersionInvalid", "response_envelope")
    if actual != version:
        raise _failure("ResponseVersionMismatch", "response_envelope", expected=version, actual=actual)
    try:
        return decode(response_type, Pairs(found.items()))
    except ValueError as reason:
        raise _failure("ResponseDecode", "response_decode") from reason


def _failure(kind: str, stage: str, **fields: Json) -> Failure:
    failure = Failure("dispatch", kind, **fields)
    failure.stage = stage
    return failure
