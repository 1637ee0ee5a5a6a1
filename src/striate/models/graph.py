"""The graph of a functional model: the layer calls between its inputs and its outputs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torch import nn

from .. import _check, structure
from ..layers.base import Layer
from ..layers.symbolic import Call, SymbolicTensor
from .graph_run import GraphRun
from .inputs import InputLayer

__all__ = ["Auxiliary", "Chain", "Graph", "check_shape"]

Auxiliary = Mapping[str, tuple[SymbolicTensor, float]]
"""name -> (tensor, factor of its loss) of the outputs that a model has in training alone."""


class Graph:
    """The calls that lead from inputs to outputs, in the order in which they were made.

    Args:
        model: for the messages.
        inputs, outputs: structures of symbolic tensors.
        auxiliary: name -> (tensor, factor of its loss) of the outputs that training alone has.

    Raises:
        ArgumentError: an end that is not symbolic, an output that needs an input not listed, or
            auxiliary outputs that do not stand beside one output.
    """

    def __init__(
        self, model: Layer, inputs: Any, outputs: Any, auxiliary: Auxiliary | None = None
    ) -> None:
        self.inputs, self.outputs = inputs, outputs
        self.place = model.place
        self.auxiliary = _checked(model.place, auxiliary or {})
        early = [tensor for tensor, _ in self.auxiliary.values()]
        for argument, ends in (("inputs", inputs), ("outputs", outputs), ("auxiliary", early)):
            for end in structure.leaves(ends):
                if not isinstance(end, SymbolicTensor):
                    rule = "hold symbolic tensors: an Input, or results of layers called on one"
                    _check.fail(model.place, argument, rule, end)
        if early and not isinstance(outputs, SymbolicTensor):
            rule = "stand beside one output, whose targets are theirs too"
            _check.fail(model.place, "auxiliary", rule, f"{len(structure.leaves(outputs))} outputs")
        if early and outputs.call.layer.name in self.auxiliary:
            rule = "have other names than the output's layer"
            _check.fail(model.place, "auxiliary", rule, outputs.call.layer.name)
        self.calls = self._calls_between([outputs, early])
        self._runs: dict[bool, GraphRun] = {}

    @property
    def layers(self) -> list[Layer]:
        """The layers in the order of their first call, inputs first; a shared one once."""
        given = [t.call.layer for t in structure.leaves(self.inputs) if t.call]
        starts = [layer for layer in given if isinstance(layer, InputLayer)]
        return list(dict.fromkeys(starts + [call.layer for call in self.calls]))

    def _calls_between(self, ends: Any) -> list[Call]:
        given = {id(tensor) for tensor in structure.leaves(self.inputs)}
        found: dict[int, Call] = {}
        open_ends = list(structure.leaves(ends))
        while open_ends:
            tensor = open_ends.pop()
            call = tensor.call
            if id(tensor) in given or call.order in found:
                continue
            if isinstance(call.layer, InputLayer):
                fix = "Add it to inputs."
                rule = "hold every input that the outputs need"
                _check.fail(self.place, "inputs", rule, f"no {tensor!r}", fix)
            if getattr(getattr(call.layer, "_graph", None), "auxiliary", None):
                rule = "not be models with auxiliary outputs: only the whole net can give those"
                fix = "Use the model without its top, or join Model(net.input, net.output)."
                _check.fail(self.place, "layers", rule, call.layer.name, fix)
            found[call.order] = call
            open_ends.extend(call.inputs)
        return [found[order] for order in sorted(found)]

    def plan(self, keys: dict[Layer, str]) -> None:
        """Fixes the runs: which layer, by its key in the model, reads and writes which slot."""
        self._runs[True] = GraphRun(self.inputs, self.training_outputs, self.calls, keys)
        self._runs[False] = self._runs[True]
        if self.auxiliary:
            calls = self._calls_between(self.outputs)
            self._runs[False] = GraphRun(self.inputs, self.outputs, calls, keys)

    @property
    def training_outputs(self) -> Any:
        """The outputs; where there are auxiliary ones, a dict of them under their names too."""
        if not self.auxiliary:
            return self.outputs
        early = {name: tensor for name, (tensor, _) in self.auxiliary.items()}
        return {self.outputs.call.layer.name: self.outputs, **early}

    def run(
        self, inputs: Any, modules: dict[str, nn.Module | None], *, training: bool = False
    ) -> Any:
        """The outputs for input tensors.

        Args:
            inputs: tensors.
            modules: the layers by their keys.
            training: whether the auxiliary outputs are computed too.
        """
        return self._runs[training](self._given(inputs), modules)

    def check_inputs(self, inputs: Any) -> None:
        """Refuses inputs whose number or shape is not as declared.

        Raises:
            ShapeError, ArgumentError: which input, and what was declared.
        """
        wanted, given = structure.leaves(self.inputs), self._given(inputs)
        if len(wanted) != len(given):
            rule = f"hold {len(wanted)} tensors"
            _check.fail(self.place, "inputs", rule, f"{len(given)} tensors")
        for symbol, tensor in zip(wanted, given, strict=True):
            check_shape(self.place, symbol.shape, tensor.shape)

    def _given(self, inputs: Any) -> list[Any]:
        """The input tensors in the order of the declared ones; a dict's are found by name."""
        if not isinstance(inputs, dict):
            return structure.leaves(inputs)
        wanted = structure.names(self.inputs, "input")
        if not isinstance(self.inputs, dict):
            wanted = [tensor.call.layer.name for tensor in structure.leaves(self.inputs)]
        found = structure.leaves_by_name(inputs, wanted)
        if found is None:
            rule = f"name the model's inputs: {', '.join(wanted)}"
            _check.fail(self.place, "inputs", rule, ", ".join(structure.names(inputs)))
        return found


def _checked(place: str, auxiliary: Any) -> dict[str, tuple[Any, float]]:
    """Auxiliary outputs, each under a name with its tensor and the factor of its loss."""
    rule = "map names to (tensor, factor of its loss)"
    fix = 'For example auxiliary={"early": (x, 0.3)}.'
    if not isinstance(auxiliary, dict):
        _check.fail(place, "auxiliary", rule, auxiliary, fix)
    for name, pair in auxiliary.items():
        if not isinstance(name, str) or not isinstance(pair, tuple) or len(pair) != 2:
            _check.fail(place, "auxiliary", rule, {name: pair}, fix)
        _check.number(place, f"auxiliary[{name}]", pair[1], low=0.0)
    return dict(auxiliary)


class Chain(Graph):
    """The graph of a Sequential: one layer after the other."""


def check_shape(place: str, wanted: Any, given: Any) -> None:
    """Refuses a shape that is not the declared one; open sizes take any."""
    layout = _check.shape_text(wanted)
    _check.rank(place, given, len(wanted), layout)
    for size, got in zip(wanted[1:], given[1:], strict=True):
        if size is not None and got is not None and size != got:
            _check.shape_fail(place, f"have shape {layout}", given)
