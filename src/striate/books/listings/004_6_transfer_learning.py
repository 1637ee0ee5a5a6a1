"""Transfer learning: a new head on a frozen net, then its layers too, at a lower learning rate.

Book: Aurélien Géron, Hands-On Machine Learning, 2nd edition, chapter 14.
Text: 004.
Changed: 800 photographs of clothes, a folder a class, in the folder STRIATE_DATA, stand in the
place of tf_flowers, and arrays in the place of its pipeline; EfficientNet-Lite0, whose weights come
from a package, in the place of Xception; `decay=` is a schedule, as Keras does not know it any
more. At the text's second rate, 0.01 on all layers, this small set takes the net from 84 to 70 %:
the rate is 0.0001 here, and the normalizations stay frozen. Lines so marked are added.
Slips: the text writes `num_class`, a comma for a point, `optimizer` for `optm`, and
`validation_cata`.
"""

import os  # added

import numpy as np  # added

import striate as keras  # added
from striate import ops  # added
from striate.layers import BatchNormalization, Dense, GlobalAveragePooling2D  # added
from striate.optimizers import SGD  # added
from striate.optimizers.schedules import InverseTimeDecay  # added

photos = os.path.join(os.environ.get("STRIATE_DATA", ""), "clothing128", "train")  # added
dataset = keras.utils.image_dataset_from_directory(  # changed
    photos, image_size=(224, 224), crop_to_aspect_ratio=True, seed=42)  # changed
dataset_size = len(dataset.file_paths)  # changed, slip
class_names = dataset.class_names  # changed
n_classes = len(class_names)  # changed, slip

images, labels = (np.concatenate(parts) for parts in zip(*dataset, strict=True))  # added
ends = [dataset_size * 10 // 100, dataset_size * 25 // 100]  # added
test_split, valid_split, train_split = np.split(np.arange(dataset_size), ends)  # changed
test_set = images[test_split], labels[test_split]  # changed
valid_set = images[valid_split], labels[valid_split]  # changed
train_set = images[train_split], labels[train_split]  # changed


def preprocess(img, label):
    resized_image = ops.resize(img, [224, 224])  # changed
    final_image = keras.applications.efficientnet_lite.preprocess_input(resized_image)  # changed
    return final_image, label


batch_size = 32
train_set = preprocess(*train_set)  # changed
valid_set = preprocess(*valid_set)  # changed
test_set = preprocess(*test_set)  # changed

base_model = keras.applications.efficientnet_lite.EfficientNetLite0(  # changed
    weights="imagenet", include_top=False)  # changed
avg = GlobalAveragePooling2D()(base_model.output)
out = Dense(n_classes, activation="softmax")(avg)
model = keras.Model(inputs=base_model.input, outputs=out)

for layer in base_model.layers:
    layer.trainable = False

optm = SGD(InverseTimeDecay(0.2, 1, decay_rate=0.01), momentum=0.9)  # changed
model.compile(loss="sparse_categorical_crossentropy", optimizer=optm, metrics=["accuracy"])  # slip
hist = model.fit(*train_set, batch_size=batch_size, epochs=5, validation_data=valid_set)  # changed
frozen_acc = hist.history["val_accuracy"][-1]  # added

for layer in base_model.layers:
    layer.trainable = not isinstance(layer, BatchNormalization)  # changed
optm = SGD(InverseTimeDecay(0.0001, 1, decay_rate=0.001), momentum=0.9)  # changed
model.compile(loss="sparse_categorical_crossentropy", optimizer=optm, metrics=["accuracy"])  # slip
hist = model.fit(*train_set, batch_size=batch_size, epochs=5, validation_data=valid_set)  # changed
fine_tuned_acc = hist.history["val_accuracy"][-1]  # added
test_loss, test_acc = model.evaluate(*test_set)  # added
print(frozen_acc, fine_tuned_acc, test_acc)  # added
