"""A clean set of pictures, and the same with faults planted into it."""

import io

import numpy as np
from PIL import Image


def picture(seed, *, size=(48, 40), channels=3):
    """A picture like no other: smooth random colours with a little noise."""
    rng = np.random.default_rng(seed)
    coarse = rng.integers(0, 256, (6, 5, channels), dtype=np.uint8)
    image = Image.fromarray(coarse[..., 0] if channels == 1 else coarse)
    smooth = np.asarray(image.resize(size, Image.Resampling.BICUBIC), np.int16)
    noisy = smooth + rng.integers(-4, 5, smooth.shape)
    return Image.fromarray(noisy.clip(0, 255).astype(np.uint8))


def jpeg(image, **options):
    """The bytes of a JPEG."""
    file = io.BytesIO()
    image.save(file, "JPEG", quality=92, **options)
    return file.getvalue()


def clean_classes(root, *, train=20, val=6):
    """Two classes in two parts: nothing is wrong with them."""
    seed = 0
    for part, count in (("train", train), ("val", val)):
        for name in ("cat", "dog"):
            folder = root / part / name
            folder.mkdir(parents=True)
            for number in range(count):
                seed += 1
                (folder / f"{number}.jpg").write_bytes(jpeg(picture(seed)))
    return root


def plant(root):
    """Plants faults; gives kind -> the names of the files that must be found."""
    cat, dog, val = root / "train/cat", root / "train/dog", root / "val/cat"
    whole = (cat / "0.jpg").read_bytes()
    (cat / "empty.jpg").write_bytes(b"")
    (cat / "words.jpg").write_text("This is no picture.")
    (cat / "cut.jpg").write_bytes(jpeg(picture(900))[:-400])
    picture(901).save(cat / "really_png.jpg", "PNG")
    exif = Image.Exif()
    exif[0x0112] = 6
    (cat / "turned.jpg").write_bytes(jpeg(picture(902), exif=exif.tobytes()))
    frames = [picture(903), picture(904)]
    frames[0].save(cat / "moving.gif", save_all=True, append_images=frames[1:])
    picture(905, size=(6, 5)).save(cat / "small.png")
    Image.new("RGB", (48, 40), (200, 10, 10)).save(cat / "red.png")
    (cat / "copy_of_0.jpg").write_bytes(whole)
    image = Image.open(cat / "1.jpg")
    (cat / "near_1.jpg").write_bytes(jpeg(image.resize((96, 80), Image.Resampling.BICUBIC)))
    (dog / "also_cat_2.jpg").write_bytes((cat / "2.jpg").read_bytes())
    (val / "leaked_3.jpg").write_bytes((cat / "3.jpg").read_bytes())
    Image.open(cat / "4.jpg").save(val / "near_leak_4.jpg", quality=60)
    Image.open(cat / "5.jpg").resize((60, 50)).save(dog / "near_cat_5.png")
    picture(906, size=(400, 400)).save(cat / "large.png")
    picture(907, size=(200, 20)).save(cat / "wide.png")
    (cat / "grey.jpg").write_bytes(jpeg(picture(908, channels=1)))
    clear = picture(909).convert("RGBA")
    clear.putpixel((3, 3), (9, 9, 9, 0))
    clear.save(cat / "clear.png")
    (cat / "notes.txt").write_text("Mondays only.")
    for part in ("train", "val"):
        owl = root / part / "owl"
        owl.mkdir()
        (owl / "alone.jpg").write_bytes(jpeg(picture(910 + len(part))))
    return {
        "undecodable": [{"empty.jpg"}, {"words.jpg"}],
        "truncated": [{"cut.jpg"}],
        "wrong_suffix": [{"really_png.jpg"}],
        "rotated": [{"turned.jpg"}],
        "animated": [{"moving.gif"}],
        "tiny": [{"small.png"}],
        "constant": [{"red.png"}],
        "duplicate": [{"0.jpg", "copy_of_0.jpg"}],
        "near_duplicate": [{"1.jpg", "near_1.jpg"}],
        "two_classes": [{"2.jpg", "also_cat_2.jpg"}],
        "leak": [{"3.jpg", "leaked_3.jpg"}],
        "near_leak": [{"4.jpg", "near_leak_4.jpg"}],
        "near_two_classes": [{"5.jpg", "near_cat_5.png"}],
        "odd_size": [{"large.png"}, {"small.png"}],
        "odd_aspect": [{"wide.png"}],
        "odd_file": [{"moving.gif"}],
        "mixed_colour": [{"grey.jpg"}],
        "transparent": [{"clear.png"}],
        "skipped": [{"notes.txt"}],
        "one_picture": [set()],
        "imbalance": [set()],
    }
