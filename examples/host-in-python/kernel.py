"""The functions of `extism:host/env`: KERNEL.md, from "Functions of extism:host/env" to "Logs"."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from abi import KERNEL
from failure import Failure
from json_text import Pairs, read_text
from kernel_memory import KernelMemory
from setting import Setting

NAMESPACE: str = KERNEL["namespace"]
FUNCTIONS: dict[str, Any] = {entry["name"]: entry for entry in KERNEL["functions"]}
LOG_LEVELS = {"trace": 0, "debug": 1, "info": 2, "warn": 3, "error": 4, "off": 2147483647}
HTTP_REQUEST_MAX_BYTES = 65536
ZEROED_FREE_BYTES = 65536
ENTRY_BYTES = 24 + 24


class Kernel:
    """The kernel of one instance. Each method without an underscore that is named like a function
    of the table is that function; integers are unsigned.

    A method that ends the call raises ValueError, which `call` turns into `KernelFunction`, or the
    Failure of a budget.
    """

    def __init__(
        self,
        memory: KernelMemory,
        variables: dict[str, bytes],
        setting: Setting,
        charge: Callable[[int], None],
    ) -> None:
        self.memory, self.variables, self.setting, self.charge = memory, variables, setting, charge
        self.alloc, self.free = memory.alloc, memory.free
        self.length = self.length_unsafe = memory.length

    def call(self, name: str, arguments: tuple[int, ...]) -> int | None:
        """Runs a function of the table for the plugin, and charges its flat cost."""
        self.charge(FUNCTIONS[name]["fuel"])
        widths = (int(parameter["type"][1:]) for parameter in FUNCTIONS[name]["params"])
        unsigned = [value % 2**width for value, width in zip(arguments, widths)]
        try:
            if name.startswith("log_"):
                self._log_message(name.removeprefix("log_"), *unsigned)
                return None
            result: int | None = getattr(self, name)(*unsigned)
            return result if FUNCTIONS[name]["results"] else None
        except ValueError as reason:
            raise Failure("call", "KernelFunction", function=name, reason=str(reason)) from reason

    def block(self, handle: int) -> bytes:
        """Returns a copy of the block of a handle, for 1 fuel each byte."""
        if handle == 0:
            return b""
        if not self.memory.is_live(handle):
            raise ValueError("no live block starts at the handle")
        self.charge(self.memory.length(handle))
        return self.memory.read(handle)

    def new_block(self, data: bytes) -> int:
        """Returns the handle of a new block with the bytes, for 1 fuel each byte."""
        self.charge(len(data))
        return self.memory.write(data)

    def load_u8(self, offset: int) -> int:
        return self.memory.load(offset, 1)

    def load_u64(self, offset: int) -> int:
        return self.memory.load(offset, 8)

    def store_u8(self, offset: int, byte: int) -> None:
        self.memory.store(offset, byte & 0xFF, 1)

    def store_u64(self, offset: int, word: int) -> None:
        self.memory.store(offset, word, 8)

    def input_load_u8(self, index: int) -> int:
        return self.memory.load_input(index, 1)

    def input_load_u64(self, index: int) -> int:
        return self.memory.load_input(index, 8)

    def memory_bytes(self) -> int:
        return len(self.memory.data)

    def reset(self) -> None:
        zeroed = self.memory.reset()
        self.charge(zeroed if zeroed > ZEROED_FREE_BYTES else 0)

    def input_offset(self) -> int:
        return self.memory.input[0]

    def input_length(self) -> int:
        return self.memory.input[1]

    def input_set(self, offset: int, length: int) -> None:
        if self.memory.within(offset, length):
            self.memory.input = (offset, length)

    def output_offset(self) -> int:
        return self.memory.output[0]

    def output_length(self) -> int:
        return self.memory.output[1]

    def output_set(self, offset: int, length: int) -> None:
        if self.memory.within(offset, length):
            self.memory.output = (offset, length)

    def error_get(self) -> int:
        return self.memory.error

    def error_set(self, handle: int) -> None:
        if handle == 0 or self.memory.within(handle, 1):
            self.memory.error = handle

    def config_get(self, key: int) -> int:
        value = self.setting.config.get(self.block(key).decode(), "")
        self.free(key)
        return self.new_block(value.encode())

    def var_get(self, key: int) -> int:
        value = self.variables.get(self.block(key).decode(), b"")
        self.free(key)
        return self.new_block(value)

    def var_set(self, key: int, value: int) -> None:
        if self.setting.max_var_bytes == 0:
            raise ValueError("variables are switched off")
        name, data = self.block(key).decode(), self.block(value)
        if value == 0:
            self.variables.pop(name, None)
        else:
            entries = [(name, data), *self.variables.items()]
            size = sum(ENTRY_BYTES + len(key.encode()) + len(data) for key, data in entries)
            if size > self.setting.max_var_bytes:
                raise ValueError(f"variables would take {size} of {self.setting.max_var_bytes} bytes")
            self.variables[name] = data
        self.free(key)
        self.free(value)

    def http_request(self, request: int, body: int) -> int:
        if self.length(request) > HTTP_REQUEST_MAX_BYTES:
            raise ValueError("the request is too long")
        value = read_text(self.block(request))
        fields = dict(value) if isinstance(value, Pairs) else {}
        if not isinstance(fields.get("url"), str) or not fields.keys() <= {"url", "method", "headers"}:
            raise ValueError("the request is not an object of url, method and headers")
        url = urlsplit(fields["url"])
        if not url.scheme or not url.hostname:
            raise ValueError("the URL is not absolute")
        self.block(body)
        raise ValueError(f"HTTP is never allowed, neither to the host {url.hostname}")

    def http_status_code(self) -> int:
        return 0

    def http_headers(self) -> int:
        return 0

    def get_log_level(self) -> int:
        return LOG_LEVELS[self.setting.log_level]

    def _log_message(self, level: str, message: int) -> None:
        if LOG_LEVELS[level] >= LOG_LEVELS[self.setting.log_level]:
            self.setting.log(level, self.block(message).decode(errors="replace"))
        self.free(message)
