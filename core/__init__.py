"""The numbers behind Inkling: data, networks, training, files. Never Qt."""

__version__ = "0.1.0"
