import importlib
import inspect

import jaxtyping
import pytest
import torch

import striate.ops
from tests import array_types

CODE = '''
from __future__ import annotations

from jaxtyping import Float
from torch import Tensor


def scale(
    x: Float[Tensor, "n h w c"], by: Float[Tensor, "n"] | None, axis: int = 1
) -> Float[Tensor, "n h w c"]:
    """Scales each picture; refuses double precision in words of its own."""
    if x.element_size() == 8:
        raise ValueError("own words")
    return x if by is None else x * by[:, None, None, None]


def flat(x: Float[Tensor, "n h w c"]) -> Float[Tensor, "n h w c"]:
    """Returns another rank than it says."""
    return x.flatten()


class Thing:
    def __init__(self, x: Float[Tensor, "n"]) -> None:
        self.x = x
'''


@pytest.fixture(scope="module")
def module(tmp_path_factory):
    folder = tmp_path_factory.mktemp("checked")
    (folder / "checked_example.py").write_text(CODE)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder))
        array_types.install("checked_example")
        yield importlib.import_module("checked_example")


X, BY = torch.ones(2, 3, 4, 1), torch.ones(2)


def test_what_fits_passes(module):
    assert module.scale(X, BY).shape == X.shape
    assert module.scale(X, None, axis="not an array: not checked").shape == X.shape


@pytest.mark.parametrize(
    "call",
    [
        lambda m: m.scale(torch.ones(2, 3, 4), None),
        lambda m: m.scale(X, torch.ones(1)),
        lambda m: m.flat(X),
        lambda m: m.Thing(X),
    ],
    ids=["rank", "two sizes of one letter", "result", "constructor"],
)
def test_what_does_not_fit_fails(module, call):
    with pytest.raises(jaxtyping.TypeCheckError):
        call(module)


def test_the_package_itself_is_checked():
    assert inspect.unwrap(striate.ops.max_pool) is not striate.ops.max_pool


def test_own_error_comes_first(module):
    with pytest.raises(ValueError, match="own words"):
        module.scale(torch.ones(2, dtype=torch.float64), None)


def test_checked_code_compiles_in_one_graph(module):
    compiled = torch.compile(lambda x, by: module.scale(x, by), backend="eager", fullgraph=True)
    assert compiled(X, BY).equal(X)


@pytest.mark.parametrize("strict", [True, False])
def test_checked_code_exports_with_free_sizes(module, strict):
    class Net(torch.nn.Module):
        def forward(self, x, by):
            return module.scale(x, by)

    free = {1: torch.export.Dim("h"), 2: torch.export.Dim("w")}
    program = torch.export.export(
        Net(), (X, BY), dynamic_shapes={"x": free, "by": None}, strict=strict
    )
    assert program.module()(torch.ones(2, 9, 7, 1), BY).shape == (2, 9, 7, 1)
