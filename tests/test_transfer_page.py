"""docs/transfer_learning.md: its Python runs from top to bottom."""

import re
import subprocess
import sys
from pathlib import Path

PAGE = Path(__file__).resolve().parents[1] / "docs" / "transfer_learning.md"


def test_the_python_of_the_page_runs(tmp_path):
    parts = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.M | re.S)
    assert len(parts) == 4
    code = "\n".join(parts)
    subprocess.run(
        [sys.executable, "-W", "error", "-c", code], cwd=tmp_path, check=True, timeout=180
    )
