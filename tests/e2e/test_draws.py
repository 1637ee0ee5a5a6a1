"""Draws in real processes: on one and on two, and before and after a kill, they are the same.

The file is a test and the program that it runs. The program trains a small net for some steps and
writes down what each layer that draws gave, one row a sample.
"""

import argparse
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.distributed as dist

from striate import Sequential, layers
from striate.layers.drawing import Drawing
from striate.losses import MeanSquaredError
from striate.records import Batch
from striate.train import Criterion, TrainStep

ROOT = Path(__file__).resolve().parents[2]
SAMPLES, BATCH, STEPS, KILLED_AT = 40, 8, 5, 3  # five steps an epoch


def net():
    """Every layer that draws, before the first weight; two of them have a seed."""
    torch.manual_seed(1)
    return Sequential(
        [
            layers.RandomFlip(input_shape=(12, 11, 3)),
            layers.RandomFlip("horizontal", seed=3),
            layers.RandomRotation(0.2),
            layers.RandomTranslation(0.2, 0.3, fill_mode="wrap"),
            layers.RandomZoom(0.3, fill_mode="constant", seed=4),
            layers.RandomCrop(8, 9),
            layers.RandomContrast(0.5, (-1, 2)),
            layers.RandomBrightness(0.2, (-1, 2)),
            layers.SpatialDropout2D(0.4),
            layers.StochasticDepth(0.4),
            layers.Dropout(0.3),
            layers.Flatten(),
            layers.Dense(2),
        ]
    )


@dataclass
class Processes:
    """The world of processes that gloo joins."""

    rank: int
    size: int

    @property
    def is_main(self):
        return self.rank == 0

    def sum(self, value):
        total = torch.as_tensor(value).clone()
        dist.all_reduce(total)
        return total if isinstance(value, torch.Tensor) else total.item()

    def barrier(self):
        dist.barrier()


def sample_ids(epoch, step):
    """The batch of a step: each epoch visits every sample once, in an order of its own."""
    order = np.random.default_rng(epoch).permutation(SAMPLES)
    return torch.from_numpy(order[step * BATCH : (step + 1) * BATCH])


def images(ids):
    return torch.stack(
        [torch.rand(12, 11, 3, generator=torch.Generator().manual_seed(i)) for i in ids.tolist()]
    )


def train(out, world, first, kill_at):
    """Trains from step `first` of epoch 1 on this process' part; a file a step; dies at a step."""
    model = net()
    step = TrainStep(
        model.train(),
        Criterion([MeanSquaredError()], ["out"], [1.0]),
        torch.optim.SGD(model.parameters(), 0.1),
        seed=7,
        world=world,
    )
    if world is not None:
        for parameter in model.parameters():  # the loss is divided by the count of all processes
            parameter.register_hook(world.sum)
    rank, size = (world.rank, world.size) if world else (0, 1)
    seen = {}
    for layer in model.layers:
        if isinstance(layer, Drawing):
            layer.register_forward_hook(
                lambda _, __, y, name=layer.name: seen.update({name: y.detach().clone()})
            )
    for number in range(first, STEPS):
        if number == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)
        ids = sample_ids(1, number).chunk(size)[rank]
        step(Batch(images(ids), torch.ones(len(ids), 2), None, ids), epoch=1, step=number)
        torch.save(dict(seen), out / f"step{number}-rank{rank}.pt")
    torch.save(model.state_dict(), out / f"weights-rank{rank}.pt")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("out", type=Path)
    parser.add_argument("--rank", type=int, default=0)
    parser.add_argument("--size", type=int, default=1)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--kill-at", type=int)
    given = parser.parse_args()
    torch.set_num_threads(1)
    if given.size == 1:
        train(given.out, None, given.first, given.kill_at)
        return
    meeting = f"file://{given.out / 'meeting'}"
    dist.init_process_group("gloo", meeting, rank=given.rank, world_size=given.size)
    train(given.out, Processes(given.rank, given.size), given.first, given.kill_at)
    dist.destroy_process_group()


def start(out, *words):
    out.mkdir(exist_ok=True)
    return subprocess.Popen(
        [sys.executable, __file__, out, *map(str, words)],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "OMP_NUM_THREADS": "1"},
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(process, code=0):
    _, words = process.communicate(timeout=120)
    assert process.returncode == code, words


def written(out, step, ranks=1):
    """name -> rows of all processes, sample after sample."""
    parts = [torch.load(out / f"step{step}-rank{rank}.pt") for rank in range(ranks)]
    return {name: torch.cat([part[name] for part in parts]) for name in parts[0]}


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Folders of: this process; two others; one that is killed, and the one that goes on for it."""
    place = tmp_path_factory.mktemp("draws")
    killed = start(place / "killed", "--kill-at", KILLED_AT)
    two = [start(place / "two", "--rank", rank, "--size", 2) for rank in range(2)]
    ended(killed, -signal.SIGKILL)
    again = start(place / "killed", "--first", KILLED_AT)
    (place / "one").mkdir()
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    train(place / "one", None, 0, None)
    torch.set_num_threads(threads)
    for process in (*two, again):
        ended(process)
    return place


def assert_same(found, wanted):
    assert found.keys() == wanted.keys()
    assert len(wanted) == sum(isinstance(layer, Drawing) for layer in net().layers)
    for name, rows in wanted.items():
        assert rows.shape[0] == BATCH
        assert found[name].equal(rows), name


@pytest.mark.parametrize("step", range(STEPS))
def test_two_processes_draw_as_one(runs, step):
    assert_same(written(runs / "two", step, ranks=2), written(runs / "one", step))


@pytest.mark.parametrize("step", range(STEPS))
def test_a_killed_run_goes_on_with_the_draws_it_would_have_made(runs, step):
    assert_same(written(runs / "killed", step), written(runs / "one", step))


def test_two_processes_train_as_one(runs, close):
    wanted = torch.load(runs / "one" / "weights-rank0.pt")
    before = net().state_dict()
    for rank in range(2):
        found = torch.load(runs / "two" / f"weights-rank{rank}.pt")
        for name, tensor in wanted.items():
            assert not tensor.equal(before[name])
            close(found[name], tensor, 1e-5)


def test_the_rows_are_drawn_and_each_step_anew(runs):
    """The comparisons above could not fail if nothing were drawn, or always the same."""
    first, second = (written(runs / "one", step) for step in (0, 1))
    for name, rows in first.items():
        assert not rows.equal(second[name]), name
    assert not first["random_flip"].equal(images(sample_ids(1, 0)))


if __name__ == "__main__":
    main()
