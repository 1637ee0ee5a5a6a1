import torch

from striate.data.augment import HorizontalFlip, VerticalFlip
from striate.data.augment.resample import mirror, resample


def test_they_are_torchs_flip():
    x = torch.randint(0, 256, (2, 5, 8, 3), dtype=torch.uint8)
    for transform, axis in ((HorizontalFlip(), 2), (VerticalFlip(), 1)):
        matrices = transform.matrices(torch.zeros(2, 1, dtype=torch.float64), (5, 8))
        assert mirror(x, matrices).equal(x.flip(axis))
        assert resample(x, matrices, None, outside=0).equal(x.flip(axis))
