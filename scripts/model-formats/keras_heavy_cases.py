"""Keras' own files: .keras, weights in HDF5, and the older whole model in HDF5."""

import os

os.environ.setdefault("KERAS_BACKEND", "torch")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import h5py
import keras
import numpy as np

import hdf5_cases
import keras_cases
from oracle import case


def model():
    keras.utils.set_random_seed(3)
    inputs = keras.Input((8,), name="tokens")
    x = keras.layers.Embedding(5, 4, name="embed")(inputs)
    x = keras.layers.LSTM(3, name="lstm")(x)
    x = keras.layers.BatchNormalization(name="norm")(x)
    x = keras.Sequential([keras.layers.Dense(4, "relu"), keras.layers.Dense(2, use_bias=False)], name="head")(x)
    made = keras.Model(inputs, x, name="größe")
    made.compile("adam", "mse")
    made.fit(np.ones((2, 8)), np.ones((2, 2)), verbose=0)
    return made


def same(path, made):
    """Every weight of the model is in the file."""
    with h5py.File(path, "r") if path.suffix == ".h5" else keras_cases_file(path) as file:
        found = []
        file.visititems(lambda _, item: found.append(item[()]) if isinstance(item, h5py.Dataset) else None)
    for weight in made.get_weights():
        assert any(np.array_equal(weight, array) for array in found), path


def keras_cases_file(path):
    import io
    import zipfile

    with zipfile.ZipFile(path) as archive:
        return h5py.File(io.BytesIO(archive.read("model.weights.h5")), "r")


@case("keras", heavy=True, needs=("keras",))
def by_keras(out):
    made = model()
    path = out.path("by-keras/model.keras")
    made.save(path)
    same(path, made)
    keras_cases.record(out, path, "by Keras")
    path = out.path("by-keras/zipped.keras")
    made.save(path, zipped=True)
    keras_cases.record(out, path, "by Keras")
    path = out.path("by-keras/model.weights.h5")
    made.save_weights(path)
    same(path, made)
    hdf5_cases.record(out, path, "weights by Keras", format="hdf5")
    path = out.path("by-keras/model.h5")
    made.save(path)
    same(path, made)
    hdf5_cases.record(out, path, "a whole model in the older form, by Keras 3", format="hdf5")
    half = keras.Sequential(
        [keras.Input((4,)), keras.layers.Dense(3, dtype="bfloat16"), keras.layers.Dense(2, dtype="float16")]
    )
    for name in ("by-keras/half.keras",):
        path = out.path(name)
        half.save(path)
        keras_cases.record(out, path, "bfloat16 and float16 weights")
