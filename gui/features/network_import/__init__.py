"""Looking a network of another program over before it is used."""
