"""The layers, one per file. Importing this package registers them all."""

from core.layers import dense, dropout, linear, relu, sigmoid, tanh

__all__ = ["dense", "dropout", "linear", "relu", "sigmoid", "tanh"]
