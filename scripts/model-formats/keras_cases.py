"""Keras 3's files, made without it: a zip archive with the configuration in JSON and the weights in HDF5."""

import io
import json
import zipfile

import h5py
import numpy as np

import hdf5_cases
from oracle import case, zip_member_offset

METADATA = {"keras_version": "3.8.0", "date_saved": "2025-01-01@00:00:00"}
CONFIG = {
    "module": "keras", "class_name": "Sequential", "registered_name": None, "build_config": {"input_shape": [None, 4]},
    "config": {"name": "größe", "trainable": True, "layers": [
        {"module": "keras.layers", "class_name": "InputLayer", "config": {"batch_shape": [None, 4], "dtype": "float32", "name": "input"}},
        {"module": "keras.layers", "class_name": "Dense", "config": {"name": "dense", "units": 3, "activation": "relu"}},
        {"module": "keras.layers", "class_name": "Lambda", "config": {"name": "lambda", "function": {"class_name": "__lambda__", "config": {"code": "4wEAAAA="}}}}]},
}  # fmt: skip


def record(out, path, note):
    """The datasets of the weights' file, at the places where the archive has them."""
    with zipfile.ZipFile(path) as archive:
        metadata = json.loads(archive.read("metadata.json"))
        config = json.loads(archive.read("config.json"))
        tensors = []
        for info in archive.infolist():
            if not info.filename.endswith(".weights.h5"):
                continue
            base = zip_member_offset(path, info) if info.compress_type == zipfile.ZIP_STORED else None
            with h5py.File(io.BytesIO(archive.read(info)), "r") as file:
                found, _ = hdf5_cases.describe(file)
            tensors += [moved(tensor, base, info.filename) for tensor in found]
        header = {"class_name": config["class_name"], "config": config["config"], "members": archive.namelist()}
    out.record(path, tensors, metadata, note, header=header)


def moved(tensor, base, member):
    """The record of a dataset in a file that itself begins at `base`, or that has no place."""
    tensor = {**tensor, "member": member}
    if tensor.get("offset") is None:
        return tensor
    if base is not None:
        return {**tensor, "offset": tensor["offset"] + base}
    del tensor["_bytes"]
    digest = tensor.pop("sha256")
    return {**tensor, "offset": None, "length": None, "data_sha256": digest}


def weights(out, fill, **options):
    file = io.BytesIO()
    with h5py.File(file, "w", **options) as content:
        fill(content)
    return file.getvalue()


def layers(out):
    def fill(file):
        for name, shapes in {"dense": [(4, 3), (3,)], "dense_1": [(3, 2), (2,)], "input": []}.items():
            file.require_group("layers").create_group(name).create_group("vars").attrs["name"] = name
            for i, shape in enumerate(shapes):
                file[f"layers/{name}/vars/{i}"] = out.floats(*shape)
        file.create_group("optimizer").create_group("vars")
        file["optimizer/vars/0"] = np.int32(5)
        file["optimizer/vars/1"] = np.float32(1e-3)
        file.create_group("vars")

    return fill


def save(out, name, members, note, compression=zipfile.ZIP_STORED):
    path = out.path(name)
    with zipfile.ZipFile(path, "w") as archive:
        for member, data in members.items():
            info = zipfile.ZipInfo(member)
            info.compress_type = compression
            archive.writestr(info, data)
    record(out, path, note)


@case("keras")
def archives(out):
    head = {"metadata.json": json.dumps(METADATA), "config.json": json.dumps(CONFIG)}
    save(
        out,
        "stored.keras",
        {**head, "model.weights.h5": weights(out, layers(out))},
        "as Keras 3 writes it: stored members",
    )
    note = "deflated members, in which no tensor has bytes of its own"
    save(out, "deflated.keras", {**head, "model.weights.h5": weights(out, layers(out))}, note, zipfile.ZIP_DEFLATED)
    latest = weights(out, layers(out), libver="latest")
    save(
        out,
        "assets.keras",
        {"model.weights.h5": latest, **head, "assets/layers/text/vocabulary.txt": "a\nb\n"},
        "members in another order, HDF5 in its latest form, assets",
    )

    def chunked(file):
        group = file.create_group("layers").create_group("dense").create_group("vars")
        group.create_dataset("0", data=out.floats(40, 40), chunks=(16, 16), compression="gzip")
        group["1"] = out.floats(40)

    save(
        out,
        "compressed-dataset.keras",
        {**head, "model.weights.h5": weights(out, chunked)},
        "a dataset that is compressed in the weights' file",
    )

    def nested(file):
        group = file.create_group("_layer_checkpoint_dependencies\\dense").create_group("vars")
        group["0"] = out.floats(2, 2)

    save(
        out,
        "early.keras",
        {**head, "model.weights.h5": weights(out, nested)},
        "group names with backslashes, as the first version wrote them",
    )
    parts = {
        f"model_{i:05}.weights.h5": weights(
            out, lambda file, i=i: file.create_dataset(f"layers/dense_{i}/vars/0", data=out.floats(3, 2))
        )
        for i in range(2)
    }
    index = {
        "metadata": {"total_size": 48},
        "weight_map": {f"/layers/dense_{i}/vars": f"model_{i:05}.weights.h5" for i in range(2)},
    }
    save(
        out,
        "sharded.keras",
        {**head, "model.weights.json": json.dumps(index), **parts},
        "weights in two files with an index",
    )


@case("keras")
def weights_files(out):
    path = out.write("model.weights.h5", weights(out, layers(out)))
    hdf5_cases.record(out, path, "the weights alone, as Model.save_weights writes them", format="hdf5")
