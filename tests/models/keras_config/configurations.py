"""Small configurations as Keras 2 and Keras 3 write them."""


def layer(kind, name, /, *, module="keras.layers", nodes=None, **config):
    """An entry of a layer, with its calls where the model is functional."""
    entry = {"class_name": kind, "config": {"name": name, **config}, "name": name}
    if module is not None:
        entry |= {"module": module, "registered_name": None}
    return entry if nodes is None else entry | {"inbound_nodes": nodes}


def start(name, *shape, key="batch_shape", nodes=()):
    """An input of a shape without batch."""
    return layer("InputLayer", name, nodes=list(nodes), **{key: [None, *shape]})


def tensor(name, call=0, leaf=0):
    """A tensor as Keras 3 writes it."""
    config = {"shape": [None], "dtype": "float32", "keras_history": [name, call, leaf]}
    return {"class_name": "__keras_tensor__", "config": config}


def call(*args, **kwargs):
    """A call of a layer as Keras 3 writes it."""
    return {"args": list(args), "kwargs": kwargs}


def sequential(*layers, name="net", **more):
    """A Sequential."""
    return {"class_name": "Sequential", "config": {"name": name, "layers": list(layers)}, **more}


def functional(layers, inputs, outputs, *, name="net", **more):
    """A functional model."""
    ends = {"input_layers": inputs, "output_layers": outputs}
    config = {"name": name, "trainable": True, "layers": layers, **ends}
    return {"class_name": "Functional", "config": config, "name": name, **more}
