"""JSON on the wire: PROTOCOL.md, "JSON on the wire", "Opaque values" and "Types as data".

An integer that fits u64 or i64 is an int, every other number is a float. An object that was read is
a list of `Pairs`, since a text may repeat a key, and the type to decode says what that means. An
object to be written is a dict. A decoded struct has its fields in declared order, and a decoded map,
set or opaque value is sorted. So writing needs no type.

Python compares strings by code points, which is the order of their UTF-8 bytes.
"""

import json
import math
import re
import struct
from decimal import Context, Decimal
from fractions import Fraction
from itertools import accumulate
from typing import Any

from abi import PROTOCOL, expect

Json = Any
MAX_DEPTH = 127
STRING = re.compile(rb'"(?:[^"\\]|\\.?)*"?', re.DOTALL)
TYPES: dict[str, Any] = PROTOCOL["types"]
INTEGERS = {bits: range(2 ** int(bits[1:])) for bits in ("u8", "u16", "u32", "u64")}
INTEGERS |= {"usize": range(2**64), "i64": range(-(2**63), 2**63)}


class Pairs(list[tuple[str, Json]]):
    """The members of an object in the order of the text, repeated keys included."""


class F32(float):
    """A number of type f32: it is written with the shortest digits for single precision."""


def read_text(data: bytes) -> Json:
    """Reads a JSON text. Raises ValueError if serde_json would refuse it."""
    brackets = re.findall(rb"[\[\]{}]", STRING.sub(b"", data))
    depths = accumulate(1 if bracket in b"[{" else -1 for bracket in brackets)
    expect(max(depths, default=0) <= MAX_DEPTH, f"at most {MAX_DEPTH} arrays and objects in one another")
    numbers: dict[str, Any] = {"parse_int": _integer, "parse_float": _finite, "parse_constant": _finite}
    value = json.loads(data.decode(), object_pairs_hook=Pairs, **numbers)
    json.dumps(value, ensure_ascii=False).encode()  # raises a ValueError for a lone surrogate
    return value


def _integer(token: str) -> int | float:
    exact = token != "-0" and len(token) <= 20 and -(2**63) <= int(token) < 2**64
    return int(token) if exact else _finite(token)


def _finite(token: str) -> float:
    expect(math.isfinite(float(token)), "a number that fits f64")
    return float(token)


def last_wins(value: Json) -> Json:
    """Drops all but the last of repeated keys, at every depth: "through a generic value"."""
    if isinstance(value, Pairs):
        return Pairs((key, last_wins(member)) for key, member in dict(value).items())
    return [last_wins(element) for element in value] if isinstance(value, list) else value


def write_text(value: Json, sort_keys: bool = False) -> str:
    """Writes a value. `sort_keys` is for dispatch requests: it sorts all keys and widens each f32."""
    if isinstance(value, dict):
        members = sorted(value.items()) if sort_keys else value.items()
        return "{" + ",".join(f"{write_text(key)}:{write_text(each, sort_keys)}" for key, each in members) + "}"
    if isinstance(value, list):
        return "[" + ",".join(write_text(each, sort_keys) for each in value) + "]"
    if isinstance(value, float):
        return _float_text(float(value) if sort_keys else value)
    return json.dumps(value, ensure_ascii=False)


def _float_text(number: float) -> str:
    if not math.isfinite(number):
        return "null"
    digits, low, high = Decimal(float.__repr__(number)), Decimal("1e-5"), Decimal("1e16")
    if isinstance(number, F32):
        nearest = [(each, each.create_decimal_from_float(abs(number))) for each in map(Context, range(1, 10))]
        # Below a power of two, numbers are closer than above: the second nearest may be shortest.
        candidates = (digits for context, first in nearest for digits in (first, context.next_plus(first)))
        digits = next(each for each in candidates if _as_f32(float(each)) == abs(number)).copy_sign(digits)
        low, high = Decimal("1e-6"), Decimal("1e13")
    if number != 0 and not low <= abs(digits) < high:
        return f"{digits:e}"
    fixed = f"{digits:f}"
    return fixed if "." in fixed else fixed + ".0"


def _as_f32(number: int | float) -> F32:
    if isinstance(number, int):  # to 24 bits, since the way through f64 would round it twice
        excess = max(number.bit_length() - 24, 0)
        number = round(Fraction(number, 1 << excess)) << excess
    try:
        return F32(struct.unpack("<f", struct.pack("<f", number))[0])
    except OverflowError:
        return F32(math.copysign(math.inf, number))


def decode(declared: Any, value: Json, buffered: bool = False) -> Json:
    """Decodes a JSON value as a type, straight, or raises ValueError.

    For the way "through a generic value", give it `last_wins(value)`. `buffered` is true within the
    fields of a tagged union, where serde accepts more.
    """
    if isinstance(declared, dict):
        return _decode_composed(declared, value, buffered)
    if declared in TYPES:
        return DECODERS[TYPES[declared]["kind"]](TYPES[declared], value, buffered)
    if declared in ("f32", "f64"):
        expect(type(value) in (int, float), declared)
        return _as_f32(value) if declared == "f32" else float(value)
    if declared in ("any", "object"):
        expect(declared == "any" or isinstance(value, Pairs), declared)
        return _opaque(value)
    if declared in INTEGERS:
        expect(type(value) is int and value in INTEGERS[declared], declared)
    else:
        expect(type(value) is {"string": str, "bool": bool}[declared], declared)
    return value


def _decode_composed(declared: Any, value: Json, buffered: bool) -> Json:
    if "option" in declared:
        return None if value is None else decode(declared["option"], value, buffered)
    if "map" in declared:
        expect(isinstance(value, Pairs), "a map")
        return dict(sorted({key: decode(declared["map"], each, buffered) for key, each in value}.items()))
    expect(type(value) is list and len(value) == declared.get("length", len(value)), "an array")
    elements = [decode(declared.get("list", "string"), element, buffered) for element in value]
    return elements if "list" in declared else sorted(set(elements))


def _decode_struct(declared: Any, value: Json, buffered: bool) -> Json:
    """Decodes the fields of a struct or of a variant from an object, or from an array of all."""
    fields = declared["fields"]
    names = [field["name"] for field in fields]
    if isinstance(value, Pairs):
        given = dict(value)
        expect(len(given) == len(value) and given.keys() <= set(names), "declared fields, each once")
    else:
        expect(type(value) is list and len(value) <= len(names), "an object, or its fields in an array")
        given = dict(zip(names, value))
        omitted = {field.get("missing", "no") for field in fields[len(value) :]}
        expect(omitted <= {"empty", "skipped when none"}, "all fields in the array")
    result = {}
    for field in fields:
        name, missing = field["name"], field.get("missing", "no")
        expect(name in given or missing != "no", f"the field {name}")
        empty: Json = ("" if field["type"] == "string" else []) if missing == "empty" else None
        decoded = decode(field["type"], given[name], buffered) if name in given else empty
        if decoded is not None or missing != "skipped when none":
            result[name] = decoded
    return result


def _decode_enum(declared: Any, value: Json, buffered: bool) -> Json:
    if isinstance(value, Pairs) and len(value) == 1:
        value, beside = value[0]
        expect(beside is None or (buffered and beside == Pairs()), "null beside the name of an enum")
    expect(isinstance(value, str) and value in declared["values"], "one of the names of an enum")
    return value


def _decode_union(declared: Any, value: Json, buffered: bool) -> Json:
    tag, variants = declared["tag"], {variant["name"]: variant for variant in declared["variants"]}
    expect(isinstance(value, list) and len(value) > 0, "a union")
    if isinstance(value, Pairs):
        tags = [member for key, member in value if key == tag]
        rest: Json = Pairs((key, member) for key, member in value if key != tag)
    else:
        tags, rest = value[:1], value[1:]
    expect(len(tags) == 1, f"the field {tag}, once")
    chosen = tags[0]
    if buffered and type(chosen) is int and 0 <= chosen < len(variants):
        chosen = list(variants)[chosen]
    expect(isinstance(chosen, str) and chosen in variants, f"a known {tag}")
    if variants[chosen]["fields"] is None:
        expect(isinstance(rest, Pairs) or rest == [], "nothing after the name")
        return {tag: chosen}
    return {tag: chosen, **_decode_struct(variants[chosen], rest, buffered=True)}


def _opaque(value: Json) -> Json:
    if isinstance(value, Pairs):
        return {key: _opaque(member) for key, member in sorted(dict(value).items())}
    return [_opaque(element) for element in value] if isinstance(value, list) else value


DECODERS = {"struct": _decode_struct, "enum": _decode_enum, "union": _decode_union}
