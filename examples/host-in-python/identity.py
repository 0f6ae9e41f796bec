"""Layer 1: PROTOCOL.md, "Layer 1: identity". This reads the bytes of a module and runs nothing."""

import re
from collections.abc import Iterator

from abi import LIMITS, Failure, failing_as, require, require_valid
from json_codec import Json, decode, read_text

HEADER = b"\0asm\x01\0\0\0"
CUSTOM, FUNCTION, TABLE, MEMORY, START, CODE, DATA, DATA_COUNT = 0, 3, 4, 5, 8, 10, 11, 12
ORDER = [1, 2, FUNCTION, TABLE, MEMORY, 13, 6, 7, START, 9, DATA_COUNT, CODE, DATA]
NAME_MAX_BYTES = 100_000
SECTION = "cc_lb.plugin.v1"
MAGIC = [0xCC, 0x1B, 0x70, 0x10, 0, 1, 0, 0]


class Malformed(Exception):
    """The bytes are not a sequence of sections of a core module."""


class Reader:
    """Reads values from a part of a module, one after another."""

    def __init__(self, data: bytes, at: int, end: int) -> None:
        self.data, self.at, self.end = data, at, end

    def take(self, count: int) -> bytes:
        """Returns the next bytes."""
        _expect(count <= self.end - self.at, "it runs past its end")
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
        _expect(byte < 0x80 and value < 1 << bits, "an integer overflows")
        return value

    def name(self) -> str:
        """Returns a text with its length in front."""
        size = self.integer()
        _expect(size <= NAME_MAX_BYTES, "a name is too long")
        try:
            return self.take(size).decode()
        except UnicodeDecodeError:
            raise Malformed("a name is not UTF-8") from None


def sections(module: bytes) -> Iterator[tuple[int, str, Reader]]:
    """Yields id, name and contents of each section from the first byte to the last, or raises Malformed.

    The name is that of a custom section, and its contents are what follows the name.
    """
    _expect(module[:8] == HEADER, "not a core module of version 1: build a component as a module")
    reader, last = Reader(module, 8, len(module)), -1
    counts = {FUNCTION: 0, CODE: 0, DATA: 0}
    while reader.at < reader.end:
        section, size = reader.take(1)[0], reader.integer()
        _expect(section < 0x80, "a section id is too large")
        contents = Reader(module, reader.at, reader.at + size)
        reader.take(size)
        if section in ORDER:
            _expect(ORDER.index(section) > last, "a section is repeated or out of order")
            last = ORDER.index(section)
            counts[section] = _count(section, Reader(module, contents.at, contents.end))
        yield section, contents.name() if section == CUSTOM else "", contents
    _expect(counts[FUNCTION] == counts[CODE], "the function and code sections have different counts")
    _expect(counts.get(DATA_COUNT, counts[DATA]) == counts[DATA], "the data count differs from the data section")


def _count(section: int, contents: Reader) -> int:
    count = contents.integer()
    if section == CODE:
        for _ in range(count):
            contents.take(contents.integer())
    _expect(section not in (CODE, START, DATA_COUNT) or contents.at == contents.end, "bytes follow the last one")
    return count


def initial_sizes(module: bytes) -> tuple[int, int]:
    """Returns the pages of all memories and the entries of all tables that a module begins with."""
    sizes = {MEMORY: 0, TABLE: 0}
    for section, _, contents in sections(module):
        for _ in range(contents.integer() if section in sizes else 0):
            if section == TABLE and contents.take(1)[0] in (0x40, 0x63, 0x64):
                break  # typed tables are left to the engine
            flags, least = contents.take(1)[0], contents.integer(64)
            sizes[section] += least
            for _ in range((flags & 1) + (flags >> 3 & 1)):  # the maximum, the size of a page
                contents.integer(64)
    return sizes[MEMORY], sizes[TABLE]


def read_identity(module: bytes) -> Json:
    """Returns the identity of a module."""
    identity = None
    try:
        for _, name, contents in sections(module):
            if name == SECTION:
                require(identity is None, "identity", "DuplicateCustomSection")
                identity = _decode_identity(contents.take(contents.end - contents.at))
    except Malformed as fault:
        raise Failure("identity", "WasmParseError", reason=str(fault)) from fault
    require(identity is not None, "identity", "MissingCustomSection")
    return identity


def _decode_identity(payload: bytes) -> Json:
    too_large = len(payload) > LIMITS["CUSTOM_SECTION_MAX_SIZE"]
    require(not too_large, "identity", "SectionTooLarge", size=len(payload))
    with failing_as("identity", "MalformedPayload"):
        identity = decode("PluginIdentity", read_text(payload))
    found = identity["magic"]
    require(found == MAGIC, "identity", "MagicMismatch", expected=MAGIC, found=found)
    check_identity(identity)
    return identity


def check_identity(identity: Json) -> None:
    """Checks the rules of names and versions. `^` and `$` of a pattern are the ends of the whole text."""
    name, version = identity["plugin_name"], identity["plugin_version"]
    matches = re.fullmatch(LIMITS["PLUGIN_NAME_PATTERN"].strip("^$"), name)
    name_fits = len(name.encode()) <= LIMITS["PLUGIN_NAME_MAX_BYTES"]
    require_valid(name, "identity", "PluginNameEmpty")
    require_valid(matches and name_fits, "identity", "PluginNameInvalid")
    require_valid(version, "identity", "PluginVersionEmpty")
    version_fits = len(version.encode()) <= LIMITS["PLUGIN_VERSION_MAX_BYTES"]
    require_valid(version_fits, "identity", "PluginVersionTooLong")


def _expect(condition: bool, fault: str) -> None:
    if not condition:
        raise Malformed(fault)
