"""Writes pickles that name any function and class without importing them, in every protocol."""

import io
import pickle
import pickletools
import struct


class Global:
    """A function or class, by its module and name."""

    def __init__(self, module, name):
        self.module, self.name = module, name

    def __call__(self, *arguments, **state):
        return Call(self, arguments, **state)


class Call:
    """A call of a Global, and what is then given to the object: a state, items of a list, items of a dictionary."""

    def __init__(self, function, arguments, *, state=None, items=None, pairs=None, new=False):
        self.function, self.arguments, self.state = function, arguments, state
        self.items, self.pairs, self.new = items, pairs, new


class Reference:
    """Something outside of the pickle, named by its persistent id."""

    def __init__(self, identifier):
        self.identifier = identifier


class OldString(str):
    """A string as Python 2 pickled it: bytes, and not text."""


class Pickler(pickle._Pickler):
    """The standard library's pickler in Python, for which the classes above stand for what they say."""

    dispatch = dict(pickle._Pickler.dispatch)

    def persistent_id(self, value):
        return value.identifier if isinstance(value, Reference) else None

    def save_named(self, value):
        if self.proto >= 4:
            self.save(value.module)
            self.save(value.name)
            self.write(pickle.STACK_GLOBAL)
        else:
            self.write(pickle.GLOBAL + f"{value.module}\n{value.name}\n".encode())
        self.memoize(value)

    dispatch[Global] = save_named

    def save_call(self, value):
        new = value.new and self.proto >= 2
        self.save(value.function)
        self.save(tuple(value.arguments))
        self.write(pickle.NEWOBJ if new else pickle.REDUCE)
        self.memoize(value)
        if value.items is not None:
            self._batch_appends(value.items, value)
        if value.pairs is not None:
            self._batch_setitems(value.pairs, value)
        if value.state is not None:
            self.save(value.state)
            self.write(pickle.BUILD)

    dispatch[Call] = save_call

    def _batch_appends(self, items, value=None):
        arguments = (items, value) if pickle._Pickler._batch_appends.__code__.co_argcount > 2 else (items,)
        super()._batch_appends(*arguments)

    def _batch_setitems(self, pairs, value=None):
        arguments = (pairs, value) if pickle._Pickler._batch_setitems.__code__.co_argcount > 2 else (pairs,)
        super()._batch_setitems(*arguments)

    def save_old_string(self, value):
        raw = value.encode("latin1")
        if not self.bin:
            self.write(pickle.STRING + repr(raw)[1:].encode() + b"\n")
        elif len(raw) < 256:
            self.write(pickle.SHORT_BINSTRING + bytes([len(raw)]) + raw)
        else:
            self.write(pickle.BINSTRING + struct.pack("<i", len(raw)) + raw)
        self.memoize(value)

    dispatch[OldString] = save_old_string


def dumps(value, protocol=2):
    file = io.BytesIO()
    Pickler(file, protocol).dump(value)
    return file.getvalue()


OrderedDict = Global("collections", "OrderedDict")


def ordered(pairs):
    """A collections.OrderedDict."""
    return OrderedDict(pairs=list(dict(pairs).items())) if pairs else OrderedDict()


def new(module, name, state=None, arguments=()):
    """An object of a class, with a state."""
    return Call(Global(module, name), arguments, state=state, new=True)


BYTES = {"BINBYTES": 5, "SHORT_BINBYTES": 2, "BINBYTES8": 9, "BYTEARRAY8": 9, "BINSTRING": 5, "SHORT_BINSTRING": 2}


def byte_strings(data):
    """Where each string of bytes in a pickle lies, as (offset, bytes), in the order of the file."""
    found = []
    try:
        opcodes = list(pickletools.genops(data))
    except UnicodeDecodeError:
        return []  # a string of protocol 0 with escapes, of which none lies in the file as it is
    for opcode, argument, position in opcodes:
        if opcode.name in BYTES:
            value = argument.encode("latin1") if isinstance(argument, str) else bytes(argument)
            offset = position + BYTES[opcode.name]
            assert data[offset : offset + len(value)] == value
            found.append((offset, value))
    return found


class Names(pickle.Unpickler):
    """Loads nothing, and lists the functions and classes that a pickle names; all objects are dummies."""

    def __init__(self, file):
        super().__init__(file, encoding="latin1")
        self.found = []

    def find_class(self, module, name):
        if f"{module}.{name}" not in self.found:
            self.found.append(f"{module}.{name}")
        return type("Dummy", (Dummy,), {})

    def persistent_load(self, identifier):
        return None


class Dummy(dict):
    def __new__(cls, *arguments, **keywords):
        return super().__new__(cls)

    def __init__(self, *arguments, **keywords):
        super().__init__()

    def __setstate__(self, state):
        pass

    def __hash__(self):
        return id(self)

    def append(self, item):
        pass

    def extend(self, items):
        pass

    def add(self, item):
        pass


def names(data):
    reader = Names(io.BytesIO(data))
    reader.load()
    return reader.found
