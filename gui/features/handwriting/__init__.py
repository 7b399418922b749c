"""The hand that writes the built-in digits, and the user's own ways to write them."""
