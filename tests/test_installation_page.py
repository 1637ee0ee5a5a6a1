"""docs/installation.md: its tables have the extras and the environment variables that there are."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def rows(heading):
    """What the first cells of the table below a heading say in code."""
    text = (ROOT / "docs" / "installation.md").read_text(encoding="utf-8")
    table = text[text.index(f"## {heading}\n") :].split("\n## ")[0]
    cells = re.findall(r"^\| (`.*?) \|", table, re.M)
    return sorted(name for cell in cells for name in re.findall(r"`(.+?)`", cell))


def test_extras():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert rows("Extras") == sorted(project["optional-dependencies"])


def test_environment_variables():
    settings = (ROOT / "src" / "striate" / "settings.py").read_text(encoding="utf-8")
    known = set(re.findall(r'"((?:STRIATE|KERAS|HF_HUB)_[A-Z_]+)"', settings))
    assert rows("Environment variables") == sorted(known)
