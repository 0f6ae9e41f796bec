"""The six functions of `extism:host/user`: PROTOCOL.md, "Host functions"."""

import secrets
from collections.abc import Callable

from abi import LIMITS
from failure import Failure
from setting import HostFunction

LOG_LEVELS = ("trace", "debug", "warn", "error")


class Storage:
    """What plugins store. Entries are scoped to the name of a plugin."""

    def __init__(self, quota_bytes: int = 1 << 20) -> None:
        """`quota_bytes` bounds the entries of each plugin."""
        self.quota_bytes = quota_bytes
        self._entries: dict[str, dict[str, bytes]] = {}

    def get(self, plugin: str, key: str) -> bytes:
        """Returns the value under the key; no bytes if there is none."""
        return self._entries.get(plugin, {}).get(key, b"")

    def put(self, plugin: str, key: str, value: bytes) -> None:
        """Stores the value, or raises StorageQuotaExceeded and changes nothing."""
        entries = {**self._entries.get(plugin, {}), key: value}
        used = sum(len(f"{plugin}:{name}".encode()) + len(data) for name, data in entries.items())
        if used > self.quota_bytes:
            raise Failure(
                "host_function", "StorageQuotaExceeded", bytes=used, quotaBytes=self.quota_bytes
            )
        self._entries[plugin] = entries


def host_functions(
    plugin: str,
    storage: Storage,
    log: Callable[[str, str], None],
    count: Callable[[str, int], None],
    clock_ms: Callable[[], int],
) -> dict[str, HostFunction]:
    """Returns the functions for the plugin of this name."""
    return {
        "cc_lb_log": HostFunction(
            ("text", "text"), None, lambda level, text: log(level if level in LOG_LEVELS else "info", text)
        ),
        "cc_lb_metric_incr": HostFunction(("text", "u64le"), None, count),
        "cc_lb_storage_get": HostFunction(("text",), "bytes", lambda key: storage.get(plugin, key)),
        "cc_lb_storage_put": HostFunction(
            ("text", "bytes"), None, lambda key, value: storage.put(plugin, key, value)
        ),
        "cc_lb_now_unix_ms": HostFunction((), "i64le", clock_ms),
        "cc_lb_random_bytes": HostFunction(("u64le",), "bytes", _random_bytes),
    }


def _random_bytes(count: int) -> bytes:
    if count > LIMITS["RANDOM_BYTES_MAX"]:
        raise Failure("host_function", "RandomBytesExceeded", bytes=count, max=LIMITS["RANDOM_BYTES_MAX"])
    return secrets.token_bytes(count)
