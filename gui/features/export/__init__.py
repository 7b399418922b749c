"""The network, and pictures and tables of it, for other programs."""
