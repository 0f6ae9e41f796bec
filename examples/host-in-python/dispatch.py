"""Layer 5 of PROTOCOL.md, and "Host functions"."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from abi import LIMITS, WIRE_FUNCTIONS, Failure, failing_as, require
from json_codec import INTEGERS, Json, Pairs, decode, last_wins, read_text, write_text
from kernel import Kernel, Log, Provided
from plugin import Plugin

HOST_NAMESPACE = "extism:host/user"
PLUGIN_LOG_LEVELS = ("trace", "debug", "warn", "error")
STAGES = {
    "version_lookup": ["MissingNegotiatedVersion"],
    "request_envelope": ["RequestValue"],
    "serialize_request": ["SerializeRequestEnvelope"],
    "plugin_call": ["PluginCall"],
    "deserialize_response": ["DeserializeResponseEnvelope"],
    "response_envelope": ["ResponseNotObject", "ResponseVersionMissing", "ResponseVersionInvalid",
                          "ResponseVersionMismatch"],
    "response_decode": ["ResponseDecode"],
}  # fmt: skip


def dispatch(plugin: Plugin, versions: dict[str, int], function: str, request: bytes, types: str | None) -> Json:
    """Calls a wire function, and returns its response. The Failure has `stage` and `fallback`.

    `versions` are those of the handshake. `types` is the generation of the types, such as `v2`.
    """
    with _policy_of(function):
        require("dispatch", function in versions, "MissingNegotiatedVersion")  # D-8
        text = request_text(function, versions[function], request, types)
        with failing_as("dispatch", "PluginCall", Failure, UnicodeDecodeError):  # D-12
            output = plugin.call(function, text.encode())
            output.decode()  # D-13
        with failing_as("dispatch", "DeserializeResponseEnvelope"):  # D-14
            envelope = last_wins(read_text(output))
        require("dispatch", isinstance(envelope, Pairs), "ResponseNotObject")  # D-15
        fields, expected = dict(envelope), versions[function]
        require("dispatch", "_v" in fields, "ResponseVersionMissing")  # D-16
        actual = fields.pop("_v")
        require("dispatch", type(actual) is int and actual >= 0, "ResponseVersionInvalid")  # D-17
        require("dispatch", actual == expected, "ResponseVersionMismatch", expected=expected, actual=actual)  # D-18
        with failing_as("dispatch", "ResponseDecode"):  # D-19
            return decode(_types(function, types)["response"], Pairs(fields.items()))


def request_text(function: str, version: int, request: bytes, types: str | None) -> str:
    """Returns the envelope that is sent for a request in JSON."""
    with _policy_of(function):
        with failing_as("dispatch", "RequestValue"):  # D-9
            fields = decode(_types(function, types)["request"], read_text(request))
        require("dispatch", version in INTEGERS["u32"], "SerializeRequestEnvelope")  # D-11
        return write_text({**fields, "_v": version}, sort_keys=True)  # D-2


@contextmanager
def _policy_of(function: str) -> Iterator[None]:
    try:
        yield
    except Failure as failure:
        failure.stage = next(stage for stage, kinds in STAGES.items() if failure.kind in kinds)
        failure.fallback = WIRE_FUNCTIONS[function]["fallback"]
        raise


def _types(function: str, generation: str | None) -> dict[str, str]:
    """Returns the types of request and response. Every plugin knows those of the first generation."""
    generations: dict[str, dict[str, str]] = WIRE_FUNCTIONS[function]["types"]
    return generations[generation or min(generations)]


class Storage:
    """What plugins store. Entries are scoped to the name of a plugin."""

    def __init__(self, quota_bytes: int) -> None:
        """`quota_bytes` bounds the entries of each plugin."""
        self._quota, self._entries = quota_bytes, dict[str, bytes]()

    def get(self, plugin: str, key: str) -> bytes:
        """Returns the value under the key; no bytes if there is none."""
        return self._entries.get(f"{plugin}:{key}", b"")

    def put(self, plugin: str, key: str, value: bytes) -> None:
        """Stores the value, or raises StorageQuotaExceeded and changes nothing."""
        entries = {**self._entries, f"{plugin}:{key}": value}
        own = [name.encode() + data for name, data in entries.items() if name.startswith(f"{plugin}:")]  # F-18
        used, most = sum(map(len, own)), self._quota
        require("host_function", used <= most, "StorageQuotaExceeded", bytes=used, quotaBytes=most)  # F-19, F-22
        self._entries = entries


def host_functions(
    name: str, storage: Storage, log: Log, count: Callable[[str, int], None], clock_ms: Callable[[], int]
) -> dict[tuple[str, str], Provided]:
    """Returns the six functions for the plugin of this name."""

    def cc_lb_log(kernel: Kernel, level: int, message: int) -> None:
        said, text = kernel.text(level), kernel.text(message)
        log(said if said in PLUGIN_LOG_LEVELS else "info", text)  # F-2

    def cc_lb_metric_incr(kernel: Kernel, counter: int, value: int) -> None:
        count(kernel.text(counter), kernel.u64(value))  # F-3

    def cc_lb_storage_get(kernel: Kernel, key: int) -> int:
        return kernel.new_block(storage.get(name, kernel.text(key)))  # F-4

    def cc_lb_storage_put(kernel: Kernel, key: int, value: int) -> None:
        storage.put(name, kernel.text(key), kernel.block(value))  # F-5

    def cc_lb_now_unix_ms(kernel: Kernel) -> int:
        return kernel.new_block(clock_ms().to_bytes(8, "little", signed=True))  # F-6

    def cc_lb_random_bytes(kernel: Kernel, size: int) -> int:
        wanted, limit = kernel.u64(size), LIMITS["RANDOM_BYTES_MAX"]
        require("host_function", wanted <= limit, "RandomBytesExceeded", bytes=wanted, max=limit)  # F-8
        return kernel.new_block(secrets.token_bytes(wanted))

    functions: list[tuple[Callable[..., int | None], int, int]] = [
        (cc_lb_log, 2, 0), (cc_lb_metric_incr, 2, 0), (cc_lb_storage_get, 1, 1),
        (cc_lb_storage_put, 2, 0), (cc_lb_now_unix_ms, 0, 1), (cc_lb_random_bytes, 1, 1),
    ]  # fmt: skip
    return {
        (HOST_NAMESPACE, run.__name__): Provided((["i64"] * params, ["i64"] * results), 0, "HostFunction", run)
        for run, params, results in functions
    }
