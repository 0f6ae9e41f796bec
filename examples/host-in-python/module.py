"""The bytes of a module: PROTOCOL.md, "Framing", and what a host must know before it runs one."""

from collections.abc import Callable, Iterator
from typing import Any

from abi import expect

HEADER = b"\0asm\x01\0\0\0"
CUSTOM, TYPE, IMPORT, FUNCTION, TABLE, MEMORY, EXPORT, START, CODE, DATA = 0, 1, 2, 3, 4, 5, 7, 8, 10, 11
DATA_COUNT = 12
ORDER = [TYPE, IMPORT, FUNCTION, TABLE, MEMORY, 13, 6, EXPORT, START, 9, DATA_COUNT, CODE, DATA]
NAME_MAX_BYTES = 100_000
KINDS = ["function", "table", "memory", "global", "tag"]
VALUE_TYPES = {0x7F: "i32", 0x7E: "i64", 0x7D: "f32", 0x7C: "f64", 0x7B: "v128", 0x70: "funcref", 0x6F: "externref"}

Signature = tuple[list[str], list[str]]  # parameters and results


class Reader:
    """Reads values from a part of a module, one after another."""

    def __init__(self, data: bytes, at: int, end: int) -> None:
        self.data, self.at, self.end = data, at, end

    def take(self, count: int) -> bytes:
        """Returns the next bytes."""
        expect(count <= self.end - self.at, "more bytes")
        self.at += count
        return self.data[self.at - count : self.at]

    def integer(self, bits: int = 32) -> int:
        """Returns an unsigned LEB128 integer of at most so many bits."""
        value = 0
        for shift in range(0, bits, 7):
            byte = self.take(1)[0]
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                break
        expect(byte < 0x80 and value < 1 << bits, "a smaller integer")  # I-6.3
        return value

    def name(self) -> str:
        """Returns a text with its length in front."""
        size = self.integer()
        expect(size <= NAME_MAX_BYTES, "a shorter name")
        return self.take(size).decode()

    def kind(self) -> str:
        """Returns the kind of an import or export."""
        return KINDS[self.take(1)[0]]

    def value_types(self) -> list[str]:
        """Returns a list of types of values."""
        return [VALUE_TYPES[byte] for byte in self.take(self.integer())]

    def least(self) -> int:
        """Reads the limits of a memory or table, and returns the lower one."""
        flags, least = self.take(1)[0], self.integer(64)
        for _ in range(flags & 1):
            self.integer(64)
        return least


def sections(module: bytes) -> Iterator[tuple[int, str, Reader]]:
    """Yields id, name and contents of each section from the first byte to the last.

    The name is that of a custom section, and its contents are what follows the name. Raises
    ValueError at the first fault.
    """
    expect(module[:8] == HEADER, "a core module of version 1: build a component as a module")  # I-6.1
    reader, last = Reader(module, 8, len(module)), -1
    counts: dict[int, int] = {}
    while reader.at < reader.end:
        section, size = reader.take(1)[0], reader.integer()
        expect(section < 0x80, "a section id below 0x80")  # I-6.4
        contents = Reader(module, reader.at, reader.at + size)
        reader.take(size)  # I-6.2
        if section in ORDER:
            expect(ORDER.index(section) > last, "a section once, and in order")  # I-6.5
            last = ORDER.index(section)
            counts[section] = _count(section, Reader(module, contents.at, contents.end), counts)
        yield section, contents.name() if section == CUSTOM else "", contents  # I-6.8
    for section, announced in ((CODE, FUNCTION), (DATA, DATA_COUNT)):
        expect(section in counts or counts.get(announced, 0) == 0, "as many entries as another section announces")


def _count(section: int, contents: Reader, counts: dict[int, int]) -> int:
    """Reads the first integer of a section, and checks what its framing says of the rest."""
    count = contents.integer()  # I-6.6
    announced = {CODE: counts.get(FUNCTION, 0), DATA: counts.get(DATA_COUNT, count)}.get(section, count)
    expect(count == announced, "as many entries as another section announces")  # I-6.9, I-6.10
    for _ in range(count if section == CODE else 0):
        contents.take(contents.integer())
    expect(section not in (CODE, START, DATA_COUNT) or contents.at == contents.end, "no more bytes")  # I-6.7, I-6.11
    return count


def body_sizes(module: bytes) -> list[int]:
    """Returns the bytes of each function body. Raises ValueError at the first fault of framing."""
    code = [contents for section, _, contents in sections(module) if section == CODE]
    return [len(each.take(each.integer())) for each in code for _ in range(each.integer())]


class Shape:
    """What a valid module imports and exports, and how large it is at first.

    Wasmtime for Python tells the types of exports too, but aborts the process if one has a v128.
    """

    def __init__(self, module: bytes) -> None:
        found: dict[int, list[Any]] = {section: [] for section in ENTRIES}
        for section, _, contents in sections(module):
            for _ in range(contents.integer() if section in ENTRIES else 0):
                found[section].append(ENTRIES[section](contents))
        types, exports = found[TYPE], found[EXPORT]
        imported = [index for _, kind, index in found[IMPORT] if kind == "function"]
        functions: list[Signature] = [types[index] for index in imported + found[FUNCTION]]
        # The name of an import is that of its module, and its own.
        self.imports = [(name, kind, types[at] if kind == "function" else None) for name, kind, at in found[IMPORT]]
        self.exports = {name: kind for name, kind, _ in exports}
        self.functions = {name: functions[index] for name, kind, index in exports if kind == "function"}
        self.pages, self.entries = sum(found[MEMORY]), sum(found[TABLE])


DESCRIPTIONS: dict[str, Callable[[Reader], Any]] = {
    "function": Reader.integer,
    "table": lambda each: (each.take(1), each.least())[1],
    "memory": Reader.least,
    "global": lambda each: each.take(2),
}
ENTRIES: dict[int, Callable[[Reader], Any]] = {
    TYPE: lambda each: (each.take(1), each.value_types(), each.value_types())[1:],
    IMPORT: lambda each: ((each.name(), each.name()), (kind := each.kind()), DESCRIPTIONS[kind](each)),
    FUNCTION: Reader.integer,
    TABLE: DESCRIPTIONS["table"],
    MEMORY: Reader.least,
    EXPORT: lambda each: (each.name(), each.kind(), each.integer()),
}
