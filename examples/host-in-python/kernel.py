"""The kernel: KERNEL.md, from "Functions of extism:host/env" to "Logs"."""

import math
from bisect import bisect_right, insort
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from abi import KERNEL, expect
from json_codec import Pairs, read_text
from module import Signature

BYTE_FUEL: int = KERNEL["fuel_per_byte"]
LOG_LEVELS = {"trace": 0, "debug": 1, "info": 2, "warn": 3, "error": 4, "off": 2147483647}
PAGE, MEMORY_MAX_PAGES, BLOCK_MAX_BYTES = 65536, 65536, 3_758_096_384
FIRST_HANDLE, HEADER_BYTES = 2048, 16
HTTP_REQUEST_MAX_BYTES, ZEROED_FREE_BYTES, ENTRY_BYTES = 65536, 65536, 24 + 24

Charge = Callable[[int], None]
Log = Callable[[str, str], None]  # takes level and message


@dataclass(frozen=True)
class Budget:
    """What a call may use."""

    fuel: int = 1_000_000_000
    wall_ms: float = math.inf
    memory_pages: int = 32
    initial_memory_pages: int | None = None  # as many as for growth
    table_entries: int = 100_000
    stack_slots: int = 65_536


class Provided(NamedTuple):
    """A function that a plugin may import."""

    signature: Signature
    fuel: int
    failure: str  # the kind of the failure if it ends the call
    run: Callable[..., int | None]  # takes the kernel, and the parameters as unsigned integers


@dataclass
class Setting:
    """What a host gives to a plugin beside its bytes. Functions have the names of their imports."""

    budget: Budget = Budget()
    config: dict[str, str] = field(default_factory=dict)
    max_var_bytes: int = 1 << 20
    log_level: str = "off"
    log: Log = lambda level, message: None
    host_functions: dict[tuple[str, str], Provided] = field(default_factory=dict)


class Memory:
    """A linear memory with blocks. A handle is the offset of the first byte of a block.

    What the kernel knows of a block is in Python objects. There is still room for a header in front
    of each block, which stores may not change.
    """

    def __init__(self, grow: Charge) -> None:
        """`grow` is asked before memory grows by so many pages. It raises if that is too much."""
        self._grow, self.data = grow, bytearray(PAGE)
        self._touched = FIRST_HANDLE  # where the bytes end that a block or a store may have changed
        self.clear()

    def clear(self) -> int:
        """Frees every block, clears input, output and error. Returns how many bytes it zeroed."""
        zeroed, self._touched = self._touched - FIRST_HANDLE, FIRST_HANDLE
        self.data[FIRST_HANDLE : FIRST_HANDLE + zeroed] = bytes(zeroed)
        self.live: dict[int, int] = {}  # the length of each live block
        self._starts: list[int] = []  # their handles in order
        self._freed: dict[int, list[int]] = {}  # the handles of freed blocks by their length
        self._next = FIRST_HANDLE
        self.input, self.output, self.error = (0, 0), (0, 0), 0
        return zeroed

    def alloc(self, length: int) -> int:
        """Returns the handle of a new block, or 0. Freed blocks are reused before memory grows."""
        if length == 0 or length > BLOCK_MAX_BYTES:  # K-2.1, K-2.2
            return 0
        start = self._next
        pages = -(-(start + length - len(self.data)) // PAGE)
        if pages > 0 and self._freed.get(length):  # K-2.5, K-2.7
            start = self._freed[length].pop()
        elif pages > 0:
            if len(self.data) // PAGE + pages > MEMORY_MAX_PAGES:  # K-2.2
                return 0
            self._grow(pages)  # K-2.3
            self.data.extend(bytes(pages * PAGE))
        self.live[start] = length
        insort(self._starts, start)
        self._next = max(self._next, start + length + HEADER_BYTES)
        self._touched = max(self._touched, start + length)
        return start

    def free(self, handle: int) -> None:
        """Frees the live block that starts at the handle. Its contents stay."""
        if length := self.live.pop(handle, 0):
            self._starts.remove(handle)
            self._freed.setdefault(length, []).append(handle)
            self.input = (0, 0) if handle == self.input[0] else self.input  # K-3

    def length(self, handle: int) -> int:
        """Returns the length of the live block that starts at the handle, else 0."""
        return self.live.get(handle, 0)

    def within(self, offset: int, length: int) -> bool:
        """Says whether a range is in kernel memory."""
        return FIRST_HANDLE <= offset and offset + length <= len(self.data)  # KB-2

    def load(self, offset: int, size: int) -> int:
        """Returns an integer of so many bytes, or 0 if it is out of bounds."""
        return int.from_bytes(self.data[offset : offset + size], "little") if self.within(offset, size) else 0

    def load_input(self, index: int, size: int) -> int:
        """Returns an integer of the input, or 0 if it passes the end of the input."""
        return self.load(self.input[0] + index, size) if index + size <= self.input[1] else 0  # KB-6, KB-7

    def store(self, offset: int, value: int, size: int) -> None:
        """Stores an integer, but neither out of bounds nor over the header of a block."""
        after = bisect_right(self._starts, offset)
        header = self._starts[after] - HEADER_BYTES if after < len(self._starts) else len(self.data)  # KB-3
        if self.within(offset, size) and offset + size <= header:
            self.data[offset : offset + size] = value.to_bytes(size, "little")
            self._touched = max(self._touched, offset + size)

    def input_set(self, offset: int, length: int) -> None:
        """Declares the input, or keeps the earlier one if the range is out of bounds."""
        self.input = (offset, length) if self.within(offset, length) else self.input

    def output_set(self, offset: int, length: int) -> None:
        """Declares the output, or keeps the earlier one if the range is out of bounds."""
        self.output = (offset, length) if self.within(offset, length) else self.output

    def read(self, handle: int) -> bytes:
        """Returns a copy of a live block."""
        return bytes(self.data[handle : handle + self.live[handle]])

    def write(self, data: bytes) -> int:
        """Returns the handle of a new block with the bytes; 0 if there are none, or no memory."""
        if handle := self.alloc(len(data)):
            self.data[handle : handle + len(data)] = data
        return handle


class Kernel(Memory):
    """The kernel of one instance, with the functions that are more than an access to memory.

    What ends a call raises ValueError, or the Failure of a budget.
    """

    def __init__(self, setting: Setting, variables: dict[str, bytes], grow: Charge, charge: Charge) -> None:
        """`variables` are those of the plugin, and outlive the instance. `charge` takes fuel."""
        super().__init__(grow)
        self._setting, self._variables, self._charge = setting, variables, charge
        self.log_level = LOG_LEVELS[setting.log_level]

    def block(self, handle: int) -> bytes:
        """Returns a copy of the block of a handle, for 1 fuel each byte."""
        expect(handle == 0 or handle in self.live, "a handle of a live block")  # KH
        self._charge(self.length(handle) * BYTE_FUEL)  # KF-18
        return self.read(handle) if handle else b""

    def new_block(self, data: bytes) -> int:
        """Returns the handle of a new block with the bytes, for 1 fuel each byte."""
        self._charge(len(data) * BYTE_FUEL)
        handle = self.write(data)
        expect(handle or not data, "memory for a block")  # K-2.4
        return handle

    def text(self, handle: int) -> str:
        """Returns the text of a block."""
        return self.block(handle).decode()

    def u64(self, handle: int) -> int:
        """Returns the integer of a block of exactly 8 bytes."""
        block = self.block(handle)
        expect(len(block) == 8, "a block of 8 bytes")
        return int.from_bytes(block, "little")

    def error_set(self, handle: int) -> None:
        if handle == 0 or self.within(handle, 1):  # KB-9
            self.error = handle

    def reset(self) -> None:
        zeroed = self.clear()
        self._charge(zeroed * BYTE_FUEL if zeroed > ZEROED_FREE_BYTES else 0)  # KF-19

    def config_get(self, key: int) -> int:
        value = self._setting.config.get(self.text(key), "")
        self.free(key)
        return self.new_block(value.encode())

    def var_get(self, key: int) -> int:
        value = self._variables.get(self.text(key), b"")
        self.free(key)
        return self.new_block(value)

    def var_set(self, key: int, value: int) -> None:
        limit = self._setting.max_var_bytes
        expect(limit > 0, "a limit of variables above 0")  # KV-7
        name, data = self.text(key), self.block(value)
        entries = [(name, data), *self._variables.items()]
        size = sum(ENTRY_BYTES + len(each.encode()) + len(content) for each, content in entries)  # KV-4, KV-5
        expect(value == 0 or size <= limit, f"at most {limit} bytes of variables")  # KV-6
        self._variables[name] = data
        if value == 0:
            del self._variables[name]
        self.free(key)
        self.free(value)

    def http_request(self, request: int, body: int) -> int:
        expect(self.length(request) <= HTTP_REQUEST_MAX_BYTES, "a shorter request")  # KX-2
        value = read_text(self.block(request))
        fields = dict(value) if isinstance(value, Pairs) else {}
        expect({"url"} <= fields.keys() <= {"url", "method", "headers"}, "an object of url, method and headers")
        url = urlsplit(str(fields["url"]))
        expect(url.scheme and url.hostname, "an absolute URL")
        self.block(body)
        raise ValueError(f"HTTP is never allowed, neither to {url.hostname}")  # KX-1

    def log(self, level: str, message: int) -> None:
        if LOG_LEVELS[level] >= self.log_level:  # KL-1
            self._setting.log(level, self.block(message).decode(errors="replace"))  # KH-13
        self.free(message)


FUNCTIONS: dict[tuple[str, str], Provided] = {}
NOT_METHODS: dict[str, Callable[..., int | None]] = {
    "length_unsafe": Kernel.length,
    "load_u8": lambda kernel, offset: kernel.load(offset, 1),
    "load_u64": lambda kernel, offset: kernel.load(offset, 8),
    "store_u8": lambda kernel, offset, byte: kernel.store(offset, byte & 0xFF, 1),
    "store_u64": lambda kernel, offset, word: kernel.store(offset, word, 8),
    "memory_bytes": lambda kernel: len(kernel.data),
    "input_offset": lambda kernel: kernel.input[0],
    "input_length": lambda kernel: kernel.input[1],
    "input_load_u8": lambda kernel, index: kernel.load_input(index, 1),
    "input_load_u64": lambda kernel, index: kernel.load_input(index, 8),
    "output_offset": lambda kernel: kernel.output[0],
    "output_length": lambda kernel: kernel.output[1],
    "error_get": lambda kernel: kernel.error,
    "get_log_level": lambda kernel: kernel.log_level,
    "http_status_code": lambda kernel: 0,
    "http_headers": lambda kernel: 0,
    **{f"log_{level}": lambda kernel, message, level=level: kernel.log(level, message) for level in LOG_LEVELS},
}
for entry in KERNEL["functions"]:
    run = NOT_METHODS.get(entry["name"]) or getattr(Kernel, entry["name"])
    signature = [each["type"] for each in entry["params"]], entry["results"]
    FUNCTIONS[KERNEL["namespace"], entry["name"]] = Provided(signature, entry["fuel"], "KernelFunction", run)
