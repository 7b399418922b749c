"""The layers, one per file. Importing this package registers them all."""

from core.layers import batch_norm, dense, dropout, linear, relu, scaling, sigmoid, tanh

__all__ = ["batch_norm", "dense", "dropout", "linear", "relu", "scaling", "sigmoid", "tanh"]
