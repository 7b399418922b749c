"""Looking a digit file over before it is used."""
