"""The types of PROTOCOL.md, and how JSON is decoded as one of them ("What a decoder accepts").

The types are data: `types` of protocol.json. A decoded struct is a dict with its fields in declared
order. A decoded map, set or opaque value is sorted. So a writer needs no type.
"""

from typing import Any

from abi import PROTOCOL
from json_text import Json, Pairs, as_f32

TYPES: dict[str, Any] = PROTOCOL["types"]
NUMBER_BITS = {"u8": 8, "u16": 16, "u32": 32, "u64": 64, "usize": 64, "i64": 64}
MISSING = object()


def decode(name: str, value: Json) -> Json:
    """Decodes a JSON value as a type, straight. For "through a generic value", give it the value
    after `last_wins`.

    Raises ValueError if the value is not of the type.
    """
    return _decode(name, value, buffered=False)


def opaque(value: Json) -> Json:
    """Returns a value of type `any` for a host to pass on: last keys win, and keys are sorted."""
    if isinstance(value, Pairs):
        return {key: opaque(member) for key, member in sorted(dict(value).items())}
    return [opaque(element) for element in value] if isinstance(value, list) else value


def _decode(declared: Any, value: Json, buffered: bool) -> Json:
    """`buffered` is true within the fields of a tagged union, where serde accepts more."""
    if isinstance(declared, dict):
        return _decode_composed(declared, value, buffered)
    if declared in TYPES:
        kind = TYPES[declared]["kind"]
        return DECODERS[kind](TYPES[declared], value, buffered)
    if declared in NUMBER_BITS:
        least, bound = (-(2**63), 2**63) if declared == "i64" else (0, 2 ** NUMBER_BITS[declared])
        _expect(type(value) is int and least <= value < bound, declared)
    elif declared in ("f32", "f64"):
        _expect(type(value) in (int, float), declared)
        return as_f32(value) if declared == "f32" else float(value)
    elif declared in ("any", "object"):
        _expect(declared == "any" or isinstance(value, Pairs), declared)
        return opaque(value)
    else:
        _expect(type(value) is {"string": str, "bool": bool}[declared], declared)
    return value


def _decode_composed(declared: dict[str, Any], value: Json, buffered: bool) -> Json:
    if "option" in declared:
        return None if value is None else _decode(declared["option"], value, buffered)
    if "map" in declared:
        _expect(isinstance(value, Pairs), "a map")
        members = [(key, _decode(declared["map"], member, buffered)) for key, member in value]
        return dict(sorted(dict(members).items()))
    _expect(_is_array(value), "an array")
    elements = [_decode(declared.get("list", "string"), element, buffered) for element in value]
    _expect(len(elements) == declared.get("length", len(elements)), "an array of a fixed length")
    return elements if "list" in declared else sorted(set(elements))


def _decode_struct(declared: Any, value: Json, buffered: bool) -> Json:
    return _decode_fields(declared["fields"], value, buffered)


def _decode_fields(fields: list[Any], value: Json, buffered: bool) -> Json:
    """Decodes the fields of a struct or a variant from an object, or from an array of all."""
    names = [field["name"] for field in fields]
    if isinstance(value, Pairs):
        given = dict(value)
        _expect(len(given) == len(value), "each field once")
        _expect(given.keys() <= set(names), "only declared fields")
    else:
        _expect(_is_array(value) and len(value) <= len(names), "an object, or its fields in an array")
        given = dict(zip(names, value))
        omitted = [field.get("missing", MISSING) for field in fields[len(value) :]]
        _expect(all(missing in OMITTED_AT_END for missing in omitted), "all fields in the array")
    result = {}
    for field in fields:
        name, missing = field["name"], field.get("missing", MISSING)
        if name in given:
            decoded = _decode(field["type"], given[name], buffered)
        else:
            _expect(missing is not MISSING, f"the field {name}")
            empty = "" if field["type"] == "string" else []
            decoded = empty if missing == "empty" else None
        if decoded is not None or missing != "skipped when none":
            result[name] = decoded
    return result


def _decode_enum(declared: Any, value: Json, buffered: bool) -> Json:
    if isinstance(value, Pairs) and len(value) == 1:
        name, beside = value[0]
        _expect(beside is None or (buffered and beside == Pairs()), "null beside the name of an enum")
        value = name
    _expect(isinstance(value, str) and value in declared["values"], "one of the names of an enum")
    return value


def _decode_union(declared: Any, value: Json, buffered: bool) -> Json:
    tag, variants = declared["tag"], declared["variants"]
    if isinstance(value, Pairs):
        tags = [member for key, member in value if key == tag]
        rest: Json = Pairs((key, member) for key, member in value if key != tag)
    else:
        _expect(_is_array(value) and len(value) > 0, "a union")
        tags, rest = value[:1], value[1:]
    _expect(len(tags) > 0, f"the field {tag}")
    if buffered and type(tags[0]) is int and 0 <= tags[0] < len(variants):
        tags[0] = variants[tags[0]]["name"]
    chosen = [variant for variant in variants if variant["name"] == tags[0]]
    _expect(len(chosen) == 1, f"a known {tag}")
    fields = chosen[0]["fields"]
    if fields is None:
        _expect(isinstance(rest, Pairs) or rest == [], "nothing after the name")
        return {tag: chosen[0]["name"]}
    _expect(len(tags) == 1, f"{tag} once")
    return {tag: chosen[0]["name"], **_decode_fields(fields, rest, buffered=True)}


def _is_array(value: Json) -> bool:
    return isinstance(value, list) and not isinstance(value, Pairs)


def _expect(condition: bool, expected: str) -> None:
    if not condition:
        raise ValueError(f"expected {expected}")


OMITTED_AT_END = ("empty", "skipped when none")
DECODERS = {"struct": _decode_struct, "enum": _decode_enum, "union": _decode_union}
