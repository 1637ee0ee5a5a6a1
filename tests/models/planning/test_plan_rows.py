"""The rows of a plan: what each layer makes, keeps, and sees."""

import numpy as np

import striate
from striate import layers
from striate.models import plan
from striate.models.planning.plan_rows import plan_rows
from striate.models.planning.planned_step import input_shapes
from striate.plan import Report


def rows_of(model):
    return {row.name: row for row in plan_rows(model, input_shapes(model))}


def test_a_row_says_what_the_layer_costs_and_sees():
    model = striate.Sequential(
        [
            striate.Input((9, 8, 3)),
            layers.Conv2D(4, 3, strides=2, padding="same", name="stem"),
            layers.MaxPooling2D(2, name="pool"),
            layers.Flatten(name="flat"),
            layers.Dense(5, name="out"),
        ]
    )
    rows = rows_of(model)
    stem, pool, flat, out = (rows[name] for name in ("stem", "pool", "flat", "out"))
    assert (stem.kind, stem.output_shape, stem.parameters) == ("Conv2D", (5, 4, 4), 112)
    assert (stem.multiply_adds, stem.output_bytes) == (5 * 4 * 4 * 27, 5 * 4 * 4 * 4)
    assert [(w.before, w.after) for w in stem.windows] == [(1, 1), (0, 1)]
    assert [axis.size_px for axis in pool.fields] == [5, 5]
    assert pool.ignored == (1, 0)
    assert (flat.fields, flat.windows, out.fields) == (None, None, None)
    assert (out.parameters, out.multiply_adds) == (85, 80)


def test_branches_see_what_the_widest_sees():
    x = image = striate.Input((16, 16, 1))
    wide = layers.Conv2D(2, 5, padding="same")(x)
    narrow = layers.Conv2D(2, 3, padding="same")(x)
    model = striate.Model(image, layers.Add(name="sum")([wide, narrow]))
    axis = rows_of(model)["sum"].fields[0]
    assert (axis.size_px, axis.start_px) == (5, -2)


def test_kept_bytes_are_what_the_backward_pass_waits_for():
    model = striate.Sequential(
        [
            striate.Input((8, 8, 2)),
            layers.Conv2D(3, 3, name="a"),
            layers.Conv2D(4, 3, name="b"),
            layers.GlobalAveragePooling2D(name="mean"),
            layers.Dense(2, name="out"),
        ]
    )
    rows = {row.name: row for row in plan(model, 8).rows}
    assert rows["a"].kept_bytes == 6 * 6 * 3 * 4
    assert rows["b"].kept_bytes in (0, 4 * 4 * 4 * 4)  # a mean needs only the shape
    assert rows["mean"].kept_bytes == 16


def test_a_shared_layer_keeps_for_all_of_its_calls_in_its_first_row():
    shared, image = layers.Conv2D(2, 3, padding="same", activation="relu"), striate.Input((8, 8, 2))
    found = plan(striate.Model(image, layers.Flatten()(shared(shared(shared(image))))), 4)
    kept = [row.kept_bytes for row in found.rows if row.kind == "Conv2D"]
    assert kept == [3 * 8 * 8 * 2 * 4, 0, 0]
    assert sum(row.kept_bytes for row in found.rows) == sum(found.timeline().kept_bytes().values())


class Plain(striate.Model):
    def __init__(self):
        super().__init__()
        self.first, self.second = layers.Conv2D(4, 3, name="first"), layers.Dense(2)

    def call(self, x):
        return self.second(self.first(x))


def test_layers_that_no_graph_joins():
    model = Plain()
    model.build((None, 8, 8, 1))
    model.built_for = (None, 8, 8, 1)
    rows = rows_of(model)
    assert rows["first"].output_shape == (6, 6, 4)
    assert rows["first"].fields is None
    assert rows["first"].windows[0].kernel == 3


class Split(layers.Layer):
    def __init__(self):
        super().__init__()
        self.inner = layers.Conv2D(4, 3, padding="same")

    def call(self, x):
        y = self.inner(x)
        return {"left": y[..., :1], "right": y[..., 1:]}


def test_a_layer_of_several_outputs():
    image = striate.Input((8, 8, 2))
    parts = Split()(image)
    found = plan(striate.Model(image, [parts["left"], layers.Flatten()(parts["right"])]), 2)
    row = found.rows[1]
    assert row.output_shape == ((8, 8, 1), (8, 8, 3))
    assert row.output_bytes == 4 * 64 * (1 + 3)
    assert row.multiply_adds == 64 * 4 * 18
    assert "(8, 8, 1) × (8, 8, 3)" in "\n".join(Report(found).lines())


class AroundAGraph(striate.Model):
    def __init__(self):
        super().__init__()
        first = layers.Conv2D(4, 3, name="first")
        self.base = striate.Sequential([striate.Input((None, None, 2)), first], name="base")
        self.head = layers.Dense(2, name="head")

    def call(self, x):
        return self.head(self.base(x).mean((1, 2)))


def test_a_graph_inside_a_net_without_one():
    model = AroundAGraph()
    model(np.zeros((1, 8, 8, 2), "float32"))
    found = plan(model, 2)
    rows = {row.name: row for row in found.rows}
    assert list(rows) == ["base/first", "head"]
    assert rows["base/first"].parameters == 76
    assert rows["base/first"].multiply_adds is None  # its own input is open
    assert rows["base/first"].kept_bytes in (0, 4 * 36 * 4)
    assert found.multiply_adds == 36 * 4 * 18 + 4 * 2
