"""Code 128 (ISO/IEC 15417): text to bars, in set B, with pairs of digits in set C."""

from __future__ import annotations

import re

# Widths of bar, space, bar, space, bar, space for each of the symbols 0 to 105; the stop has one more bar.
_TABLE = (
    "212222222122222221121223121322131222122213122312132212221213221312231212112232122132122231113222123122123221"
    "223211221132221231213212223112312131311222321122321221312212322112322211212123212321232121111323131123131321"
    "112313132113132311211313231113231311112133112331132131113123113321133121313121211331231131213113213311213131"
    "311123311321331121312113312311332111314111221411431111111224111422121124121421141122141221112214112412122114"
    "122411142112142211241211221114413111241112134111111242121142121241114212124112124211411212421112421211212141"
    "214121412121111143111341131141114113114311411113411311113141114131311141411131211412211214211232"
)
_WIDTHS = [_TABLE[place : place + 6] for place in range(0, len(_TABLE), 6)]
_STOP = "2331112"
_TO_C, _TO_B, _START_B = 99, 100, 104


def symbols(text: str) -> list[int]:
    """The symbols of printable ASCII `text`, from start to check symbol, without the stop. Raises ValueError."""
    if not text or not re.fullmatch(r"[ -~]+", text):
        raise ValueError("Code 128 here carries printable ASCII")
    row = [_START_B]
    for run in re.findall(r"\d{4,}|.", text):
        if len(run) == 1:
            row.append(ord(run) - 32)
            continue
        if len(run) % 2:
            row.append(ord(run[0]) - 32)
        pairs = run[len(run) % 2 :]
        row += [_TO_C, *(int(pairs[i : i + 2]) for i in range(0, len(pairs), 2)), _TO_B]
    if row[-1] == _TO_B:
        row.pop()
    return [*row, (row[0] + sum(place * symbol for place, symbol in enumerate(row))) % 103]


def modules(text: str) -> list[bool]:
    """The bars of `text` as modules, True where dark, without quiet zones."""
    widths = "".join(_WIDTHS[symbol] for symbol in symbols(text)) + _STOP
    return [place % 2 == 0 for place, width in enumerate(widths) for _ in range(int(width))]
