"""Getting digits from the internet."""
