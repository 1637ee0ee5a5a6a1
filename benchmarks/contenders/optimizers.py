"""The optimizer of each net, in the words of Keras and of PyTorch, the same rule and numbers."""

OF_NET = {
    "S1": "rmsprop",
    "S1, mean": "rmsprop",
    "S2": "rmsprop",
    "F": "nadam",
    "ResNet-18, 10 classes": "sgd",
}
KERAS = {  # class, arguments
    "rmsprop": ("RMSprop", {"learning_rate": 1e-3, "rho": 0.9, "epsilon": 1e-7}),
    "nadam": ("Nadam", {"learning_rate": 1e-3, "epsilon": 1e-7}),
    "sgd": ("SGD", {"learning_rate": 0.02, "momentum": 0.9}),
}
TORCH = {
    "rmsprop": ("RMSprop", {"lr": 1e-3, "alpha": 0.9, "eps": 1e-7}),
    "nadam": ("NAdam", {"lr": 1e-3, "eps": 1e-7}),
    "sgd": ("SGD", {"lr": 0.02, "momentum": 0.9}),
}
TUNED = {"rmsprop": {"foreach": True}, "nadam": {"foreach": True}, "sgd": {"foreach": True}}
