"""Small drawings instead of photographs: a place before and after. Drawn here, of nobody and nowhere."""

import io
from random import Random

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

SIZE = (640, 480)
SKY, WALL, GROUND, WET, DARK, GOOD, RUST = "#cfe3ee", "#d9cdbb", "#a9a49b", "#5b4a36", "#3d3a36", "#7da06a", "#a4552f"


def picture(code: str, stage: str, random: Random) -> SimpleUploadedFile:
    """A drawing that fits a category: a puddle, a heap, a dark lamp … and the same place put right."""
    image = Image.new("RGB", SIZE, SKY)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 300, 640, 480), fill=GROUND)
    left = random.randint(20, 120)
    draw.rectangle((left, 60, left + 380, 300), fill=WALL)
    for row in range(3):
        for column in range(5):
            x, y = left + 25 + column * 72, 85 + row * 70
            draw.rectangle((x, y, x + 42, y + 42), fill="#8fb3c7", outline=DARK)
    (_repaired if stage == "after" else _broken)(draw, code, random)
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=80)
    names = {"after": "处理后", "before": "处理前"}
    return SimpleUploadedFile(f"{names.get(stage, '现场')}.jpg", buffer.getvalue(), "image/jpeg")


def _broken(draw: ImageDraw.ImageDraw, code: str, random: Random) -> None:
    x = random.randint(180, 320)
    if code.startswith(("01", "07")):
        draw.ellipse((x - 150, 345, x + 170, 445), fill=WET)
        draw.ellipse((x - 40, 370, x + 40, 410), fill=DARK)
    elif code.startswith("03"):
        for n in range(9):
            dx, dy = random.randint(-110, 110), random.randint(-30, 30)
            draw.ellipse((x + dx, 350 + dy, x + dx + 60, 400 + dy), fill=[DARK, RUST, "#6c7a54"][n % 3])
    elif code.startswith("02"):
        draw.polygon([(x - 90, 400), (x - 20, 360), (x + 90, 390), (x + 60, 440), (x - 60, 445)], fill=DARK)
    else:
        draw.rectangle((x, 190, x + 90, 300), fill=RUST, outline=DARK)
        draw.line((x, 190, x + 90, 300), fill=DARK, width=5)


def _repaired(draw: ImageDraw.ImageDraw, code: str, random: Random) -> None:
    x = random.randint(180, 320)
    if code.startswith(("01", "02", "07")):
        draw.ellipse((x - 45, 372, x + 45, 412), fill="#8c8880", outline=DARK, width=4)
    elif code.startswith("03"):
        draw.rectangle((x, 340, x + 60, 410), fill=GOOD, outline=DARK, width=3)
        draw.rectangle((x + 80, 340, x + 140, 410), fill="#4e7fa0", outline=DARK, width=3)
    else:
        draw.rectangle((x, 190, x + 90, 300), fill=GOOD, outline=DARK, width=3)
    draw.line((20, 462, 620, 462), fill="#f3efe6", width=6)
