"""Trees as a Keras file holds them, written down in a few words."""

from striate.io.foreign.array_tree import Folder, StoredArray

__all__ = ["array", "read", "tree"]


def array(word="w"):
    """An array that is known by its bytes."""
    return StoredArray("uint8", (len(word),), word.encode)


def tree(parts, texts=None):
    """A folder; a part that is a text is an array, `texts` are the attributes by path.

    Args:
        parts: path -> the array's word.
        texts: path -> attribute -> texts.
    """
    texts = texts or {}
    names = {path.partition("/")[0] for path in (*parts, *texts) if path}
    below = {name: {} for name in names}
    notes = {name: {} for name in names}
    arrays = {}
    for path, word in parts.items():
        name, deeper, rest = path.partition("/")
        if deeper:
            below[name][rest] = word
        else:
            arrays[name] = array(word)
    for path, given in texts.items():
        name, _, rest = path.partition("/")
        if name:
            notes[name][rest] = given
    folders = {name: tree(below[name], notes[name]) for name in names - set(arrays)}
    own = texts.get("", {})
    return Folder(folders, arrays, lambda name: own.get(name))


def read(found):
    """What a reader found, by words."""
    layers, left_out = found
    return [
        (layer.name, layer.kind, [each.read().decode() for each in arrays])
        for layer, arrays in layers
    ], left_out
