"""Network: layers joined from inputs to outputs, or by a subclass with `call`."""

from __future__ import annotations

from typing import Any

from .. import _check, structure
from ..layers import shape_inference
from ..layers.base import Layer
from ..layers.containers import LayerDict
from ..layers.symbolic import SymbolicTensor
from .graph import Auxiliary, Graph
from .names import free_name, name_in

__all__ = ["Network"]


class Network(Layer):
    """What a model is before it is trained: its layers, and how they are joined.

    `striate.Model` adds the verbs; the files that write them (fitting, saving, ...) see this
    class alone.

    Args:
        inputs: an `Input`, or a list, tuple or dict of such; None for a subclass with `call`.
        outputs: results of layer calls: one, or a list, tuple or dict of such.
        auxiliary: name -> (result of a layer call, factor of its loss), further outputs beside
            one output, that training alone computes. Default None: none.
    """

    casts_input = False
    optimizer: Any
    compiled: Any
    history: Any
    ema: Any = None
    scored: tuple[str, ...] = ()

    def __init__(
        self,
        inputs: Any = None,
        outputs: Any = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        auxiliary: Auxiliary | None = None,
    ) -> None:
        super().__init__(name=name, trainable=trainable)
        self._graph: Graph | None = None
        self._layers = LayerDict()
        self.stop_training = False
        if (inputs is None) != (outputs is None):
            missing = "outputs" if outputs is None else "inputs"
            _check.fail(self.place, missing, "be given with the other end", None)
        if inputs is not None:
            self._join(Graph(self, inputs, outputs, auxiliary))

    def _join(self, graph: Graph) -> None:
        keys: dict[Layer, str] = {}
        names: set[str] = set()
        given = {layer.name for layer in graph.layers if layer.named_by_user}
        for layer in graph.layers:
            name = name_in(self, layer, names if layer.named_by_user else names | given)
            names.add(name)
            self._layers[name] = layer
            keys[layer] = self._layers.key(name)
        graph.plan(keys)
        self._graph = graph
        self.built = True
        if not self._trainable:
            self.trainable = False

    def build(self, input_shape: Any) -> None:
        """Makes the parameters of a subclass for an input shape (n, h, w, c), n None."""
        self.built = True
        shape_inference.by_meta_run(self, tuple(input_shape))

    def _build_for(self, args: tuple[Any, ...]) -> None:
        self.built = True  # the layers inside are built by the call itself
        self.built_for = structure.map_leaves(lambda x: (None, *x.shape[1:]), args[0])

    def call(self, inputs: Any) -> Any:
        """The outputs for a tensor, or for a structure of tensors like `inputs`.

        In training a model with auxiliary outputs gives a dict: its output, and those, by name.
        """
        if self._graph is None:
            fix = "Write call(self, x), or give inputs and outputs."
            _check.fail(self.place, "call", "be written by a subclass of Model", None, fix)
        self._graph.check_inputs(inputs)
        return self._graph.run(inputs, self._layers._modules, training=self.training)

    def output_shape(self, *input_shapes: Any) -> Any:
        """The shape of the outputs for other inputs: from the graph, or a run without numbers."""
        graph = self._graph
        if graph and len(input_shapes) == 1:
            given, wanted = input_shapes[0], structure.leaves(graph.inputs)
            if len(wanted) == 1 and tuple(given) == wanted[0].shape:
                return structure.map_leaves(lambda t: t.shape, graph.outputs)
        return shape_inference.by_meta_run(self, *input_shapes)

    @property
    def layers(self) -> list[Layer]:
        """The layers in the order in which they run; a layer used twice stands once."""
        inside = self._layers._modules.values() if len(self._layers) else self._modules.values()
        return [part for child in inside for part in _layers_in(child)]

    def get_layer(self, name: str | None = None, index: int | None = None) -> Layer:
        """A layer by its name or its place in `layers`.

        Raises:
            ArgumentError: an unknown name (the nearest three are listed) or place.
        """
        layers = self.layers
        if index is not None:
            if not -len(layers) <= index < len(layers):
                _check.fail(self.place, "index", f"be below {len(layers)}", index)
            return layers[index]
        names = self.layer_names
        if name in names:
            return layers[names.index(name)]
        near = ", ".join(f'"{n}"' for n in _check.nearest(name, names))
        _check.fail(self.place, "name", "name a layer of the model", name, f"Nearest: {near}.")

    @property
    def layer_names(self) -> list[str]:
        """The name of each layer of `layers` in this model."""
        given = {id(part): name for name, part in self._layers.named()}
        found: list[str] = []
        for layer in self.layers:
            own = given.get(id(layer)) or layer._name
            found.append(own or free_name(layer.default_name, found))
        return found

    @property
    def input(self) -> Any:
        """The symbolic input, or the structure of inputs, of a functional model."""
        return self._ends("input").inputs

    @property
    def output(self) -> Any:
        """The symbolic output, or the structure of outputs, of a functional model."""
        return self._ends("output").outputs

    @property
    def inputs(self) -> list[SymbolicTensor]:
        """The symbolic inputs as a list."""
        return structure.leaves(self.input)

    @property
    def outputs(self) -> list[SymbolicTensor]:
        """The symbolic outputs as a list."""
        return structure.leaves(self.output)

    def _ends(self, asked: str) -> Graph:
        if self._graph is None:
            self._require_built(asked)
            fix = "Build it as a functional model or a Sequential."
            _check.fail(self.place, asked, "be asked of a model made from Input", None, fix)
        return self._graph


def _layers_in(child: Any) -> list[Layer]:
    if isinstance(child, Layer):
        return [child]
    if child is None:
        return []
    return [part for inner in child.children() for part in _layers_in(inner)]
