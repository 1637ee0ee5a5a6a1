"""Parameters and multiply-adds of every architecture: as published, and as torch counts them."""

import pytest
from tests.architectures.measures import counted_multiply_adds, empty, total, trainable

from striate.architectures import ARCHITECTURES
from striate.layers import RadialBasis
from striate.models.costs import multiply_adds
from striate.models.planning.plan_rows import plan_rows
from striate.models.planning.planned_step import input_shapes

PUBLISHED = """
vgg16              keras       138_357_544 138_357_544 15.47
vgg19              keras       143_667_240 143_667_240 19.63
vgg16_bn           torchvision 138_365_992 -           -
vgg11              torchvision 132_863_336 -           -
vgg13              torchvision 133_047_848 -           -
resnet18           torchvision 11_689_512  -           1.81
resnet34           torchvision 21_797_672  -           3.66
resnet50           keras       25_583_592  25_636_712  -
resnet50           torchvision 25_557_032  -           4.09
resnet101          keras       44_601_832  44_707_176  -
resnet101          torchvision 44_549_160  -           7.80
resnet152          keras       60_268_520  60_419_944  -
resnet152          torchvision 60_192_808  -           11.51
resnet50_v2        keras       25_568_360  25_613_800  -
xception           keras       22_855_952  22_910_480  -
xception           timm        22_855_952  -           -
inception_v3       keras       23_817_352  23_851_784  5.71
inception_v3       timm        23_834_568  -           -
inception_v3       torchvision 27_161_264  -           5.71
se_resnet18        timm        11_779_624  -           -
se_resnet34        timm        21_960_416  -           -
se_resnet50        timm        28_088_024  -           -
se_resnet101       timm        49_326_872  -           -
se_resnet152       timm        66_821_848  -           -
se_resnext50_32x4d timm        27_559_896  -           -
senet154           timm        115_088_984 -           -
resnext50_32x4d    torchvision 25_028_904  -           4.23
resnext101_32x8d   torchvision 88_791_336  -           16.41
resnext101_64x4d   torchvision 83_455_272  -           15.46
densenet121        keras       7_978_856   8_062_504   2.83
densenet169        keras       14_149_480  14_307_880  3.36
densenet201        keras       20_013_928  20_242_984  4.29
densenet161        torchvision 28_681_000  -           -
mobilenet_v1       keras       4_231_976   4_253_864   -
mobilenet_v2       keras       3_504_872   3_538_984   0.30
mobilenet_v3_small keras       2_542_856   2_554_968   0.057
mobilenet_v3_large keras       5_483_032   5_507_432   0.217
cspresnet50        timm        21_616_168  -           -
cspresnext50       timm        20_569_896  -           -
cspdarknet53       timm        27_642_184  -           -
darknet53          timm        41_609_928  -           -
efficientnet_b0    keras       5_288_548   5_330_571   0.386
efficientnet_b1    keras       7_794_184   7_856_239   0.687
efficientnet_b2    keras       9_109_994   9_177_569   -
efficientnet_b3    keras       12_233_232  12_320_535  1.83
efficientnet_b4    keras       19_341_616  19_466_823  4.39
efficientnet_b5    keras       30_389_784  30_562_527  10.27
efficientnet_b6    keras       43_040_704  43_265_143  19.07
efficientnet_b7    keras       66_347_960  66_658_687  37.75
efficientnet_v2_s  keras       21_458_488  21_612_360  8.37
convnext_tiny      keras       28_589_128  28_589_128  4.46
"""
"""Net, dialect, trained parameters, those with moving statistics, 10^9 multiply-adds."""

NETS = [
    (name, dialect.name)
    for name in ARCHITECTURES
    for dialect in ARCHITECTURES.get(name).dialects or ()
]
A_DOZEN = {
    *("alexnet", "convnext_tiny", "cspresnext50", "densenet40", "efficientnet_lite0"),
    *("googlenet", "lenet5", "mobilenet_v3_small", "resnet164_v2", "resnext29_8x64d"),
    *("se_resnet20", "squeezenet_1_1"),
}


def row(name, dialect):
    marks = () if name in A_DOZEN and dialect == "paper" else pytest.mark.long
    return pytest.param(name, dialect, id=f"{name}-{dialect}", marks=marks)


def digits_of(count, like):
    """A count in thousands of millions with as many digits as a published one."""
    return f"{count / 1e9:.{len(like.partition('.')[2])}f}"


@pytest.mark.parametrize(
    "line", PUBLISHED.strip().splitlines(), ids=lambda line: "-".join(line.split()[:2])
)
def test_counts_are_the_published_ones(line):
    name, dialect, trained, with_statistics, adds = line.split()
    net = empty(name, dialect)
    assert trainable(net) == int(trained)
    assert with_statistics in ("-", f"{total(net):_}")
    assert adds in ("-", digits_of(multiply_adds(net), adds))


def test_the_published_size_of_efficientnet_b2_is_288():
    net = empty("efficientnet_b2", "torchvision", input_shape=(288, 288, 3))
    assert digits_of(multiply_adds(net), "1.09") == "1.09"


@pytest.mark.parametrize(("name", "dialect"), [row(*net) for net in NETS])
def test_multiply_adds_are_those_that_torch_counts(name, dialect):
    net = empty(name, dialect)
    planned = plan_rows(net, input_shapes(net))
    squares = [row.multiply_adds for row in planned if row.kind == RadialBasis.__name__]
    assert sum(row.multiply_adds for row in planned) == multiply_adds(net)
    assert multiply_adds(net) == counted_multiply_adds(net) + sum(squares)
    assert squares == ([840] if name == "lenet5" else [])  # no product of matrices
