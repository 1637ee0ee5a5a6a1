"""One step: what it updates, what it leaves alone, and that draws belong to samples."""

import pytest
import torch
from torch import nn

from striate import layers, optimizers
from striate.errors import ArgumentError
from striate.losses import MeanSquaredError
from striate.records import Batch, Preprocess
from striate.train import Criterion, TrainStep

MSE = Criterion([MeanSquaredError()], ["out"], [1.0])


def plain():
    """A net of torch's own modules: the step knows any."""
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2))


def batch(n=6, ids=True):
    generator = torch.Generator().manual_seed(1)
    x, y = torch.rand(n, 3, generator=generator), torch.rand(n, 2, generator=generator)
    return Batch(x, y, None, torch.arange(n) if ids else None)


def test_it_is_forward_backward_update():
    ours, theirs = plain(), plain()
    step = TrainStep(ours, MSE, torch.optim.SGD(ours.parameters(), 0.1))
    optimizer = torch.optim.SGD(theirs.parameters(), 0.1)
    for number in range(3):
        given = batch()
        result = step(given, epoch=0, step=number)
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(theirs(given.images), given.targets)
        loss.backward()
        optimizer.step()
        assert result.loss.item() == pytest.approx(loss.item(), rel=1e-6)
        assert not result.outputs.requires_grad
    for a, b in zip(ours.parameters(), theirs.parameters(), strict=True):
        assert torch.allclose(a, b, rtol=1e-5)


def test_a_loss_that_is_not_finite_updates_nothing():
    net = plain()
    optimizer = torch.optim.SGD(net.parameters(), 0.1, momentum=0.9)
    step = TrainStep(net, MSE, optimizer)
    before = [p.clone() for p in net.parameters()]
    bad = Batch(torch.full((2, 3), float("nan")), torch.ones(2, 2))
    result = step(bad, epoch=0, step=0)
    assert result.loss.isnan()
    assert all(torch.equal(a, b) for a, b in zip(before, net.parameters(), strict=True))
    assert not optimizer.state


def dropping():
    torch.manual_seed(0)
    net = layers.Dense(8), layers.Dropout(0.5, name="d")
    net[0].build((None, 3))
    return nn.Sequential(*net).train()


def outputs(net, given, *, epoch=0, number=0, seed=0):
    step = TrainStep(net, lambda o, t, w: {"x": (0 * o.sum(), 1)}, optimizers.SGD(0.0), seed=seed)
    step.optimizer.bind(net.parameters())
    return step(given, epoch=epoch, step=number).outputs


def test_draws_belong_to_the_sample_and_not_to_its_batch():
    net, given = dropping(), batch(6)
    whole = outputs(net, given)
    order = torch.tensor([4, 1, 5])
    part = Batch(given.images[order], given.targets[order], None, given.sample_ids[order])
    assert torch.equal(outputs(net, part), whole[order])


@pytest.mark.parametrize("change", [{"epoch": 1}, {"number": 1}, {"seed": 1}])
def test_draws_change_with_epoch_step_and_seed(change):
    net, given = dropping(), batch(6)
    assert torch.equal(outputs(net, given), outputs(net, given))
    assert not torch.equal(outputs(net, given), outputs(net, given, **change))


def test_penalties_are_added():
    torch.manual_seed(0)
    net = layers.Dense(2, kernel_regularizer="l2")
    net.build((None, 3))
    step = TrainStep(net, MSE, torch.optim.SGD(net.parameters(), 0.0))
    given = batch()
    wanted = (net(given.images) - given.targets).square().mean() + 0.01 * net.weight.square().sum()
    assert step(given, epoch=0, step=0).loss.item() == pytest.approx(wanted.item(), rel=1e-6)


def test_preprocessing_happens_in_the_step():
    net = plain()
    wish = Preprocess(scale=1 / 255, mean=(0.5,), std=(0.25,))
    step = TrainStep(net, MSE, torch.optim.SGD(net.parameters(), 0.0), preprocess=wish)
    raw = torch.randint(0, 256, (4, 3), dtype=torch.uint8)
    got = step(Batch(raw, torch.zeros(4, 2)), epoch=0, step=0).outputs
    assert torch.allclose(got, net((raw / 255 - 0.5) / 0.25), atol=1e-6)


def test_the_loss_of_bfloat16_is_float32():
    net = plain()
    step = TrainStep(net, MSE, torch.optim.SGD(net.parameters(), 0.1), precision="bfloat16")
    result = step(batch(), epoch=0, step=0)
    assert result.outputs.dtype == torch.bfloat16
    assert result.loss.dtype == torch.float32
    assert all(p.grad.dtype == torch.float32 for p in net.parameters())


def recording(seen):
    """An augmentation that notes how it is called, and doubles the images."""

    def augment(batch, *, seed, epoch, step):
        seen.append((seed, epoch, step, batch.images.clone(), batch.sample_ids))
        return Batch(batch.images * 2, batch.targets, batch.weights, batch.sample_ids)

    return augment


@pytest.mark.parametrize("accumulate", [1, 3])
def test_augmentation_comes_before_preprocessing_and_knows_its_place(accumulate):
    ours, theirs, seen = plain(), plain(), []
    preprocess = Preprocess(scale=0.5, mean=(0.1,))
    step = TrainStep(
        ours,
        MSE,
        torch.optim.SGD(ours.parameters(), 0.1),
        preprocess=preprocess,
        seed=4,
        accumulate=accumulate,
        augment=recording(seen),
    )
    given = batch()
    result = step(given, epoch=2, step=7)
    [(*place, images, ids)] = seen
    assert place == [4, 2, 7]
    assert images.equal(given.images)
    assert ids.equal(given.sample_ids)
    assert result.batch.images.equal(given.images * 2)
    expected = nn.functional.mse_loss(theirs(given.images * 2 * 0.5 - 0.1), given.targets)
    assert result.loss.item() == pytest.approx(expected.item(), rel=1e-5)


def test_error_words_of_augmentation():
    net = plain()
    words = r'fit: `augment` must be a policy. Got augment=.light.. For example .*policy\("standard'
    with pytest.raises(ArgumentError, match=words):
        TrainStep(net, MSE, torch.optim.SGD(net.parameters(), 0.1), augment="light")
