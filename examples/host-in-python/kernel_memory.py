"""The memory of the kernel and its blocks: KERNEL.md, "Blocks", "Freed blocks" and "Bounds"."""

from bisect import bisect_right
from collections.abc import Callable

PAGE = 65536
MAX_PAGES = 65536
HEADER_BYTES = 16
FIRST = 1040
"""The handle of the first block. Offsets below belong to the kernel."""


class KernelMemory:
    """A linear memory with blocks. A handle is the offset of the first byte of a block.

    The kernel keeps what it knows of blocks in Python objects. It still leaves room in front of each
    block, where a kernel in WebAssembly has a header, and protects that room from stores.
    """

    def __init__(self, grow: Callable[[int], None]) -> None:
        """`grow` is asked before memory grows by so many pages. It raises if that is not allowed."""
        self._grow = grow
        self.data = bytearray(PAGE)
        self._used = FIRST  # where the bytes end that a block or a store has touched
        self.reset()

    def reset(self) -> int:
        """Frees every block, clears input, output and error. Returns how many bytes it zeroed."""
        used, self._used = self._used - FIRST, FIRST
        self.data[FIRST : FIRST + used] = bytes(used)
        self._starts: list[int] = []
        self._room: dict[int, int] = {}
        self._live: dict[int, int] = {}
        self.input, self.output, self.error = (0, 0), (0, 0), 0
        return used

    def alloc(self, length: int) -> int:
        """Returns the handle of a new block, or 0."""
        if length == 0:
            return 0
        room = -(-length // 8) * 8
        start = self._end() + HEADER_BYTES if self._starts else FIRST
        if start + room > len(self.data):
            if reused := self._reuse(room, length):
                return reused
            pages = -(-(start + room - len(self.data)) // PAGE)
            if len(self.data) // PAGE + pages > MAX_PAGES:
                return 0
            self._grow(pages)
            self.data.extend(bytes(pages * PAGE))
        self._starts.append(start)
        self._room[start], self._live[start] = room, length
        self._used = max(self._used, start + room)
        return start

    def free(self, handle: int) -> None:
        """Frees the live block that starts at the handle. Its contents stay."""
        if self._live.pop(handle, None) is None:
            return
        if handle == self.input[0]:
            self.input = (0, 0)
        at = self._starts.index(handle)
        for left in (at, at - 1):  # one with the next block, then one with the one before
            if 0 <= left < len(self._starts) - 1:
                first, second = self._starts[left : left + 2]
                if first not in self._live and second not in self._live:
                    self._room[first] += HEADER_BYTES + self._room.pop(second)
                    del self._starts[left + 1]

    def length(self, handle: int) -> int:
        """Returns the length of the live block that starts at the handle, else 0."""
        return self._live.get(handle, 0)

    def is_live(self, handle: int) -> bool:
        """Says whether a live block starts exactly at the handle."""
        return handle in self._live

    def within(self, offset: int, length: int) -> bool:
        """Says whether a range is in kernel memory."""
        return FIRST <= offset and offset + length <= len(self.data)

    def load(self, offset: int, size: int) -> int:
        """Returns an integer of so many bytes, or 0 if it is out of bounds."""
        if not self.within(offset, size):
            return 0
        return int.from_bytes(self.data[offset : offset + size], "little")

    def load_input(self, index: int, size: int) -> int:
        """Returns an integer of the input, or 0 if it passes the end of the input."""
        start, length = self.input
        return self.load(start + index, size) if index + size <= length else 0

    def store(self, offset: int, value: int, size: int) -> None:
        """Stores an integer, but neither out of bounds nor over a header of a block."""
        if not self.within(offset, size):
            return
        after = bisect_right(self._starts, offset)
        touches = after < len(self._starts) and self._starts[after] - HEADER_BYTES < offset + size
        if not touches:
            self.data[offset : offset + size] = value.to_bytes(size, "little")
            self._used = max(self._used, offset + size)

    def read(self, handle: int) -> bytes:
        """Returns a copy of a live block."""
        return bytes(self.data[handle : handle + self._live[handle]])

    def write(self, data: bytes) -> int:
        """Returns the handle of a new block with the bytes; 0 if there are none."""
        handle = self.alloc(len(data))
        if handle:
            self.data[handle : handle + len(data)] = data
        return handle

    def _end(self) -> int:
        return self._starts[-1] + self._room[self._starts[-1]] if self._starts else FIRST

    def _reuse(self, room: int, length: int) -> int:
        for at, start in enumerate(self._starts):
            if start not in self._live and self._room[start] >= room:
                rest = self._room[start] - room - HEADER_BYTES
                if rest >= 128:
                    self._starts.insert(at + 1, start + room + HEADER_BYTES)
                    self._room[start], self._room[start + room + HEADER_BYTES] = room, rest
                self._live[start] = length
                return start
        return 0
