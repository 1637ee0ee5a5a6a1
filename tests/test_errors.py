"""The error tree is as drawn, and the package raises nothing else."""

import ast
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
EXITS = {"cli": {"typer.Exit", "typer.BadParameter", "SystemExit"}}


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


def own_errors(tree):
    """Errors that a file derives from ours."""
    known = set(errors.__all__)
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and known & {ast.unparse(base) for base in node.bases}:
            known.add(node.name)
    return known


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_every_raise_is_ours(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    allowed = own_errors(tree) | EXITS.get(path.relative_to(PACKAGE).parts[0], set())
    rows = [
        f"{path.name}:{line} raises {name}"
        for line, function, name in raised(tree)
        if name.removeprefix("errors.") not in allowed | PROTOCOL.get(function, set())
    ]
    assert not rows, "\n".join(rows)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_no_assert_in_the_package(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert [node.lineno for node in ast.walk(tree) if isinstance(node, ast.Assert)] == []


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
