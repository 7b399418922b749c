"""Forms made from dataclass fields, and the fields they are made of."""
