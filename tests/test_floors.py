"""Who may import whom: only downward, and within one folder without cycles.

An import for types alone counts like any other.
"""

import ast
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "src" / "striate"

BELOW_ALL = """
    shapes windows errors _check _registry _constant _counted _version
    records world settings structure
"""
FLOORS = [
    "ops io",
    "layers losses metrics optimizers",
    "train data datasets plan weights",
    "models",
    "architectures",
    "applications explain export distributed",
    "tasks",
    "recipes books",
    "cli web utils callbacks activations initializers regularizers",
]
FLOOR = dict.fromkeys(BELOW_ALL.split(), -1) | {
    room: floor for floor, rooms in enumerate(FLOORS) for room in rooms.split()
}
FRONT_DOOR = "striate"  # lazy: every file is below it
TABLE_OF_COMMANDS = "cli/__init__.py"  # imports a command's file when the command is called
A_READERS_FILES = "books/listings"  # data that runs: they go in by the front door, as a reader does
EXTRAS = {"h5py", "simplejpeg", "tensorboard", "huggingface_hub"}  # each imported in one file alone


def room_of(module):
    """striate.layers.conv -> layers; None for the front door."""
    return module.split(".")[1] if "." in module else None


def imports(path, root):
    """(module, line, inside a function) of every import that a file writes."""
    parts = ("striate", *path.relative_to(root).with_suffix("").parts)
    package = parts[:-1]  # of striate.layers.conv and of striate.layers.__init__ alike
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inside = {
        id(node)
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for node in ast.walk(function)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            base = ".".join([*above, *([node.module] if node.module else [])])
            names = [f"{base}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            yield name, node.lineno, id(node) in inside


def module_of(name, modules):
    """The file that an imported name lives in: striate.shapes.Size -> striate.shapes."""
    while name not in modules and "." in name:
        name = name.rpartition(".")[0]
    return name


def violations(root):
    """One line for each import that breaks a rule of the house."""
    files = {}
    for path in sorted(root.rglob("*.py")):
        if path.relative_to(root).as_posix().startswith(A_READERS_FILES):
            continue
        parts = ["striate", *path.relative_to(root).with_suffix("").parts]
        files[".".join(parts).removesuffix(".__init__")] = path
    rows, graph, extra_files = [], {}, {}
    for module, path in files.items():
        if module == FRONT_DOOR:
            continue
        here = path.relative_to(root).as_posix()
        room = room_of(module)
        if room not in FLOOR:
            rows.append(f"{here}: {room} stands on no floor")
            continue
        for name, line, inside in imports(path, root):
            ours = name.startswith("striate.")
            extra = set() if ours else EXTRAS & set(name.split("."))
            for each in extra:
                extra_files.setdefault(each, set()).add(here)
            if inside and not extra and here != TABLE_OF_COMMANDS:
                rows.append(f"{here}:{line} imports {name} inside a function")
            if ours:
                target = module_of(name, files)
                graph.setdefault(module, set()).add(target)
                rows += floor_violation(f"{here}:{line}", room, name, target)
    rows += [f"extra {x}: imported in {sorted(f)}" for x, f in extra_files.items() if len(f) > 1]
    try:
        tuple(TopologicalSorter(graph).static_order())
    except CycleError as error:
        rows.append(f"a cycle: {' -> '.join(reversed(error.args[1]))}")
    return rows


def floor_violation(place, room, name, target):
    """The line that says which two floors an import joins, if it may not."""
    other = room_of(target)
    if other is None:
        return [f"{place} imports {name}: the front door, or no such file"]
    same = other == room or FLOOR[room] == FLOOR.get(other) == -1
    if same or FLOOR.get(other, 99) < FLOOR[room]:
        return []
    return [f"{place} (floor {FLOOR[room]}) imports {target} (floor {FLOOR.get(other)})"]


def test_every_import_goes_down():
    rows = violations(PACKAGE)
    assert not rows, "\n" + "\n".join(rows)


GOOD = {
    "__init__.py": "from .models import Model",
    "errors.py": "",
    "_check.py": "from .errors import ArgumentError",
    "ops/__init__.py": "from .conv import conv2d",
    "ops/conv.py": "from striate import _check\nfrom .pad import pad",
    "ops/pad.py": "import math, torch.nn",
    "layers/__init__.py": "from . import conv",
    "layers/conv.py": "from striate.ops import conv2d\nfrom striate.ops.pad import pad",
    "models/__init__.py": "from striate.layers.conv import Conv2D",
    "cli/__init__.py": "def main():\n    from striate.cli import train",
    "cli/train.py": "from striate.models import Model",
    "train/callbacks/__init__.py": "from .tensorboard import TensorBoard",
    "train/callbacks/tensorboard.py": "def open_():\n    from torch.utils import tensorboard",
}


@pytest.mark.parametrize(
    ("path", "code", "words"),
    [
        (
            "ops/conv.py",
            "from striate.layers import conv",
            "0) imports striate.layers.conv (floor 1)",
        ),
        ("ops/conv.py", "import striate.models", "imports striate.models (floor 3)"),
        ("ops/conv.py", "from .. import layers", "imports striate.layers (floor 1)"),
        ("ops/conv.py", "if TYPE_CHECKING:\n    from striate.models import Model", "(floor 3)"),
        (
            "losses/x.py",
            "from striate.layers import conv",
            "1) imports striate.layers.conv (floor 1)",
        ),
        ("errors.py", "from .ops import conv2d", "(floor -1) imports striate.ops (floor 0)"),
        ("errors.py", "from . import _check", "a cycle"),
        ("ops/pad.py", "from .conv import conv2d", "a cycle: striate.ops"),
        ("ops/pad.py", "from . import conv2d", "a cycle"),
        ("cli/train.py", "from striate import Model", "imports striate.Model: the front door"),
        ("ops/pad.py", "def f():\n    import math", "imports math inside a function"),
        ("models/x.py", "import tensorboard", "extra tensorboard: imported in"),
        ("common/x.py", "", "common stands on no floor"),
    ],
)
def test_a_broken_rule_is_named(tmp_path, path, code, words):
    for name, text in GOOD.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    assert violations(tmp_path) == []
    (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / path).write_text(code)
    assert words in "\n".join(violations(tmp_path))
