"""Writes the table of docs/pretrained.md from the records.

python -m tests.weights.write_page
"""

from striate.weights.catalogue import published_weights
from tests.test_pretrained_page import HEAD, PAGE, lines


def main():
    """The words before the table stay."""
    text = PAGE.read_text(encoding="utf-8")
    table = "\n".join(lines(published_weights()))
    PAGE.write_text(f"{text[: text.index(f'| {HEAD[0]} |')]}{table}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
