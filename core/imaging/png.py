"""Pictures written as PNG files."""

import io

from PIL import Image

from core.base.arrays import ByteArray


def png_bytes(image: ByteArray) -> bytes:
    """Return an image, uint8 (H, W) gray or (H, W, 3) colours, as the content of a PNG file."""
    stream = io.BytesIO()
    Image.fromarray(image).save(stream, "PNG", optimize=True)
    return stream.getvalue()
