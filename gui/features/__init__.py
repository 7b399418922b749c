"""What the user sees, a folder for each feature; they do not know each other."""
