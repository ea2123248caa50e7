"""Finds where messages and bytes lie in serialized protocol buffers, which the protobuf package does not tell."""


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at


def fields(data, at, end):
    """Each field's number, wire type, and where its content begins and ends."""
    while at < end:
        key, at = varint(data, at)
        number, kind = key >> 3, key & 7
        begin = at
        if kind == 0:
            _, at = varint(data, at)
        elif kind == 1:
            at += 8
        elif kind == 2:
            length, begin = varint(data, at)
            at = begin + length
        elif kind == 5:
            at += 4
        else:
            raise ValueError(f"wire type {kind}")
        yield number, kind, begin, at


def messages(descriptor, data, at=0, end=None, path=()):
    """Every message within a message of type `descriptor`, as (path, descriptor, begin, end); a path is of (field, index)."""
    end = len(data) if end is None else end
    yield path, descriptor, at, end
    seen = {}
    for number, kind, begin, stop in fields(data, at, end):
        field = descriptor.fields_by_number.get(number)
        if field is None or kind != 2 or field.message_type is None:
            continue
        index = seen.get(field.name, 0)
        seen[field.name] = index + 1
        yield from messages(field.message_type, data, begin, stop, path + ((field.name, index),))


def content(data, at, end, number):
    """Where the content of the last field of this number is, or nothing."""
    found = None
    for field, _, begin, stop in fields(data, at, end):
        if field == number:
            found = begin, stop
    return found


# Writing, for what the reference package would not write


def encode_varint(value):
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes(out) + bytes([value])


def field(number, value):
    """A field with an integer, or with bytes or a text."""
    if isinstance(value, int):
        return encode_varint(number << 3) + encode_varint(value & (2**64 - 1))
    raw = value.encode() if isinstance(value, str) else bytes(value)
    return encode_varint(number << 3 | 2) + encode_varint(len(raw)) + raw


def fixed32(number, raw):
    return encode_varint(number << 3 | 5) + raw


def fixed64(number, raw):
    return encode_varint(number << 3 | 1) + raw


def packed(number, values):
    """A packed field of integers."""
    return field(number, b"".join(encode_varint(value & (2**64 - 1)) for value in values))


def entry(number, key, value):
    """An entry of a map from texts to messages or to texts."""
    return field(number, field(1, key) + field(2, value))


# Reading without a descriptor


def only(data, at, end, number):
    """Where the contents of every field of this number are."""
    return [(begin, stop) for field, _, begin, stop in fields(data, at, end) if field == number]


def inner(data, at, end, *numbers):
    """Where the last field of a path of numbers is, or nothing."""
    place = (at, end)
    for number in numbers:
        place = content(data, *place, number)
        if place is None:
            return None
    return place


def text(data, place):
    return data[place[0] : place[1]].decode() if place else ""


def integer(data, place):
    value = varint(data, place[0])[0] if place else 0
    return value - 2**64 if value >= 2**63 else value
