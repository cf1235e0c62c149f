"""Writes the photographs and expected pixels that test/lib/model/features/decode.test.ts compares with.

    python3 -m venv /tmp/golden && /tmp/golden/bin/pip install numpy==2.4.6 pillow==13.0.0
    /tmp/golden/bin/python scripts/golden/preprocessing.py

Pillow is what the packaged program decodes with; both sides follow `Preprocessing` in lib/contracts/preprocessing.ts.
"""
import base64
import io
import json
from pathlib import Path

import numpy as np
from PIL import Image, ImageFile, ImageOps

ImageFile.LOAD_TRUNCATED_IMAGES = True
FOLDER = Path(__file__).parents[2] / "test/lib/model/features/fixtures"
WIDTH, HEIGHT = 24, 16
ORIENTATION = 0x0112


def scene(width, height):
    """Smooth colours with edges, so that every step of the way shows."""
    y, x = np.mgrid[0:height, 0:width]
    red = 127 + 100 * np.sin(7 * x / width + 2 * y / height)
    green = 255 * x / width
    blue = np.where((x * 5 // width + y * 4 // height) % 2, 210.0, 40.0)
    return Image.fromarray(np.stack([red, green, blue], axis=-1).clip(0, 255).astype(np.uint8))


def encode(image, **options):
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=92, **options)
    return stream.getvalue()


def preprocess(data):
    image = Image.open(io.BytesIO(data))
    turned = image.getexif().get(ORIENTATION, 1) >= 5
    width, height = (HEIGHT, WIDTH) if turned else (WIDTH, HEIGHT)
    scale = min(image.width / width, image.height / height)
    factor = next((f for f in (8, 4, 2) if f <= scale), 1)
    if factor > 1 and int(scale) == factor:
        factor //= 2
    exif = image.getexif()
    if image.mode != "CMYK" and factor > 1:
        whole = (image.width // factor, image.height // factor)
        image.draft("RGB", whole)
        image = image.crop((0, 0, *whole))
        image.getexif()[ORIENTATION] = exif.get(ORIENTATION, 1)
    return ImageOps.exif_transpose(image).convert("RGB").resize((WIDTH, HEIGHT), Image.BICUBIC)


def oriented(orientation, width=120, height=90):
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    return encode(scene(width, height), exif=exif)


PHOTOGRAPHS = {
    "shrunk": encode(scene(150, 100)),
    "shrunk-by-two": encode(scene(60, 37)),
    "shrunk-by-eight": encode(scene(240, 170), subsampling=2),
    "enlarged": encode(scene(17, 11)),
    "enlarged-one-way": encode(scene(90, 9)),
    "as-it-is": encode(scene(WIDTH, HEIGHT)),
    "grey": encode(scene(100, 75).convert("L")),
    "cmyk": encode(scene(60, 40).convert("CMYK")),
    "truncated": encode(scene(240, 170))[:3000],
    "restarts": encode(scene(400, 300), restart_marker_blocks=2),
    **{f"orientation-{n}": oriented(n) for n in range(2, 9)},
}

FOLDER.mkdir(parents=True, exist_ok=True)
expected = {}
for name, data in PHOTOGRAPHS.items():
    (FOLDER / f"{name}.jpg").write_bytes(data)
    expected[name] = base64.b64encode(np.asarray(preprocess(data)).tobytes()).decode()
text = json.dumps({"width": WIDTH, "height": HEIGHT, "pixels": expected}, separators=(",", ":"))
(FOLDER / "preprocessing.json").write_text(text + "\n")
