"""Loss and accuracy, live."""
