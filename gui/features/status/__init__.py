"""Where the training stands."""
