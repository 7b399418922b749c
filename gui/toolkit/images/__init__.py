"""Many small pictures in rows, and one large."""
