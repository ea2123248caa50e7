"""HDF5 with every layout, type, kind of group and of attribute that h5py writes; Keras' and others' use of it."""

import json
import os

import h5py
import numpy as np

from oracle import byteorder, case, dtype_name, external, placed, somewhere, unplaced

LIBVERS = {"earliest": "earliest", "latest": "latest", "v108": ("v108", "v108")}


# Reading


def kind_of(dtype):
    """The name of a dataset's type, and what else there is to say of it."""
    text = h5py.check_string_dtype(dtype)
    if text is not None:
        return "STRING", {"length_of_text": text.length}
    if h5py.check_vlen_dtype(dtype) is not None:
        return "OBJECT", {"variable_length": dtype_name(h5py.check_vlen_dtype(dtype))}
    if h5py.check_ref_dtype(dtype) is not None:
        return "OBJECT", {"reference": True}
    if dtype.subdtype:
        base, shape = dtype.subdtype
        return dtype_name(base), {"element_shape": list(shape), **byteorder(base)}
    values = h5py.check_enum_dtype(dtype)
    more = {"enum": values} if values is not None else {}
    return dtype_name(dtype), {**more, **byteorder(dtype)}


def dataset_record(name, dataset):
    kind, more = kind_of(dataset.dtype)
    if dataset.shape is None:
        return unplaced(name, kind, None, empty=True, **more)
    # Variable-length values lie in heaps, and references are addresses; neither is the same when read
    raw = (
        None
        if dataset.dtype.hasobject
        else np.asarray(dataset[()], dataset.dtype.subdtype[0] if dataset.dtype.subdtype else dataset.dtype).tobytes()
    )
    if kind == "STRING":
        values = np.asarray(dataset[()])
        more["strings"] = [value if isinstance(value, (bytes, str)) else bytes(value) for value in values.ravel()]
    layout = dataset.id.get_create_plist().get_layout()
    more["layout"] = {h5py.h5d.COMPACT: "compact", h5py.h5d.CONTIGUOUS: "contiguous", h5py.h5d.CHUNKED: "chunked"}.get(
        layout, "virtual"
    )
    if dataset.chunks:
        more["chunks"] = list(dataset.chunks)
        more["filters"] = [
            dataset.id.get_create_plist().get_filter(i)[3].decode()
            for i in range(dataset.id.get_create_plist().get_nfilters())
        ]
    files = dataset.external
    if files:
        if len(files) == 1 and raw is not None:
            return external(name, kind, dataset.shape, files[0][0], files[0][1], raw, **more)
        return unplaced(name, kind, dataset.shape, decoded=raw, external_files=files, **more)
    offset = dataset.id.get_offset()
    if more["layout"] == "compact":
        return somewhere(name, kind, dataset.shape, decoded=raw, **more)
    if offset is None:
        return unplaced(name, kind, dataset.shape, decoded=raw, **more)
    if raw is None:
        # What lies there are places in a heap
        return somewhere(name, kind, dataset.shape, **more)
    return placed(name, kind, dataset.shape, offset, raw, **more)


def value_of(value):
    """An attribute's value for JSON."""
    if isinstance(value, h5py.Empty):
        return None
    if isinstance(value, h5py.Reference):
        return {"reference": True}
    if isinstance(value, np.ndarray):
        if value.dtype.names:
            return [[value_of(field) for field in row] for row in value.ravel()]
        return [value_of(item) for item in value]
    if isinstance(value, np.void) and value.dtype.names:
        return [value_of(field) for field in value]
    return value


def attributes(item):
    return {name: value_of(item.attrs[name]) for name in item.attrs}


def describe(file):
    """The records of a file's datasets, each under the first path that leads to it, and what else is in the file."""
    tensors, links, others, types = [], {}, {}, []
    seen = {h5py.h5o.get_info(file["/"].id).addr: {"name": "/"}}

    def walk(group, prefix):
        for name in group:
            where = f"{prefix}{name}"
            link = group.get(name, getlink=True)
            if isinstance(link, h5py.SoftLink):
                links[where] = {"soft": link.path}
                continue
            if isinstance(link, h5py.ExternalLink):
                links[where] = {"external": link.filename, "path": link.path}
                continue
            item = group[name]
            address = h5py.h5o.get_info(item.id).addr
            if address in seen:
                if isinstance(item, h5py.Dataset):
                    seen[address].setdefault("aliases", []).append(where)
                else:
                    links[where] = {"hard": seen[address]["name"]}
                continue
            seen[address] = {"name": where}
            if len(item.attrs):
                others[where] = attributes(item)
            if isinstance(item, h5py.Group):
                walk(item, f"{where}/")
            elif isinstance(item, h5py.Dataset):
                tensors.append(dataset_record(where, item))
                seen[address] = tensors[-1]
            else:
                types.append(where)

    walk(file, "")
    return tensors, {
        "superblock": file.id.get_create_plist().get_version()[0], "user_block": file.userblock_size,
        "attributes": others, "links": links, "datatypes": types,
    }  # fmt: skip


def record(out, path, note, format=None):
    folder = os.getcwd()
    os.chdir(path.parent)  # External files are looked for from here
    try:
        with h5py.File(path.name, "r") as file:
            tensors, header = describe(file)
            metadata = attributes(file)
    finally:
        os.chdir(folder)
    out.record(path, tensors, metadata, note, header=header, format=format)


def each(out, name, fill, note, libvers=LIBVERS, **options):
    """The same content in the forms of several versions of the library."""
    for label, libver in libvers.items():
        path = out.path(f"{name}-{label}.h5")
        with h5py.File(path, "w", libver=libver, **options) as file:
            fill(file)
        record(out, path, f"{note}; {label} forms")


def put(group, path, data):
    """A dataset in groups that are created by name, for those that HDF5 puts in by itself keep the time."""
    *parents, name = path.split("/")
    for parent in parents:
        group = group[parent] if parent in group else group.create_group(parent)
    group[name] = data


def low_level(group, name, data, *, layout=None, allocate=None, fill=None):
    """A dataset with properties that h5py's own functions do not offer."""
    data = np.asarray(data)
    properties = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    properties.set_obj_track_times(False)
    if layout is not None:
        properties.set_layout(layout)
    if allocate is not None:
        properties.set_alloc_time(allocate)
    if fill is not None:
        properties.set_fill_value(np.asarray(fill, data.dtype))
    space = h5py.h5s.create_simple(data.shape) if data.shape else h5py.h5s.create(h5py.h5s.SCALAR)
    dataset = h5py.h5d.create(group.id, name.encode(), h5py.h5t.py_create(data.dtype, logical=True), space, properties)
    return h5py.Dataset(dataset)


# Cases


@case("hdf5")
def layouts(out):
    def fill(file):
        w = out.random.standard_normal((17, 9)).astype("<f4")
        file["contiguous"] = w
        low_level(file, "compact", w, layout=h5py.h5d.COMPACT)[...] = w
        low_level(file, "compact scalar", np.int64(7), layout=h5py.h5d.COMPACT)[()] = 7
        low_level(file, "early", w, layout=h5py.h5d.CONTIGUOUS, allocate=h5py.h5d.ALLOC_TIME_EARLY)[...] = w
        low_level(file, "unwritten", w, layout=h5py.h5d.CONTIGUOUS, allocate=h5py.h5d.ALLOC_TIME_LATE)
        low_level(file, "unwritten with fill", w, allocate=h5py.h5d.ALLOC_TIME_LATE, fill=2.5)
        file.create_dataset("chunked", data=w, chunks=(5, 4))
        file.create_dataset("one chunk", data=w, chunks=(17, 9))
        file.create_dataset("gzip", data=w, chunks=(5, 4), compression="gzip", compression_opts=9)
        file.create_dataset("gzip one chunk", data=w, chunks=(17, 9), compression="gzip")
        file.create_dataset("shuffle gzip", data=w, chunks=(5, 4), compression="gzip", shuffle=True)
        file.create_dataset("all filters", data=w, chunks=(5, 4), compression="gzip", shuffle=True, fletcher32=True)
        file.create_dataset("lzf", data=np.zeros((64, 64), "<f4"), chunks=(32, 32), compression="lzf")
        file.create_dataset("scale offset", data=np.arange(100).reshape(10, 10), chunks=(5, 5), scaleoffset=0)
        file.create_dataset("extensible", data=w, chunks=(4, 4), maxshape=(None, 9))
        file.create_dataset("extensible both", data=w, chunks=(4, 4), maxshape=(None, None), compression="gzip")
        sparse = file.create_dataset("sparse", (100, 100), "<i4", chunks=(10, 10), fillvalue=-1)
        sparse[35:37, 71:73] = 5
        file.create_dataset("many chunks", data=np.arange(3000, dtype="<i2"), chunks=(3,))
        file.create_dataset(
            "many chunks gzip", data=np.arange(300, dtype="<i2"), chunks=(2,), compression="gzip", maxshape=(None,)
        )
        deep = file.create_dataset(
            "three dimensions",
            data=np.arange(210, dtype="<f4").reshape(5, 6, 7),
            chunks=(2, 3, 4),
            maxshape=(None, None, 7),
        )
        deep.resize((7, 6, 7))

    each(
        out,
        "layouts",
        fill,
        "contiguous, compact, chunked; deflate, shuffle, checksums, lzf; not written, partly written",
    )


@case("hdf5")
def shapes(out):
    def fill(file):
        file["scalar"] = np.float32(2.5)
        file["text scalar"] = "größe"
        file["none"] = np.zeros([0], "<f4")
        file["hollow"] = np.zeros([2, 0, 3], "<i2")
        file["null"] = h5py.Empty("<f8")
        file["null text"] = h5py.Empty(h5py.string_dtype())
        file["deep"] = np.zeros([1] * 31 + [2], "i1")
        file["a.b:0"] = np.arange(2)
        file["größe 🦊"] = np.arange(3)
        file["n" * 600] = np.arange(2)
        file[" "] = np.arange(1)

    each(out, "shapes", fill, "scalars, no size, null space, odd names")


@case("hdf5")
def types(out):
    def fill(file):
        for (
            code
        ) in "i1 u1 <i2 <u2 <i4 <u4 <i8 <u8 <f2 <f4 <f8 <c8 <c16 >i2 >u2 >i4 >u4 >i8 >u8 >f2 >f4 >f8 >c8 >c16".split():
            put(file, f"numbers/{code}", np.abs(np.arange(6).reshape(2, 3) * 1.5).astype(code))
        file["bool"] = np.array([True, False, True])
        file.create_dataset(
            "enum", data=[0, 2, 1], dtype=h5py.enum_dtype({"RED": 0, "GREEN": 1, "größe": 2}, basetype="<i2")
        )
        file["fixed text"] = np.array([b"a", b"abc", b""], "S5")
        file.create_dataset("fixed utf8", data=[b"a", "ü".encode()], dtype=h5py.string_dtype("utf-8", 6))
        file.create_dataset("text", data=["a", "größe 🦊", ""], dtype=h5py.string_dtype())
        file.create_dataset("ascii", data=["a", "b"], dtype=h5py.string_dtype("ascii"))
        file.create_dataset(
            "text gzip",
            data=[f"{i} " * i for i in range(10)],
            dtype=h5py.string_dtype(),
            chunks=(7,),
            compression="gzip",
        )
        ragged = file.create_dataset("ragged", (3,), dtype=h5py.vlen_dtype("<f4"))
        ragged[0], ragged[2] = [1, 2, 3], [4]
        file["opaque"] = np.array([b"abc", b"def"], "V3")
        file.create_dataset("array elements", (2,), np.dtype(("<f4", (2, 3))))[...] = np.arange(
            12, dtype="<f4"
        ).reshape(2, 2, 3)
        struct = np.dtype([("a", "<i4"), ("b", ">f8"), ("c", "S3"), ("d", [("x", "u1"), ("y", "<f2", (2,))])])
        file["compound"] = np.zeros((2, 2), struct)
        file["compound aligned"] = np.zeros(2, np.dtype([("a", "u1"), ("b", "<f8")], align=True))
        file["compound with text"] = np.array([(1, "x"), (2, "ü")], [("n", "<i4"), ("t", h5py.string_dtype())])
        file.create_dataset("reference", data=[file["bool"].ref, file["numbers"].ref], dtype=h5py.ref_dtype)

    each(
        out,
        "types",
        fill,
        "every kind of number in both byte orders, bool, enum, text, compound, array, opaque, reference",
    )

    def committed(file):
        file["float"] = np.dtype("<f4")
        file["record"] = np.dtype([("a", "<i4"), ("b", "<f8")])
        file.create_dataset("w", data=[1.5, 2.5], dtype=file["float"])
        file.create_dataset("r", (2,), dtype=file["record"])

    # Later forms of it keep the time at which they were made
    each(out, "committed", committed, "types that are objects of their own", {"earliest": "earliest"})


@case("hdf5")
def groups(out):
    def fill(file):
        for i in range(300):
            put(file, f"many/layer_{i:03}", np.arange(i % 4, dtype="<f4"))
        group = file
        for i in range(30):
            group = group.create_group(f"level{i}")
        group["deepest"] = np.arange(3)
        file.create_group("empty")
        few = file.create_group("few")
        for i in range(9):
            few.create_group(f"{i}").create_group("x")
        ordered = file.create_group("ordered", track_order=True)
        for name in ["z", "a", "m"]:
            ordered[name] = np.arange(2)

    each(
        out,
        "groups",
        fill,
        "300 links in a group, 31 groups within each other, an empty one, links in the order of their creation",
    )

    def more(file):
        for i in range(420):
            file[f"variable {i:05}"] = np.int32(i)

    each(out, "wide", more, "420 links in the root group", {"earliest": "earliest", "latest": "latest"})


@case("hdf5")
def removed(out):
    def fill(file):
        for i in range(40):
            put(file, f"group/{i}", np.arange(4))
            file.attrs[f"a{i}"] = i
        for i in range(0, 40, 3):
            del file[f"group/{i}"]
            del file.attrs[f"a{i}"]
        file["group"].move("1", "renamed to something much longer")

    each(out, "removed", fill, "links and attributes that were removed and renamed")


@case("hdf5")
def attribute_kinds(out):
    def fill(file):
        a = file.attrs
        a["text"], a["empty text"], a["unicode"] = "hello", "", "größe 🦊"
        a["bytes"], a["fixed"] = np.bytes_(b"fixed"), np.array([b"ab", b"c"])
        a["texts"] = ["a", "größe", ""]
        a.create("texts fixed", [b"ab", "ü".encode()], dtype=h5py.string_dtype("utf-8", 4))
        a["int"], a["float"], a["bool"], a["complex"] = 7, 1.5, True, 1 + 2j
        a["big"], a["unsigned"], a["tiny"] = np.array([1, 2], ">i8"), np.uint64(2**64 - 1), np.float16(0.5)
        a["array"], a["matrix"], a["bools"] = np.arange(5), np.arange(6).reshape(2, 3), np.array([True, False])
        a["null"], a["none"] = h5py.Empty("<f4"), np.zeros([0], "<f4")
        a["nan"] = np.array([np.nan, np.inf, -np.inf])
        a["struct"] = np.array([(1, 2.5)], [("a", "<i4"), ("b", "<f8")])
        a["enum"] = np.array(1, h5py.enum_dtype({"RED": 0, "GREEN": 1}, basetype="i1"))
        a["reference"] = file.ref
        a["größe"], a["a/b"], a["n" * 300] = 1, 2, 3
        a.create(
            "ragged", np.array([np.array([1, 2], "<i4"), np.array([3], "<i4")], object), dtype=h5py.vlen_dtype("<i4")
        )
        a["json"] = json.dumps(
            {"class_name": "Sequential", "config": {"layers": [{"name": f"dense_{i}"} for i in range(300)]}}
        )
        for name in ["group", "data"]:
            item = file.create_group(name) if name == "group" else file.create_dataset(name, data=np.arange(3))
            item.attrs["text"] = f"of {name}"
            for i in range(40 if name == "group" else 3):
                item.attrs[f"attribute {i}"] = np.arange(i)

    each(out, "attributes", fill, "attributes of every kind, more than eight on an object, a long one")

    def large(file):
        file.attrs["large"] = np.arange(20000, dtype="<i4")
        file.attrs["texts"] = [f"layer {i} " + "x" * 20 for i in range(1500)]

    each(out, "large-attributes", large, "an attribute of 80000 bytes, and 1500 texts", {"latest": "latest"})


@case("hdf5")
def links(out):
    target = out.path("linked.h5")
    with h5py.File(target, "w") as file:
        file["w"] = out.floats(2, 2)
    record(out, target, "the other file of an external link")

    def fill(file):
        put(file, "real/w", np.arange(4, dtype="<f4"))
        file["hard"] = file["real/w"]
        file["again"] = file["real"]
        file["real/cycle"] = file["/"]
        file["soft"] = h5py.SoftLink("/real/w")
        file["relative"] = h5py.SoftLink("real")
        file["dangling"] = h5py.SoftLink("/nowhere")
        file["external"] = h5py.ExternalLink("linked.h5", "/w")
        file["external dangling"] = h5py.ExternalLink("nowhere.h5", "/größe")

    each(out, "links", fill, "hard links (a cycle among them), soft links, external links")


@case("hdf5")
def superblocks(out):
    def fill(file):
        file["w"] = np.arange(6, dtype="<f4").reshape(2, 3)
        file.create_dataset("z", data=np.arange(100), chunks=(9,), compression="gzip")
        file.attrs["note"] = "größe"

    for size in (512, 2048):
        path = out.path(f"user-block-{size}.h5")
        for label, libver in {"earliest": "earliest", "latest": "latest"}.items():
            path = out.path(f"user-block-{size}-{label}.h5")
            with h5py.File(path, "w", userblock_size=size, libver=libver) as file:
                fill(file)
            data = bytearray(path.read_bytes())
            data[:20] = b"#!/usr/bin/env true\n"
            path.write_bytes(data)
            record(out, path, f"a user block of {size} bytes; {label} forms")
    for size in (4, 8, 2):
        for label, libver in {"earliest": h5py.h5f.LIBVER_EARLIEST, "latest": h5py.h5f.LIBVER_LATEST}.items():
            creation, access = h5py.h5p.create(h5py.h5p.FILE_CREATE), h5py.h5p.create(h5py.h5p.FILE_ACCESS)
            creation.set_sizes(size, size)
            creation.set_obj_track_times(False)
            access.set_libver_bounds(libver, h5py.h5f.LIBVER_LATEST)
            path = out.path(f"sizes-{size}-{label}.h5")
            with h5py.File(h5py.h5f.create(str(path).encode(), h5py.h5f.ACC_TRUNC, creation, access)) as file:
                fill(file)
            record(out, path, f"addresses and lengths of {size} bytes; {label} forms")
    path = out.path("paged.h5")
    with h5py.File(path, "w", fs_strategy="page", fs_persist=True, fs_page_size=1024) as file:
        fill(file)
        del file["w"]
        file["w2"] = np.arange(3)
    record(out, path, "space handled in pages, free space kept: a superblock extension")
    path = out.path("swmr.h5")
    with h5py.File(path, "w", libver="latest") as file:
        data = file.create_dataset("grows", (3,), "<f4", maxshape=(None,), chunks=(4,))
        file.swmr_mode = True
        data.resize((30,))
        data[...] = np.arange(30)
    record(out, path, "written while it could be read")
    path = out.path("empty.h5")
    h5py.File(path, "w").close()
    record(out, path, "nothing in it")


@case("hdf5")
def elsewhere(out):
    path = out.path("external/model.h5")
    out.write("external/raw.bin", b"head" + np.arange(6, dtype="<f4").tobytes())
    out.write("external/part1.bin", np.arange(3, dtype="<f4").tobytes())
    out.write("external/part2.bin", np.arange(3, dtype="<f4").tobytes())
    with h5py.File(path, "w") as file:
        file.create_dataset("one", (2, 3), "<f4", external=[("raw.bin", 4, 24)])
        file.create_dataset("two", (6,), "<f4", external=[("part1.bin", 0, 12), ("part2.bin", 0, 12)])
    record(out, path, "datasets whose data is in other files")
    for i in range(3):
        with h5py.File(out.path(f"virtual/part{i}.h5"), "w") as file:
            file["x"] = np.arange(4, dtype="<f4") + i
    path = out.path("virtual/whole.h5")
    space, source = h5py.h5s.create_simple((3, 4)), h5py.h5s.create_simple((4,))
    properties = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    properties.set_obj_track_times(False)
    for i in range(3):
        space.select_hyperslab((i, 0), (1, 4))
        properties.set_virtual(space, f"part{i}.h5".encode(), b"x", source)
    space.select_all()
    with h5py.File(path, "w", libver="latest") as file:
        h5py.h5d.create(file.id, b"virtual", h5py.h5t.IEEE_F32LE, space, properties)
    record(out, path, "a dataset that is put together from those of other files")


# Keras' and Transformers' use


CONFIG = {
    "class_name": "Sequential",
    "config": {"name": "sequential", "layers": [
        {"class_name": "InputLayer", "config": {"batch_input_shape": [None, 4], "dtype": "float32", "name": "input_1"}},
        {"class_name": "Dense", "config": {"name": "dense", "units": 3, "activation": "relu"}},
        {"class_name": "Dense", "config": {"name": "größe", "units": 2, "activation": "softmax"}}]},
}  # fmt: skip


def keras_weights(out, group, layers, *, old_text):
    text = (lambda names: np.array([name.encode() for name in names])) if old_text else list
    group.attrs["layer_names"] = text(layers)
    group.attrs["backend"] = np.bytes_(b"tensorflow") if old_text else "tensorflow"
    group.attrs["keras_version"] = np.bytes_(b"2.4.0") if old_text else "2.15.0"
    for layer, weights in layers.items():
        inner = group.create_group(layer)
        inner.attrs["weight_names"] = (
            text([f"{layer}/{name}:0" for name in weights]) if weights else np.zeros([0], "<f8")
        )
        for name, shape in weights.items():
            inner[f"{layer}/{name}:0"] = out.floats(*shape)


@case("hdf5")
def keras_h5(out):
    layers = {"input_1": {}, "dense": {"kernel": (4, 3), "bias": (3,)}, "größe": {"kernel": (3, 2), "bias": (2,)}}
    for old, label in ((True, "bytes"), (False, "text")):
        path = out.path(f"keras-model-{label}.h5")
        with h5py.File(path, "w") as file:
            file.attrs["model_config"] = json.dumps(CONFIG).encode() if old else json.dumps(CONFIG)
            file.attrs["training_config"] = json.dumps({"optimizer_config": {"class_name": "Adam"}, "loss": "mse"})
            file.attrs["keras_version"], file.attrs["backend"] = "2.4.0", "tensorflow"
            keras_weights(out, file.create_group("model_weights"), layers, old_text=old)
            optimizer = file.create_group("optimizer_weights")
            optimizer.attrs["weight_names"] = ["Adam/iter:0", "Adam/dense/kernel/m:0"]
            optimizer["Adam/iter:0"] = np.int64(5)
            optimizer["Adam/dense/kernel/m:0"] = out.floats(4, 3)
        record(out, path, f"a whole Keras model, names as {label}")
        path = out.path(f"keras-weights-{label}.h5")
        with h5py.File(path, "w") as file:
            keras_weights(out, file, layers, old_text=old)
        record(out, path, f"Keras weights, names as {label}")
    path = out.path("keras-chunked-names.h5")
    with h5py.File(path, "w") as file:
        names = {f"a_layer_with_a_rather_long_name_{i:05}": {"w": (1,)} for i in range(1700)}
        listed = list(names)
        for part in range(2):
            # As Keras does it, since an attribute must be of less than 64 KiB
            file.attrs[f"layer_names{part}"] = np.array([n.encode() for n in listed[part * 850 : part * 850 + 850]])
        group = file.create_group(listed[0])
        group.attrs["weight_names"] = np.array([b"w:0"])
        group["w:0"] = out.floats(1)
    record(out, path, "layer names in two attributes, for one would be too long")


@case("hdf5")
def transformers_tf(out):
    path = out.path("tf_model.h5")
    with h5py.File(path, "w") as file:
        file.attrs["layer_names"] = ["bert", "classifier"]
        bert = file.create_group("bert")
        names = [f"tf_bert/bert/encoder/layer_._{i}/attention/self/query/kernel:0" for i in range(3)]
        bert.attrs["weight_names"] = names
        for name in names:
            bert.create_dataset(name, data=out.floats(4, 4))
        file.create_group("classifier").attrs["weight_names"] = np.zeros([0], "S1")
    record(out, path, "as transformers writes a TensorFlow model")
