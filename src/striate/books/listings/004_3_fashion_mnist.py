"""A convnet for Fashion-MNIST, with the layers back that the text has lost.

Book: Aurélien Géron, Hands-On Machine Learning, 2nd edition, chapter 14.
Text: 004.
Changed: the import lines, which the text leaves out.
Slips: the text loses the three pooling layers, of which its prose speaks, Flatten, the two
dropout layers, a comma and the closing brackets.
"""

from striate.layers import Conv2D, Dense, Dropout, Flatten, MaxPooling2D  # added
from striate.models import Sequential  # added

model = Sequential([
    Conv2D(64, 7, activation="relu", padding="same", input_shape=[28,28,1]),
    MaxPooling2D(2),  # slip: lost
    Conv2D(128, 3, activation="relu", padding="same"),
    Conv2D(128, 3, activation="relu", padding="same"),
    MaxPooling2D(2),  # slip: lost
    Conv2D(256, 3, activation="relu", padding="same"),  # slip: no comma
    Conv2D(256, 3, activation="relu", padding="same"),
    MaxPooling2D(2),  # slip: lost
    Flatten(),  # slip: lost
    Dense(128, activation="relu"),
    Dropout(0.5),  # slip: lost
    Dense(64, activation="relu"),
    Dropout(0.5),  # slip: lost
    Dense(10, activation="softmax")
])  # slip: lost
