"""Sections of a WebAssembly module: PROTOCOL.md, "Framing".

This reads the bytes of a module and neither compiles nor runs anything.
"""

from collections.abc import Iterator
from dataclasses import dataclass

HEADER = b"\0asm\x01\0\0\0"
CUSTOM, IMPORT, FUNCTION, TABLE, MEMORY, EXPORT, START, CODE, DATA, DATA_COUNT = (
    0, 2, 3, 4, 5, 7, 8, 10, 11, 12)  # fmt: skip
# The sections that are not custom, in the order in which they must come; 13 has the tags.
ORDER = [1, IMPORT, FUNCTION, TABLE, MEMORY, 13, 6, EXPORT, START, 9, DATA_COUNT, CODE, DATA]
NAME_MAX_BYTES = 100_000


class Malformed(Exception):
    """The bytes are not a sequence of sections of a core module."""

    def __init__(self, offset: int, reason: str) -> None:
        super().__init__(f"{reason}, at byte {offset}")
        self.offset, self.reason = offset, reason


class Reader:
    """Reads values from a part of a module, one after another."""

    def __init__(self, data: bytes, at: int = 0, end: int | None = None) -> None:
        self.data, self.at = data, at
        self.end = len(data) if end is None else end

    def take(self, count: int) -> bytes:
        """Returns the next bytes."""
        if count > self.end - self.at:
            raise Malformed(self.at, "what is here runs past its end")
        self.at += count
        return self.data[self.at - count : self.at]

    def integer(self, bits: int = 32) -> int:
        """Returns an unsigned LEB128 integer of at most so many bits."""
        start, value = self.at, 0
        for shift in range(0, bits, 7):
            byte = self.take(1)[0]
            value |= (byte & 0x7F) << shift
            if byte < 0x80 and value < 1 << bits:
                return value
            if byte < 0x80:
                break
        raise Malformed(start, f"an integer has more than {bits} bits")

    def name(self) -> str:
        """Returns a text with its length in front."""
        start, size = self.at, self.integer()
        if size > NAME_MAX_BYTES:
            raise Malformed(start, "a name is too long")
        try:
            return self.take(size).decode("utf-8")
        except UnicodeDecodeError:
            raise Malformed(start, "a name is not UTF-8") from None


@dataclass
class Section:
    """One section. Of a custom section, `name` is set, and `payload` is what follows the name."""

    id: int
    payload: Reader
    name: str = ""


def sections(module: bytes) -> Iterator[Section]:
    """Yields the sections from the first byte to the last. Raises Malformed at the first fault."""
    if module[:8] != HEADER:
        raise Malformed(0, "not a core module of version 1; a component must be built as a module")
    reader, last, counts = Reader(module, 8), -1, dict.fromkeys((FUNCTION, CODE, DATA), 0)
    while reader.at < reader.end:
        start, section_id = reader.at, reader.take(1)[0]
        size = reader.integer()
        payload = Reader(module, reader.at, reader.at + size)
        reader.take(size)
        if section_id >= 0x80:
            raise Malformed(start, "a section id is 0x80 or more")
        if section_id == CUSTOM:
            yield Section(CUSTOM, payload, payload.name())
            continue
        if section_id in ORDER:
            if ORDER.index(section_id) <= last:
                raise Malformed(start, "a section is repeated or out of order")
            last = ORDER.index(section_id)
            counts[section_id] = _count(section_id, payload)
        yield Section(section_id, payload)
    if counts[FUNCTION] != counts[CODE]:
        raise Malformed(reader.at, "the function and code sections have different counts")
    if counts.get(DATA_COUNT, counts[DATA]) != counts[DATA]:
        raise Malformed(reader.at, "the data count differs from the data section")


def _count(section_id: int, payload: Reader) -> int:
    """Reads the first integer of a section, and checks what its framing says of the rest."""
    body = Reader(payload.data, payload.at, payload.end)
    count = body.integer()
    if section_id == CODE:
        for _ in range(count):
            body.take(body.integer())
    if section_id in (CODE, START, DATA_COUNT) and body.at != body.end:
        raise Malformed(body.at, "bytes follow the end of a section's contents")
    return count


def initial_sizes(module: bytes) -> tuple[int, int]:
    """Returns the pages of all memories and the entries of all tables that a module begins with."""
    sizes = {MEMORY: 0, TABLE: 0}
    for section in sections(module):
        if section.id in sizes:
            for _ in range(section.payload.integer()):
                if section.id == TABLE and section.payload.take(1)[0] in (0x40, 0x63, 0x64):
                    break  # typed tables: their sizes are left to the engine
                flags, least = section.payload.take(1)[0], section.payload.integer(64)
                sizes[section.id] += least
                if flags & 1:
                    section.payload.integer(64)
                if flags & 8:
                    section.payload.integer()
    return sizes[MEMORY], sizes[TABLE]
