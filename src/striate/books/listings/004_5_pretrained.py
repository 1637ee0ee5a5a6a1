"""A net with pretrained weights names what two photographs show: the three likeliest classes.

Book: Aurélien Géron, Hands-On Machine Learning, 2nd edition, chapter 14.
Text: 004.
Changed: `tf.image.resize` is `ops.resize`. EfficientNet-Lite0 stands in the place of ResNet-50:
its weights come from a package, so no network is needed. The photographs are those of the line
filters. Lines so marked are added.
Slips: the text writes `decode_preditions`.
"""

import numpy as np  # added
from sklearn.datasets import load_sample_image  # added

import striate as keras  # added
from striate import ops  # added

china = load_sample_image("china.jpg") / 255
flower = load_sample_image("flower.jpg") / 255
images = np.array([china, flower])

model = keras.applications.efficientnet_lite.EfficientNetLite0(weights="imagenet")  # changed

images_resized = ops.resize(images, [224, 224])  # changed

inputs = keras.applications.efficientnet_lite.preprocess_input(images_resized*255)  # changed

y_proba = model.predict(inputs)

top_K = keras.applications.efficientnet_lite.decode_predictions(y_proba, top=3)  # changed, slip
for image_idx in range(len(images)):
    print("Image #{}".format(image_idx))
    for class_id, name, y_p in top_K[image_idx]:
        print(" {} - {:12s} {:.2f}%".format(class_id, name, y_p*100))
