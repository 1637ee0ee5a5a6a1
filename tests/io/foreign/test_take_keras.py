"""What Keras itself wrote is what is read; and the program that reads it has its limits."""

import json
import subprocess
import sys
from pathlib import Path

import h5py
import keras
import numpy as np
import pytest
import safetensors.torch
import torch
from keras.src.utils.naming import to_snake_case

from striate.io.foreign.converter import read_foreign
from striate.io.foreign.limits import FORBIDDEN_CODE
from striate.io.foreign.refusal import REFUSED_CODE
from tests.io.foreign.hostile_keras import h5

ROOT = Path(__file__).resolve().parents[3]
layers = keras.layers
FORMATS = ["w.weights.h5", "w.h5", "w.keras"]


def sequential():
    return keras.Sequential(
        [
            layers.Input((8, 8, 3)),
            layers.Conv2D(3, 3, name="z"),
            layers.BatchNormalization(scale=False),
            layers.Dropout(0.5),
            layers.Conv2D(2, 1, use_bias=False),
            layers.SeparableConv2D(4, 3),
            layers.DepthwiseConv2D(3, name="a"),
        ]
    )


def functional():
    inner = sequential()
    inner.name = "inner"
    image = keras.Input((8, 8, 3))
    x = layers.Conv2D(3, 1)(image) + layers.Conv2D(3, 1)(image)
    x = layers.GlobalAveragePooling2D()(inner(layers.PReLU()(x)))
    return keras.Model(image, layers.Dense(2)(x))


class Subclass(keras.Model):
    def __init__(self):
        super().__init__()
        self.steps = [layers.Conv2D(3, 1), layers.Conv2D(3, 1)]
        self.body = sequential()
        self.drop = layers.Dropout(0.5)
        self.head = layers.Dense(2, name="head")

    def build(self, shape):
        self.scale = self.add_weight(shape=(2,), name="scale")
        super().build(shape)

    def call(self, x):
        for step in self.steps:
            x = step(x)
        return self.head(self.drop(self.body(x))) * self.scale


def mixed():
    policy = keras.DTypePolicy("bfloat16")
    half = layers.Dense(3, dtype="float16")
    model = keras.Sequential(
        [layers.Input((2,)), layers.Dense(3, dtype=policy), half, layers.Dense(2, dtype="float64")]
    )
    assert {weight.dtype for weight in model.weights} == {"bfloat16", "float16", "float64"}
    return model


def drawn(model):
    """The model with every variable unlike every other."""
    rng = np.random.default_rng(0)
    for variable in model.variables:
        if "float" in variable.dtype:
            variable.assign(rng.normal(size=variable.shape))
    return model


def named_layers(model, above=""):
    """(name, layer) of the layers with variables of their own, models opened."""
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            yield from named_layers(layer, f"{above}{layer.name}/")
        elif layer.weights:
            yield f"{above}{layer.name}", layer


def variables(layer):
    return layer.trainable_variables + [
        v for v in layer.non_trainable_variables if "seed" not in v.name
    ]


def write(model, path):
    (model.save_weights if path.name == "w.weights.h5" else model.save)(path)
    return read_foreign(path)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("make", [sequential, functional, mixed])
def test_what_keras_wrote(make, form, tmp_path):
    model = drawn(make())
    found = write(model, tmp_path / form)
    assert found.format == form.partition(".")[2]
    expected = dict(named_layers(model))
    assert {layer.name for layer in found.keras.layers} == set(expected)
    if form != "w.weights.h5":
        assert [layer.name for layer in found.keras.layers] == list(expected)
        assert found.keras.config["class_name"] == type(model).__name__
    count = 0
    for layer in found.keras.layers:
        assert layer.kind == to_snake_case(type(expected[layer.name]).__name__)
        assert layer.count == len(variables(expected[layer.name]))
        for number, variable in enumerate(variables(expected[layer.name])):
            tensor = found.tensors[f"{layer.name}/{number}"]
            assert str(tensor.dtype) == f"torch.{variable.dtype}"
            assert tensor.equal(variable.value.detach().cpu()), (layer.name, number)
            count += 1
    assert count == len(found.tensors) == len(model.weights)
    assert found.left_out in ((), ("compile_config",))


def test_a_subclass_is_known_by_its_layers_names(tmp_path):
    model = Subclass()
    model(np.zeros((1, 8, 8, 3), np.float32))
    drawn(model)
    found = write(model, tmp_path / "w.weights.h5")
    expected = dict(named_layers(model))
    assert len(expected) == 8
    for name, layer in expected.items():
        for number, variable in enumerate(variables(layer)):
            assert found.tensors[f"{name}/{number}"].equal(variable.value.detach())
    assert found.tensors["top_level_model_weights/0"].equal(model.scale.value.detach())
    assert len(found.tensors) == len(model.weights)
    assert found.keras.config is None


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("form", FORMATS)
def test_what_belongs_to_training_is_left_out_and_named(form, tmp_path):
    model = sequential()
    model.compile("adam", "mse", metrics=["mae"])
    model.optimizer.build(model.trainable_variables)
    found = write(model, tmp_path / form)
    assert len(found.tensors) == len(model.weights)
    said = {"w.h5": ("optimizer_weights", "training_config"), "w.weights.h5": ("optimizer",)}
    assert found.left_out == said.get(form, ("compile_config", "optimizer"))


@pytest.mark.parametrize(
    ("name", "count"), [("mlperf_tiny_resnet8_cifar10.h5", 78_666), ("mlperf_tiny_vww_96.h5", None)]
)
def test_files_of_keras_2(name, count, shared_data):
    path = shared_data / "weights" / name
    found = read_foreign(path)
    assert (found.format, found.left_out) == ("h5", ("optimizer_weights", "training_config"))
    with h5py.File(path) as file:
        top = file["model_weights"]
        expected = {
            f"{layer.decode()}/{number}": top[layer][row][()]
            for layer in top.attrs["layer_names"]
            for number, row in enumerate(top[layer].attrs["weight_names"])
        }
    assert list(found.tensors) == list(expected)
    for key, tensor in found.tensors.items():
        assert tensor.equal(torch.from_numpy(expected[key]))
    assert count in (None, sum(tensor.numel() for tensor in found.tensors.values()))
    assert {layer.kind for layer in found.keras.layers} <= {
        "conv2d",
        "depthwise_conv2d",
        "batch_normalization",
        "dense",
    }


def taken(data, tmp_path, before="", after=""):
    """What the program leaves, with code around it."""
    (tmp_path / "file").write_bytes(data)
    code = f"from striate.io.foreign import take_keras\n{before}\ntake_keras.main()\n{after}"
    with open(tmp_path / "file", "rb") as file:
        return subprocess.run(
            [sys.executable, "-I", "-c", code], stdin=file, capture_output=True, check=False
        )


def test_it_has_no_torch_and_what_is_printed_does_not_come_between(tmp_path):
    done = taken(
        h5()(""),
        tmp_path,
        "real = take_keras.read_hdf5\n"
        "take_keras.read_hdf5 = lambda data: print('hello', flush=True) or real(data)",
        "import sys; sys.exit('torch' in sys.modules)",
    )
    assert (done.returncode, done.stderr) == (0, b"hello\n")
    assert set(safetensors.torch.load(done.stdout)) == {"stem/0", "stem/1"}


@pytest.mark.parametrize(
    ("act", "code", "said"),
    [
        ("while True: pass", -27, None),
        ("bytearray(1 << 31)", REFUSED_CODE, "contents that take more memory than weights need"),
        ("open('/etc/hostname')", FORBIDDEN_CODE, None),
        ("h5py.File('/etc/hostname')", REFUSED_CODE, "Too many open files"),
        ("def f(): f()\n    f()", REFUSED_CODE, "a description that is nested too deep"),
    ],
)
def test_a_reading_that_does_something_else_is_ended(act, code, said, tmp_path):
    before = f"import h5py\ndef read(data):\n    {act}\ntake_keras.read_hdf5 = read"
    done = taken(h5()(""), tmp_path, before)
    assert done.returncode == code, done.stderr
    assert said is None or said in json.loads(done.stdout)["refused"]


def test_a_description_may_be_nested_as_deep_as_json_goes(tmp_path):
    """Whatever the depth, it is data or a refusal in words."""
    for depth in (10, 480, 2000):
        config = "[" * depth + "]" * depth
        with h5py.File(tmp_path / "w.h5", "w") as file:
            file["layers/dense/vars/0"] = np.ones(2)
            file.attrs["model_config"] = config
        done = taken((tmp_path / "w.h5").read_bytes(), tmp_path)
        assert done.returncode in (0, REFUSED_CODE), done.stderr
        assert depth > 10 or done.returncode == 0
    assert "nested too deep" in json.loads(done.stdout)["refused"]


def mutations(seed, count):
    """How many damaged files were read, refused and ended; the program judges what was read."""
    order = [sys.executable, "-m", "tests.io.foreign.hdf5_mutations", str(seed), str(count)]
    done = subprocess.run(order, capture_output=True, text=True, check=False, timeout=280, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits of Linux")
@pytest.mark.parametrize(
    ("seed", "count"), [(1, 80), pytest.param(2, 4000, marks=pytest.mark.long)]
)
def test_a_damaged_file_is_refused_or_read_as_h5py_reads_it(seed, count):
    found = mutations(seed, count)
    assert sum(found.values()) == count
    assert min(found["read"], found["refused"]) > count / 5
    assert found.get("ended", 0) < count / 25
