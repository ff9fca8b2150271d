"""A photograph as a browser sends it."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image


def photograph(name: str = "照片.jpg") -> SimpleUploadedFile:
    """A small green one."""
    held = io.BytesIO()
    Image.new("RGB", (8, 8), "green").save(held, "JPEG")
    return SimpleUploadedFile(name, held.getvalue(), content_type="image/jpeg")
