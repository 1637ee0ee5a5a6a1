"""The products beside torch's convolution: in float64 the same, in bfloat16 as close to it."""

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.utils.flop_counter import FlopCounterMode

from striate.ops import conv, conv_product
from striate.ops.conv_product import conv2d_by_product, is_by_product

PAIR = st.tuples(st.integers(1, 3), st.integers(1, 3))
HERE = pytest.mark.skipif(
    not conv_product._has_plain_bfloat16(), reason="for processors with AVX-512 for bfloat16"
)


def maps(*shape, dtype=torch.float64, seed=0):
    numbers = torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=dtype)
    return numbers.contiguous(memory_format=torch.channels_last) if len(shape) == 4 else numbers


def leaves(*tensors):
    return [tensor.clone().requires_grad_() for tensor in tensors]


@pytest.fixture
def deep(request, monkeypatch):
    """Every convolution counts as deep, or none."""
    monkeypatch.setattr(conv_product, "_MANY_WEIGHTS", 0 if request.param else 2**60)


@settings(max_examples=40)
@given(
    sizes=st.tuples(st.integers(3, 7), st.integers(3, 7)),
    kernel=PAIR,
    strides=st.tuples(st.integers(1, 3), st.integers(1, 3)),
    padding=st.tuples(st.integers(0, 2), st.integers(0, 2)),
    with_bias=st.booleans(),
    many=st.sampled_from([0, 2**60]),
)
def test_values_and_gradients_are_torchs(sizes, kernel, strides, padding, with_bias, many):
    given_ = [maps(2, 3, *sizes), maps(4, 3, *kernel, seed=1)]
    given_ += [maps(4, seed=2)] if with_bias else []
    ours, theirs = leaves(*given_), leaves(*given_)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(conv_product, "_MANY_WEIGHTS", many)
        y = conv2d_by_product(*ours[:2], ours[2] if with_bias else None, strides, padding)
        expected = F.conv2d(
            *theirs[:2], theirs[2] if with_bias else None, stride=strides, padding=padding
        )
        torch.testing.assert_close(y, expected)
        g = maps(*y.shape, seed=3)
        y.backward(g)
        expected.backward(g)
    for own, other in zip(ours, theirs, strict=True):
        torch.testing.assert_close(own.grad, other.grad)


@pytest.mark.parametrize("deep", [False, True], indirect=True)
def test_first_and_second_gradients_are_those_of_differences(deep):
    x, weight, bias = leaves(maps(2, 2, 4, 3), maps(3, 2, 2, 2, seed=1), maps(3, seed=2))

    def run(*given_):
        return conv2d_by_product(*given_, (2, 1), (1, 0))

    assert torch.autograd.gradcheck(run, (x, weight, bias))
    assert torch.autograd.gradgradcheck(run, (x, weight, bias))


@pytest.mark.parametrize("deep", [False, True], indirect=True)
def test_frozen_and_unasked_gradients_are_not_made(deep):
    x, weight = maps(2, 2, 4, 4), maps(3, 2, 3, 3, seed=1).requires_grad_()
    conv2d_by_product(x, weight, maps(3), (1, 1), (0, 0)).sum().backward()
    assert x.grad is None
    assert weight.grad is not None


@pytest.mark.parametrize("deep", [False, True], indirect=True)
def test_a_relu_may_be_written_over_the_result(deep):
    x, weight = leaves(maps(2, 2, 4, 4), maps(3, 2, 3, 3, seed=1))
    a, b = leaves(x.detach(), weight.detach())
    conv2d_by_product(x, weight, None, (1, 1), (1, 1)).relu_().sum().backward()
    F.conv2d(a, b, padding=1).relu().sum().backward()
    torch.testing.assert_close(weight.grad, b.grad)
    torch.testing.assert_close(x.grad, a.grad)


@HERE
class TestChoice:
    def asked(self, x, weight, *, strides=(1, 1), padding=(1, 1), dilation=(1, 1), groups=1):
        return is_by_product(x, weight, strides, padding, dilation, groups)

    @pytest.fixture
    def given(self):
        return maps(8, 256, 6, 6, dtype=torch.bfloat16), leaves(maps(256, 256, 3, 3))[0].bfloat16()

    def test_few_pixels_of_many_channels(self, given):
        x, weight = given
        assert self.asked(x, weight)
        assert self.asked(maps(8, 256, 12, 12, dtype=x.dtype), weight, strides=(2, 2))
        assert not self.asked(maps(8, 256, 7, 7, dtype=x.dtype), weight)
        assert not self.asked(x[:, :16], weight[:16, :16])

    def test_small_kernels_on_slightly_larger_maps(self):
        weight = maps(1024, 256, 1, 1, dtype=torch.bfloat16).requires_grad_()
        x = maps(2, 256, 7, 7, dtype=torch.bfloat16)
        assert self.asked(x, weight, padding=(0, 0))

    def test_only_where_a_gradient_is_wanted_in_bfloat16(self, given):
        x, weight = given
        assert not self.asked(x, weight.detach())
        assert not self.asked(x.float(), weight)
        with torch.no_grad():
            assert not self.asked(x, weight)
        with torch.autocast("cpu", torch.bfloat16):
            assert self.asked(x.float(), weight)

    def test_other_kinds_and_transforms_are_torchs(self, given):
        x, weight = given
        assert not self.asked(x, weight, dilation=(2, 2), padding=(2, 2))
        assert not self.asked(x, weight[:, :128], groups=2)
        seen = []

        def loss(kernel):
            seen.append(self.asked(x, kernel))
            return F.conv2d(x, kernel, padding=1).sum()

        torch.func.grad(loss)(weight)
        assert seen == [False]


@HERE
def test_a_deep_layer_trains_by_it_and_counts_the_same():
    x = torch.randn(4, 3, 3, 512, generator=torch.Generator().manual_seed(0)).requires_grad_()
    weight = (maps(512, 512, 3, 3, dtype=torch.float32) * 0.02).requires_grad_()

    def gradient(run):
        weight.grad = x.grad = None
        with FlopCounterMode(display=False) as flops, torch.autocast("cpu", torch.bfloat16):
            y = run()
            y.float().pow(2).sum().backward()
        return y.detach().float(), weight.grad, flops.get_total_flops(), x.grad

    how = {"strides": (1, 1), "padding": ((1, 1), (1, 1)), "dilation": (1, 1), "groups": 1}
    ours = gradient(lambda: conv.conv2d_oihw(x, weight, None, **how).permute(0, 3, 1, 2))
    torchs = gradient(lambda: F.conv2d(x.permute(0, 3, 1, 2), weight, padding=1))
    with torch.no_grad():
        exact = F.conv2d(x.permute(0, 3, 1, 2).double(), weight.double(), padding=1)
    assert ours[2] == torchs[2] > 0
    own, other = ((found[0] - exact).abs().max() for found in (ours, torchs))
    assert own <= 2 * other
    scale = torchs[1].abs().max()
    assert 0 < (ours[1] - torchs[1]).abs().max() <= 0.02 * scale
    assert ours[1].is_contiguous(memory_format=torch.channels_last)
    wide, kernels = x.detach().double().requires_grad_(), weight.detach().double()
    F.conv2d(wide.permute(0, 3, 1, 2), kernels, padding=1).pow(2).sum().backward()
    own, other = ((found[3] - wide.grad).abs().mean() for found in (ours, torchs))
    assert 0 < own <= 1.5 * other


@pytest.mark.parametrize("deep", [False, True], indirect=True)
def test_a_frozen_kernel_gets_no_gradient_while_the_images_get_theirs(deep):
    x, weight = maps(2, 2, 4, 4).requires_grad_(), maps(3, 2, 3, 3, seed=1)
    bias = maps(3).requires_grad_()
    conv2d_by_product(x, weight, bias, (1, 1), (0, 0)).sum().backward()
    assert weight.grad is None
    assert x.grad is not None
    assert bias.grad.tolist() == [8.0, 8.0, 8.0]


def test_float64_stays_float64_under_autocast():
    weight = maps(256, 128, 3, 3).requires_grad_()
    how = {"strides": (1, 1), "padding": ((1, 1), (1, 1)), "dilation": (1, 1), "groups": 1}
    with torch.autocast("cpu", torch.bfloat16):
        y = conv.conv2d_oihw(maps(1, 4, 4, 128), weight, None, **how)
    assert y.dtype == torch.float64
