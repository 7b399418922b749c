"""The user's own drawings: kept, scored, and taught to the network."""
