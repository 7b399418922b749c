"""The drawings that the user keeps: their file, and files made of them."""
