"""The same pictures with boxes, written as COCO, YOLO and VOC: from the formats' definitions."""

import json

from PIL import Image


def draw(folder, pictures):
    """Writes blank pictures: {name: ((h, w), …)}."""
    for name, (size, *_) in pictures.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("L", size[::-1]).save(path)


def write_coco(path, pictures, categories, **more):
    """pictures: {name: ((h, w), [(class, x0, y0, x1, y1), …])}; categories: {id: name}."""
    ids = {name: identity for identity, name in categories.items()}
    images, marks = [], []
    for name, (size, boxes) in pictures.items():
        image = {"id": len(images) + 100, "file_name": name, "height": size[0], "width": size[1]}
        images.append(image)
        for word, x0, y0, x1, y1 in boxes:
            box = {"bbox": [x0, y0, x1 - x0, y1 - y0], "category_id": ids[word]}
            marks.append({"id": len(marks) + 500, "image_id": image["id"], "iscrowd": 0, **box})
    rows = [{"id": identity, "name": name} for identity, name in categories.items()]
    data = {"images": images, "annotations": marks, "categories": rows, **more}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data))
    return data


def write_yolo(folder, pictures, names):
    """Label files in a folder, one a picture with boxes."""
    for name, ((height, width), boxes) in pictures.items():
        rows = []
        for word, x0, y0, x1, y1 in boxes:
            centre = ((x0 + x1) / 2 / width, (y0 + y1) / 2 / height)
            size = ((x1 - x0) / width, (y1 - y0) / height)
            rows.append(" ".join(map(repr, [names.index(word), *centre, *size])))
        path = (folder / name).with_suffix(".txt")
        path.parent.mkdir(parents=True, exist_ok=True)
        if rows:
            path.write_text("\n".join(rows) + "\n")


def voc_text(name, size, boxes, **flags):
    """An XML file: corners counted from 1, both inside."""
    height, width = size
    objects = "".join(
        f"<object><name>{word}</name>{''.join(f'<{k}>{v}</{k}>' for k, v in flags.items())}<bndbox>"
        f"<xmin>{x0 + 1}</xmin><ymin>{y0 + 1}</ymin><xmax>{x1}</xmax><ymax>{y1}</ymax></bndbox>"
        "</object>"
        for word, x0, y0, x1, y1 in boxes
    )
    sizes = f"<size><width>{width}</width><height>{height}</height><depth>1</depth></size>"
    return f"<annotation><filename>{name}</filename>{sizes}{objects}</annotation>"


def write_voc(folder, pictures):
    folder.mkdir(parents=True, exist_ok=True)
    for name, (size, boxes) in pictures.items():
        (folder / name).with_suffix(".xml").write_text(voc_text(name, size, boxes))


def rows_of(index):
    """{name: sorted [(class, x0, y0, x1, y1), …]} of an index."""
    found = {}
    for i in range(len(index)):
        boxes = index.boxes[i]
        rows = zip(boxes.labels, boxes.boxes_xyxy.tolist(), strict=True)
        name = index.paths[i].name
        found[name] = sorted((index.class_names[label], *corners) for label, corners in rows)
    return found
