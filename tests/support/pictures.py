"""What is made of screenshots: contact sheets to look at, and the picture at the top of the README."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFilter

GROUND = "#E4EFEA"
SHEET = 1900
"""How wide a contact sheet is."""


def is_blank(path: Path) -> bool:
    """Whether nearly all of a picture is of one colour."""
    small = Image.open(path).convert("RGB").resize((120, 120), Image.Resampling.NEAREST)
    most = max(count for count, _ in small.getcolors(120 * 120) or [])
    return most > 0.93 * 120 * 120


def is_same(one: bytes, other: bytes) -> bool:
    """Whether two pictures differ no more than by a clock or a cursor."""
    first, second = (Image.open(BytesIO(each)).convert("L") for each in (one, other))
    changed = ImageChops.difference(first, second).point(lambda value: 255 if value > 24 else 0).histogram()[255]
    return changed < 0.01 * first.width * first.height


def sheets(made: list[Path], folder: Path) -> list[Path]:
    """Contact sheets: all screens of one width, theme and language together."""
    folder.mkdir(exist_ok=True)
    groups: dict[str, list[Path]] = {}
    for path in sorted(made):
        groups.setdefault("-".join(path.stem.rsplit("-", 3)[1:]), []).append(path)
    done = []
    for name, paths in groups.items():
        width = 300 if name.startswith("390") else 420 if name.startswith("768") else 640
        small = [_shrunk(Image.open(path).convert("RGB"), width) for path in paths]
        columns = max(1, SHEET // width)
        height = max(each.height for each in small)
        page = Image.new("RGB", (columns * (width + 8), -(-len(small) // columns) * (height + 8)), "#888")
        for at, each in enumerate(small):
            page.paste(each, (at % columns * (width + 8), at // columns * (height + 8)))
        done.append(folder / f"{name}.png")
        page.save(done[-1])
    return done


def showcase(phone: Path, desk: Path, till: Path, out: Path) -> None:
    """A shopper's phone and a till before a desktop, on a soft ground, in few colours so that the file is small."""
    page = Image.new("RGB", (1800, 1000), GROUND)
    _lay(page, _framed(Image.open(desk), 1240, 20), (280, 64))
    _lay(page, _framed(Image.open(phone), 372, 40), (56, 144))
    _lay(page, _framed(Image.open(till), 372, 40), (1372, 144))
    out.parent.mkdir(parents=True, exist_ok=True)
    page.quantize(256, dither=Image.Dither.NONE).save(out, optimize=True)


def _shrunk(picture: Image.Image, width: int) -> Image.Image:
    return picture.resize((width, picture.height * width // picture.width), Image.Resampling.LANCZOS)


def _framed(picture: Image.Image, width: int, radius: int) -> Image.Image:
    """A screen so wide, with round corners."""
    small = _shrunk(picture.convert("RGB"), width).convert("RGBA")
    mask = Image.new("L", (small.width * 4, small.height * 4), 0)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, mask.width - 1, mask.height - 1), radius * 4, fill=255)
    small.putalpha(mask.resize(small.size, Image.Resampling.LANCZOS))
    return small


def _lay(page: Image.Image, picture: Image.Image, at: tuple[int, int]) -> None:
    """Lay a screen down, with a soft shadow under it."""
    shadow = Image.new("L", page.size, 0)
    shadow.paste(picture.getchannel("A"), (at[0], at[1] + 14))
    shadow = shadow.filter(ImageFilter.GaussianBlur(22)).point(lambda value: value * 22 // 100)
    page.paste(ImageChops.multiply(page, Image.new("RGB", page.size, "#0B3328")), (0, 0), shadow)
    page.paste(picture, at, picture)
