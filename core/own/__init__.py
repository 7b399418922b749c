"""What the user draws and keeps, and teaching it to a network."""
