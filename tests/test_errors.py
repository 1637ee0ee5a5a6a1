"""The error tree is as drawn, and the package raises nothing else."""

import ast
import functools
import re
from pathlib import Path

import pytest

from striate import errors

PACKAGE = Path(__file__).resolve().parents[1] / "src" / "striate"
FILES = sorted(PACKAGE.rglob("*.py"))

# What Python's own protocols ask for: method -> what it may raise.
PROTOCOL = {
    "__getattr__": {"AttributeError"},
    "__delattr__": {"AttributeError"},
    "__getitem__": {"IndexError", "KeyError"},
    "__delitem__": {"IndexError", "KeyError"},
    "__next__": {"StopIteration"},
}
# Ways out that are no errors: room -> what it may raise.
EXITS = {
    "cli": {"typer.Exit", "typer.BadParameter", "SystemExit"},
    "train": {"KeyboardInterrupt", "SystemExit"},
}


def test_tree_is_as_drawn():
    drawn = re.findall(r"[├└]── (\w+)(?: \((\w+)\))?", errors.__doc__)
    drawn = {name: ["StriateError", *([also] if also else [])] for name, also in drawn}
    actual = {
        name: [base.__name__ for base in getattr(errors, name).__bases__]
        for name in errors.__all__
        if name != "StriateError"
    }
    assert drawn == actual
    assert errors.StriateError.__bases__ == (Exception,)


@pytest.mark.parametrize("name", errors.__all__)
def test_errors_carry_one_sentence(name):
    error = getattr(errors, name)('Conv2D "stem": `groups` must divide 8.')
    assert str(error) == 'Conv2D "stem": `groups` must divide 8.'
    assert isinstance(error, errors.StriateError)


def raised(tree):
    """(line, function, name) of every raise that makes a new error."""
    owner, abstract = {}, set()
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            owner |= {id(node): function.name for node in ast.walk(function)}
            body = function.body[1:] if ast.get_docstring(function) else function.body
            abstract |= {id(body[0])} if len(body) == 1 else set()
    caught = {handler.name for handler in ast.walk(tree) if isinstance(handler, ast.ExceptHandler)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise) and node.exc is not None:
            made = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
            name = ast.unparse(made)
            left_to_subclass = name == "NotImplementedError" and id(node) in abstract
            if name not in caught and not left_to_subclass:
                yield node.lineno, owner.get(id(node), ""), name


def own_errors(trees):
    """Errors that a room derives from ours, and its signals: made and caught inside the room."""
    nodes = [node for tree in trees for node in ast.walk(tree)]
    caught = {
        ast.unparse(node.type)
        for node in nodes
        if isinstance(node, ast.ExceptHandler) and node.type
    }
    known = {*errors.__all__, "_check.error"}  # the latter words an error for `raise … from`
    for node in nodes:
        if isinstance(node, ast.ClassDef):
            bases = {ast.unparse(base) for base in node.bases}
            if known & bases or ("Exception" in bases and node.name in caught):
                known.add(node.name)
    return known


def parse(path):
    return ast.parse(path.read_text(encoding="utf-8"))


@functools.cache
def allowed_in(room):
    """What a folder, or a file that lies in none, may raise."""
    files = sorted((PACKAGE / room).rglob("*.py")) or [PACKAGE / room]
    return own_errors([parse(file) for file in files]) | EXITS.get(room, set())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_every_raise_is_ours(path):
    allowed = allowed_in(path.relative_to(PACKAGE).parts[0])
    rows = [
        f"{path.name}:{line} raises {name}"
        for line, function, name in raised(parse(path))
        if name.removeprefix("errors.") not in allowed | PROTOCOL.get(function, set())
    ]
    assert not rows, "\n".join(rows)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_no_assert_in_the_package(path):
    assert [node.lineno for node in ast.walk(parse(path)) if isinstance(node, ast.Assert)] == []


def test_a_foreign_raise_is_found():
    tree = ast.parse(
        "def f():\n"
        "    try: g()\n"
        "    except OSError as error: raise error\n"
        "    raise ValueError('x')\n"
        "def __getattr__(n): raise AttributeError(n)\n"
        "def abstract(n):\n"
        "    'Left to a subclass.'\n"
        "    raise NotImplementedError\n"
        "def stub(n):\n"
        "    n += 1\n"
        "    raise NotImplementedError\n"
    )
    assert list(raised(tree)) == [
        (4, "f", "ValueError"),
        (5, "__getattr__", "AttributeError"),
        (11, "stub", "NotImplementedError"),
    ]


def test_a_signal_is_caught_where_it_is_made():
    made = ast.parse("class Cut(Exception): ...\nclass Lost(Exception): ...")
    catching = ast.parse("try: f()\nexcept Cut: pass")
    assert {"Cut", "Lost"} & own_errors([made, catching]) == {"Cut"}
