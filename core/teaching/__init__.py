"""Teaching a network the user's own drawings, and what that costs."""
