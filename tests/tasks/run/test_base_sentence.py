"""The weights with which a net began, in a sentence."""

from striate.tasks.run.base_sentence import base_sentence


def test_what_is_known_is_named_and_nothing_else():
    facts = {"net": "resnet20", "weights": "mine.pth", "source": "/tmp/mine.pth", "sha256": "ab"}
    said = base_sentence(facts)
    assert said == "It began with the weights mine.pth: /tmp/mine.pth, SHA-256 ab."
    said = base_sentence({**facts, "licence": "MIT", "recipe": ""})
    assert said.endswith("SHA-256 ab, licence MIT.")
