"""Log-probabilities from bare and carried outputs."""

import torch
import torch.nn.functional as F

from striate.losses.probabilities import binary_logits, log_probabilities
from striate.ops.activation import sigmoid, softmax


def test_carried_logits_come_first():
    raw = torch.tensor([[100.0, 0.0]])
    exact = log_probabilities("L", softmax(raw), from_logits=False)
    assert torch.equal(exact, F.log_softmax(raw, -1))
    bare = log_probabilities("L", softmax(raw).clone(), from_logits=False)
    assert bare[0, 1] > -17.0


def test_the_other_activation_carries_nothing():
    raw = torch.tensor([[1.0, 0.0]])
    assert binary_logits("L", softmax(raw), from_logits=False) is None
    assert torch.equal(binary_logits("L", sigmoid(raw), from_logits=False), raw)
    shares = sigmoid(raw)
    expected = (shares / shares.sum()).log()
    assert torch.allclose(log_probabilities("L", shares, from_logits=False), expected)


def test_given_logits_are_widened():
    raw = torch.tensor([[1.0, 2.0]], dtype=torch.bfloat16)
    assert log_probabilities("L", raw, from_logits=True).dtype == torch.float32
    assert binary_logits("L", raw, from_logits=True).dtype == torch.float32
