"""Sets of digits: what they are, the readers of files, downloads, the user's own drawings."""
