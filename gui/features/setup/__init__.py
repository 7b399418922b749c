"""Data, network and training: all that is chosen before Train."""
