"""JSON as text: PROTOCOL.md, "The text" and "What a writer writes".

A JSON value is a `Json`. An integer that fits u64 or i64 is an int, every other number is a float.
An object that was read is a list of `Pairs`, since a text may repeat a key, and the type to decode
says what that means. An object to be written is a dict.
"""

import json
import math
import struct
from decimal import Decimal
from fractions import Fraction
from typing import Any

Json = Any
MAX_DEPTH = 127


class Pairs(list[tuple[str, Json]]):
    """The members of an object in the order of the text, repeated keys included."""


class F32(float):
    """A number of type f32: it is written with the shortest digits for single precision."""


def read_text(data: bytes) -> Json:
    """Reads a JSON text.

    Raises ValueError if serde_json would refuse it.
    """
    hooks = {"parse_int": _integer, "parse_float": _finite, "parse_constant": _refuse_constant}
    try:
        value = json.loads(data.decode("utf-8"), object_pairs_hook=Pairs, **hooks)
        _check(value, 0)
    except RecursionError:
        raise ValueError(f"nested more than {MAX_DEPTH} deep") from None
    return value


def last_wins(value: Json) -> Json:
    """Drops all but the last of repeated keys, at every depth: "through a generic value"."""
    if isinstance(value, Pairs):
        return Pairs((key, last_wins(member)) for key, member in dict(value).items())
    return [last_wins(element) for element in value] if isinstance(value, list) else value


def write_text(value: Json, sort_keys: bool = False) -> str:
    """Writes a value of dicts and lists. With `sort_keys`, which is for the requests of a dispatch,
    it sorts the keys at every depth, and widens each f32 to an f64.
    """
    if isinstance(value, dict):
        # Python compares strings by code points, which is the order of their UTF-8 bytes.
        members = sorted(value.items()) if sort_keys else value.items()
        texts = (f"{write_text(key)}:{write_text(member, sort_keys)}" for key, member in members)
        return "{" + ",".join(texts) + "}"
    if isinstance(value, list):
        return "[" + ",".join(write_text(element, sort_keys) for element in value) + "]"
    if isinstance(value, float):
        return _float_text(float(value) if sort_keys else value)
    return json.dumps(value, ensure_ascii=False)


def as_f32(number: int | float) -> F32:
    """Rounds a number once to single precision. What is out of range becomes infinity."""
    if isinstance(number, int):
        # The way through f64 would round an integer twice.
        excess = max(number.bit_length() - 24, 0)
        number = round(Fraction(number, 1 << excess)) << excess
    try:
        return F32(struct.unpack("<f", struct.pack("<f", number))[0])
    except OverflowError:
        return F32(math.copysign(math.inf, number))


def _integer(token: str) -> int | float:
    if token != "-0" and len(token) <= 20 and -(2**63) <= int(token) < 2**64:
        return int(token)
    return _finite(token)


def _finite(token: str) -> float:
    number = float(token)
    if math.isinf(number):
        raise ValueError("a number overflows f64")
    return number


def _refuse_constant(token: str) -> Json:
    raise ValueError(f"{token} is not JSON")


def _check(value: Json, depth: int) -> None:
    if isinstance(value, str):
        value.encode("utf-8")  # raises UnicodeEncodeError, a ValueError, for a lone surrogate
    elif isinstance(value, list):
        if depth == MAX_DEPTH:
            raise ValueError(f"nested more than {MAX_DEPTH} deep")
        for element in value:
            _check(element, depth + 1)
    elif isinstance(value, tuple):
        _check(value[0], depth)
        _check(value[1], depth)


def _float_text(number: float) -> str:
    if not math.isfinite(number):
        return "null"
    if isinstance(number, F32):
        digits, low, high = Decimal(_shortest_single(number)), Decimal("1e-6"), Decimal("1e13")
    else:
        digits, low, high = Decimal(float.__repr__(number)), Decimal("1e-5"), Decimal("1e16")
    if number == 0 or low <= abs(digits) < high:
        fixed = f"{digits:f}"
        return fixed if "." in fixed else fixed + ".0"
    return f"{digits:e}"


def _shortest_single(number: float) -> str:
    texts = (f"{number:.{digits}e}" for digits in range(9))
    return next(text for text in texts if as_f32(float(text)) == number)
