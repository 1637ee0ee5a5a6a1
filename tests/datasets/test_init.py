import subprocess
import sys

import pytest

from striate import datasets


def test_names_are_modules_with_the_same_three_names():
    for name in datasets.NAMES:
        module = getattr(datasets, name)
        assert module.RECORD.name == name
        assert module.RECORD.class_names == module.CLASS_NAMES
        assert callable(module.load_data)
    assert set(datasets.NAMES) < set(dir(datasets))


def test_unknown_names_are_attribute_errors():
    with pytest.raises(AttributeError, match="no attribute 'imagenet'"):
        _ = datasets.imagenet


def test_import_is_light():
    code = (
        "import sys, striate.datasets as d\n"
        "heavy = {'torch', 'sklearn', 'numpy'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
        "d.mnist, d.fashion_mnist, d.cifar10\n"
        "assert not {'torch', 'sklearn'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, env={"PYTHONPATH": "src"}, timeout=60)
