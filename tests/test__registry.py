import pytest

from striate._registry import Registry
from striate.errors import ArgumentError


@pytest.fixture
def nets():
    registry = Registry("net")
    for name in ("resnet18", "resnet34", "lenet", "alexnet"):
        registry.register(name)(name.upper())
    return registry


def test_names_stand_in_the_order_they_were_added(nets):
    assert nets.names() == list(nets) == ["resnet18", "resnet34", "lenet", "alexnet"]
    assert len(nets) == 4
    assert "lenet" in nets
    assert "vgg" not in nets


def test_get_and_name_of_are_each_others_inverse(nets):
    assert all(nets.name_of(nets.get(name)) == name for name in nets)
    assert nets.name_of(object()) is None


def test_register_returns_the_entry():
    registry = Registry("loss")

    @registry.register("mse")
    def mse():
        return 0.5

    assert mse() == 0.5
    assert registry.get("mse") is mse
    assert registry.register("mse")(mse) is mse


def test_a_taken_name_is_refused(nets):
    words = r'^net registry: `name` must be new\. Got name="lenet", which is taken by \'LENET\''
    with pytest.raises(ArgumentError, match=words):
        nets.register("lenet")("another")
    assert nets.get("lenet") == "LENET"


def test_an_equal_entry_is_another_entry():
    registry = Registry("net")
    registry.register("a")([1])
    with pytest.raises(ArgumentError, match="`name` must be new"):
        registry.register("a")([1])


def test_an_unknown_name_gets_the_nearest_three(nets):
    words = (
        r"^net registry: `name` must name a known net\. Got name='resnet'\. "
        r'Nearest: "resnet18", "resnet34", "\w+"\.$'
    )
    with pytest.raises(ArgumentError, match=words):
        nets.get("resnet")


def test_the_caller_says_whose_argument_it_was(nets):
    words = r"^compile: `optimizer` must name a known net\. Got optimizer=3\."
    with pytest.raises(ArgumentError, match=words):
        nets.get(3, place="compile", argument="optimizer")


def test_an_empty_table_has_nothing_near():
    with pytest.raises(ArgumentError, match=r"Got name='x'\.$"):
        Registry("net").get("x")


@pytest.mark.parametrize("name", [["lenet"], {}, None])
def test_what_is_no_name_is_unknown(nets, name):
    with pytest.raises(ArgumentError, match="must name a known net"):
        nets.get(name)
