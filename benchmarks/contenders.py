"""One contender, one process: Chollet's MNIST net, `fit` and `predict`, timed after a warm-up.

    python benchmarks/contenders.py striate|torch|torch-in-place|keras [--batch 64]

Prints one JSON line: pictures a second of both. `torch` is the loop one would write by hand, with
the same layout (channels last), the same number type, loss and accuracy summed on the device;
`torch-in-place` is that loop with `F.relu_`, as one who knows the allocator would write it.
"""

from __future__ import annotations

import argparse
import functools
import json
import os
import time


def striate_net(images, labels, batch):
    import striate
    from striate import layers

    inputs = striate.Input((28, 28, 1))
    x = layers.Conv2D(32, 3, activation="relu")(inputs)
    x = layers.MaxPooling2D(2)(x)
    x = layers.Conv2D(64, 3, activation="relu")(x)
    x = layers.MaxPooling2D(2)(x)
    x = layers.Conv2D(128, 3, activation="relu")(x)
    x = layers.Flatten()(x)
    model = striate.Model(inputs, layers.Dense(10, activation="softmax")(x))
    model.compile("rmsprop", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return (
        lambda: model.fit(images, labels, batch_size=batch, epochs=1, verbose=0),
        lambda: model.predict(images, batch_size=batch),
    )


def keras_net(images, labels, batch):
    os.environ["KERAS_BACKEND"] = "torch"
    import keras
    from keras import layers

    inputs = keras.Input((28, 28, 1))
    x = layers.Conv2D(32, 3, activation="relu")(inputs)
    x = layers.MaxPooling2D(2)(x)
    x = layers.Conv2D(64, 3, activation="relu")(x)
    x = layers.MaxPooling2D(2)(x)
    x = layers.Conv2D(128, 3, activation="relu")(x)
    x = layers.Flatten()(x)
    model = keras.Model(inputs, layers.Dense(10, activation="softmax")(x))
    model.compile("rmsprop", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return (
        lambda: model.fit(images, labels, batch_size=batch, epochs=1, verbose=0),
        lambda: model.predict(images, batch_size=batch, verbose=0),
    )


def torch_net(images, labels, batch, *, in_place=False):
    import torch
    import torch.nn.functional as F
    from torch import nn

    relu = F.relu_ if in_place else F.relu

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.c1, self.c2 = nn.Conv2d(1, 32, 3), nn.Conv2d(32, 64, 3)
            self.c3, self.dense = nn.Conv2d(64, 128, 3), nn.Linear(1152, 10)

        def forward(self, x):
            x = F.max_pool2d(relu(self.c1(x)), 2)
            x = F.max_pool2d(relu(self.c2(x)), 2)
            x = relu(self.c3(x))
            return self.dense(x.permute(0, 2, 3, 1).flatten(1))

    net = Net().to(memory_format=torch.channels_last)
    optimizer = torch.optim.RMSprop(net.parameters(), 1e-3, alpha=0.9, eps=1e-7, foreach=True)
    x_all, y_all = torch.from_numpy(images), torch.from_numpy(labels)

    def fit():
        order = torch.randperm(len(x_all))
        loss_sum, right = torch.zeros(()), torch.zeros((), dtype=torch.int64)
        for start in range(0, len(x_all), batch):
            chosen = order[start : start + batch]
            x = x_all.index_select(0, chosen).permute(0, 3, 1, 2)
            y = y_all.index_select(0, chosen)
            outputs = net(x)
            loss = F.cross_entropy(outputs, y)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
            loss_sum += loss.detach() * len(y)
            right += (outputs.detach().argmax(1) == y).sum()
        return float(loss_sum), int(right)

    def predict():
        with torch.inference_mode():
            parts = [
                F.softmax(net(x_all[s : s + batch].permute(0, 3, 1, 2)), 1)
                for s in range(0, len(x_all), batch)
            ]
            return torch.cat(parts).numpy()

    return fit, predict


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("contender", choices=("striate", "torch", "torch-in-place", "keras"))
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--pictures", type=int, default=12_800)
    arguments = parser.parse_args()
    import numpy as np
    import torch

    draw = np.random.default_rng(0)
    images = draw.random((arguments.pictures, 28, 28, 1), dtype="float32")
    labels = draw.integers(0, 10, arguments.pictures)
    make = {
        "striate": striate_net,
        "torch": torch_net,
        "torch-in-place": functools.partial(torch_net, in_place=True),
        "keras": keras_net,
    }
    fit, predict = make[arguments.contender](images, labels, arguments.batch)
    rates = {"contender": arguments.contender, "threads": torch.get_num_threads()}
    for name, run in (("fit", fit), ("predict", predict)):
        run()
        started = time.perf_counter()
        run()
        rates[name] = arguments.pictures / (time.perf_counter() - started)
    print(json.dumps(rates))


if __name__ == "__main__":
    main()
