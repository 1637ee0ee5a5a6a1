"""Lengths: they serve the reader. Functions and classes count without their docstrings."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "src" / "striate"

FILE, FILE_WITH_REASON, FUNCTION, CLASS, LINE, ARGUMENTS = 300, 400, 60, 150, 100, 12

# path, or path:Class, or path:function -> why it is longer (a file may then have 400 lines).
EXEMPT: dict[str, str] = {
    "layers/conv_transpose.py:Conv2DTranspose.__init__": "Keras' arguments and groups",
    "layers/separable.py:SeparableConv2D.__init__": "Keras' arguments for two kernels and a bias",
}

# What every layer takes; a layer's constructor may have 12 arguments of its own.
BASE_ARGUMENTS = {"self", "name", "trainable", "input_shape"}


def code_lines(node):
    """Lines of a function or class, its decorators and docstrings not counted."""
    count = node.end_lineno - node.lineno + 1
    for inner in ast.walk(node):
        if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            first = inner.body[0]
            if ast.get_docstring(inner) is not None:
                count -= first.end_lineno - first.lineno + 1
    return count


def too_long(root):
    """name -> what is too long about it."""
    found = {}
    for path in sorted(root.rglob("*.py")):
        here = path.relative_to(root).as_posix()
        text = path.read_text(encoding="utf-8")
        lines = text.splitlines()
        if len(lines) > FILE:
            found[here] = f"{len(lines)} lines"
        for number, line in enumerate(lines, 1):
            if len(line) > LINE:
                found[f"{here}:{number}"] = f"{len(line)} columns"
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                limit = FUNCTION
            elif isinstance(node, ast.ClassDef):
                limit = CLASS
                if here.startswith("layers/"):
                    found |= long_constructor(here, node)
            else:
                continue
            if code_lines(node) > limit:
                found[f"{here}:{node.name}"] = f"{code_lines(node)} lines of code"
    return found


def long_constructor(here, node):
    """The entry of a layer whose constructor takes too many arguments of its own."""
    for inner in node.body:
        if isinstance(inner, ast.FunctionDef) and inner.name == "__init__":
            arguments = inner.args.posonlyargs + inner.args.args + inner.args.kwonlyargs
            own = [each.arg for each in arguments if each.arg not in BASE_ARGUMENTS]
            if len(own) > ARGUMENTS:
                return {f"{here}:{node.name}.__init__": f"{len(own)} arguments"}
    return {}


def test_nothing_is_too_long_without_a_reason():
    rows = [f"{name}: {what}" for name, what in too_long(PACKAGE).items() if name not in EXEMPT]
    assert not rows, "\n" + "\n".join(rows)


def test_no_file_is_too_long_for_any_reason():
    found = too_long(PACKAGE)
    files = {name: what for name, what in found.items() if name.endswith(".py")}
    assert not [name for name, what in files.items() if int(what.split()[0]) > FILE_WITH_REASON]


def test_no_exemption_is_stale():
    assert not set(EXEMPT) - set(too_long(PACKAGE))
    assert all(len(reason) > 10 for reason in EXEMPT.values())


BODY = "    x = 1\n" * 60
DOC = '    """One.' + "\n" * 80 + '    """\n'
METHODS = "    def f(self):\n        return 1\n\n"
NAMES = "".join(f"        a{n}=0,\n" for n in range(12))


@pytest.mark.parametrize(
    ("path", "code", "found"),
    [
        ("x.py", "\n" * 300, {}),
        ("x.py", "\n" * 301, {"x.py": "301 lines"}),
        ("x.py", "#" * 101, {"x.py:1": "101 columns"}),
        ("x.py", f"def f():\n{DOC}{BODY[10:]}", {}),
        ("x.py", f"def f():\n{DOC}{BODY}", {"x.py:f": "61 lines of code"}),
        ("x.py", f"class A:\n{DOC}{METHODS * 50}", {}),
        ("x.py", f"class A:\n{METHODS * 50}    x = 1\n", {"x.py:A": "152 lines of code"}),
        ("layers/x.py", f"class A:\n    def __init__(self,\n{NAMES} *, name=None): ...", {}),
        (
            "layers/x.py",
            f"class A:\n    def __init__(self,\n{NAMES} more=0): ...",
            {"layers/x.py:A.__init__": "13 arguments"},
        ),
    ],
)
def test_the_ruler_measures(tmp_path, path, code, found):
    (tmp_path / path).parent.mkdir(exist_ok=True)
    (tmp_path / path).write_text(code)
    assert too_long(tmp_path) == found
