"""Every public name has a docstring in the house's form, and every example in it is true."""

import doctest
import importlib
import inspect
import pkgutil
import re

import pytest

import striate

MODULES = sorted(
    ["striate", *(found.name for found in pkgutil.walk_packages(striate.__path__, "striate."))]
)
SECTIONS = ["Args", "Shape", "Returns", "Raises", "Example", "Reference"]


def public(module):
    """(name, object) of the functions and classes that a module itself offers."""
    found = importlib.import_module(module)
    for name in getattr(found, "__all__", ()):
        each = getattr(found, name)
        if inspect.isfunction(each) or inspect.isclass(each):
            if each.__module__ == module:
                yield name, each


def faults(text):
    """What is wrong with a docstring, by the house's form."""
    if not text:
        return ["no docstring"]
    summary = text.strip().split("\n\n")[0].strip()
    headings = re.findall(r"^(\w+):$", inspect.cleandoc(text), flags=re.MULTILINE)
    known = [heading for heading in headings if heading in SECTIONS]
    rows = []
    if not summary.endswith("."):
        rows.append("the first paragraph does not end with a period")
    if known != sorted(known, key=SECTIONS.index) or len(known) != len(set(known)):
        rows.append(f"sections stand in the order {known}")
    rows += [f"{h}: is no section of the house" for h in headings if h not in SECTIONS]
    return rows


def documented(module):
    """(place, docstring) of each public name and of each public method that it defines."""
    yield module, importlib.import_module(module).__doc__
    for name, each in public(module):
        yield name, each.__doc__
        for method, member in vars(each).items() if inspect.isclass(each) else ():
            if not method.startswith("_") and (
                inspect.isfunction(member) or isinstance(member, property | classmethod)
            ):
                yield f"{name}.{method}", inspect.getdoc(getattr(each, method))


@pytest.mark.parametrize("module", MODULES)
def test_docstrings_have_the_form_of_the_house(module):
    rows = [f"{place}: {fault}" for place, text in documented(module) for fault in faults(text)]
    assert not rows, "\n" + "\n".join(rows)


@pytest.mark.parametrize("module", MODULES)
def test_examples_are_true(module, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found = doctest.testmod(
        importlib.import_module(module),
        optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE,
        verbose=False,
    )
    assert found.failed == 0, f"{found.failed} of {found.attempted} examples: see above"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (None, "no docstring"),
        ("", "no docstring"),
        ("Adds one", "does not end with a period"),
        ("Adds one.\n\nExample:\n    >>> 1\n    1\n\nArgs:\n    x: it.", "in the order"),
        ("Adds one.\n\nYields:\n    One.", "Yields: is no section"),
    ],
)
def test_a_fault_is_named(text, fault):
    assert fault in "\n".join(faults(text))


def test_the_form_of_the_house_has_no_fault():
    text = "Adds one.\n\n" + "\n\n".join(f"{section}:\n    text" for section in SECTIONS)
    assert faults(text) == []
