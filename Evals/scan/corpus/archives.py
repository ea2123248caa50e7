"""Writers of zip, tar and 7z archives that can also write what no honest archiver writes. Deterministic: no clock, no user."""

import io
import lzma
import struct
import tarfile
import zlib
from dataclasses import dataclass


@dataclass
class Entry:
    """One member. Fields that are None hold the truth."""

    name: str
    data: bytes = b""
    method: int = 0
    flags: int = 0
    local_flags: int = None
    local_name: str = None
    claimed_method: int = None
    local_method: int = None
    crc: int = None
    size: int = None
    local_size: int = None
    local_compressed: int = None
    descriptor: bool = False
    zip64: bool = False
    align: int = 0
    before: bytes = b""
    in_directory: bool = True
    attributes: int = 0


def _packed(entry):
    if entry.method == 8:
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        return packer.compress(entry.data) + packer.flush()
    return entry.data


def make_zip(entries, prefix=b"", suffix=b"", comment=b"", before_directory=b"", offset_base=None):
    """`prefix` stands before the first member; offsets count it unless offset_base says otherwise."""
    out, directory, count = bytearray(prefix), bytearray(), 0
    base = 0 if offset_base is None else offset_base
    for entry in entries:
        out += entry.before
        packed = _packed(entry)
        offset = len(out) + base
        crc = zlib.crc32(entry.data) if entry.crc is None else entry.crc
        size = len(entry.data) if entry.size is None else entry.size
        flags = entry.flags | (8 if entry.descriptor else 0)
        local_flags = flags if entry.local_flags is None else entry.local_flags
        method = entry.method if entry.claimed_method is None else entry.claimed_method
        local_method = method if entry.local_method is None else entry.local_method
        name = entry.name.encode("utf-8")
        local_name = (entry.name if entry.local_name is None else entry.local_name).encode("utf-8")
        extra, central_extra = b"", b""
        shown, shown_packed = (0xFFFFFFFF, 0xFFFFFFFF) if entry.zip64 else (size, len(packed))
        if entry.zip64:
            extra = struct.pack("<HHQQ", 1, 16, size, len(packed))
            central_extra = extra
        if entry.align:
            start = len(out) + 30 + len(local_name) + len(extra) + 4
            padding = -start % entry.align
            extra += struct.pack("<HH", 0x4246, padding) + b"Z" * padding
        local_crc, local_size, local_packed = (0, 0, 0) if entry.descriptor else (crc, shown, shown_packed)
        local_size = local_size if entry.local_size is None else entry.local_size
        local_packed = local_packed if entry.local_compressed is None else entry.local_compressed
        out += struct.pack(
            "<IHHHHHIIIHH",
            0x04034B50,
            45 if entry.zip64 else 20,
            local_flags,
            local_method,
            0,
            0x21,
            local_crc,
            local_packed,
            local_size,
            len(local_name),
            len(extra),
        )
        out += local_name + extra + packed
        if entry.descriptor:
            out += struct.pack("<IIII", 0x08074B50, crc, len(packed), size)
        if entry.in_directory:
            directory += struct.pack(
                "<IHHHHHHIIIHHHHHII",
                0x02014B50,
                0x0314,
                45 if entry.zip64 else 20,
                flags,
                method,
                0,
                0x21,
                crc,
                shown_packed,
                shown,
                len(name),
                len(central_extra),
                0,
                0,
                0,
                entry.attributes,
                offset,
            )
            directory += name + central_extra
            count += 1
    out += before_directory
    start = len(out) + base
    out += directory
    out += struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, count, count, len(directory), start, len(comment)) + comment
    return bytes(out) + suffix


def zip_of(members, method=0):
    return make_zip([Entry(name, data if isinstance(data, bytes) else data.encode("utf-8"), method) for name, data in members.items()])


def make_tar(members, kind="", links=()):
    """members: name to bytes. links: (name, target, symbolic). kind: "", "gz", "bz2" or "xz"."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for name, target, symbolic in links:
            info = tarfile.TarInfo(name)
            info.type, info.linkname = (tarfile.SYMTYPE if symbolic else tarfile.LNKTYPE), target
            archive.addfile(info)
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data if isinstance(data, bytes) else data.encode("utf-8")))
    return packed(buffer.getvalue(), kind)


def packed(data, kind):
    import bz2
    import gzip

    if kind == "gz":
        return gzip.compress(data, mtime=0)
    return {
        "": bytes,
        "bz2": bz2.compress,
        "xz": lzma.compress,
        "zlib": zlib.compress,
        "lzma": lambda d: lzma.compress(d, format=lzma.FORMAT_ALONE),
    }[kind](data)


def _number(value):
    """A number as 7z writes it."""
    first, mask, extra = 0, 0x80, b""
    for count in range(9):
        if value < 1 << (7 * (count + 1)):
            return bytes([first | (value >> (8 * count))]) + (value & ((1 << (8 * count)) - 1)).to_bytes(count, "little")
        first |= mask
        mask >>= 1
    return b"\xff" + value.to_bytes(8, "little")


def make_7z(members, coder="copy"):
    """A 7z archive with one folder; coder: copy, lzma or lzma2."""
    body = b"".join(members.values())
    if coder == "copy":
        stored, codec = body, b"\x01\x00"
    elif coder == "lzma":
        filters = [{"id": lzma.FILTER_LZMA1, "dict_size": 1 << 16, "lc": 3, "lp": 0, "pb": 2}]
        stored, codec = (
            lzma.compress(body, format=lzma.FORMAT_RAW, filters=filters),
            b"\x23\x03\x01\x01\x05" + bytes([93]) + struct.pack("<I", 1 << 16),
        )
    else:
        filters = [{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 16}]
        stored, codec = lzma.compress(body, format=lzma.FORMAT_RAW, filters=filters), b"\x21\x21\x01" + bytes([8])
    sizes = [len(data) for data in members.values()]
    header = b"\x01\x04\x06" + _number(0) + _number(1) + b"\x09" + _number(len(stored)) + b"\x00"
    header += b"\x07\x0b" + _number(1) + b"\x00" + _number(1) + codec + b"\x0c" + _number(len(body)) + b"\x00"
    header += b"\x08\x0d" + _number(len(members)) + (b"\x09" + b"".join(_number(size) for size in sizes[:-1]) if len(sizes) > 1 else b"")
    header += b"\x0a\x01" + b"".join(struct.pack("<I", zlib.crc32(data)) for data in members.values()) + b"\x00\x00"
    names = b"\x00" + b"".join(name.encode("utf-16-le") + b"\0\0" for name in members)
    header += b"\x05" + _number(len(members)) + b"\x11" + _number(len(names)) + names + b"\x00\x00"
    start = struct.pack("<QQI", len(stored), len(header), zlib.crc32(header))
    return b"7z\xbc\xaf\x27\x1c\x00\x04" + struct.pack("<I", zlib.crc32(start)) + start + stored + header
