"""Code 128 (ISO/IEC 15417): text to bars, in set B, with pairs of digits in set C."""

from __future__ import annotations

import re

# Widths of bar, space, bar, space, bar, space for each of the symbols 0 to 105; the stop has one more bar.
_WIDTHS = [
    "212222",
    "222122",
    "222221",
    "121223",
    "121322",
    "131222",
    "122213",
    "122312",
    "132212",
    "221213",
    "221312",
    "231212",
    "112232",
    "122132",
    "122231",
    "113222",
    "123122",
    "123221",
    "223211",
    "221132",
    "221231",
    "213212",
    "223112",
    "312131",
    "311222",
    "321122",
    "321221",
    "312212",
    "322112",
    "322211",
    "212123",
    "212321",
    "232121",
    "111323",
    "131123",
    "131321",
    "112313",
    "132113",
    "132311",
    "211313",
    "231113",
    "231311",
    "112133",
    "112331",
    "132131",
    "113123",
    "113321",
    "133121",
    "313121",
    "211331",
    "231131",
    "213113",
    "213311",
    "213131",
    "311123",
    "311321",
    "331121",
    "312113",
    "312311",
    "332111",
    "314111",
    "221411",
    "431111",
    "111224",
    "111422",
    "121124",
    "121421",
    "141122",
    "141221",
    "112214",
    "112412",
    "122114",
    "122411",
    "142112",
    "142211",
    "241211",
    "221114",
    "413111",
    "241112",
    "134111",
    "111242",
    "121142",
    "121241",
    "114212",
    "124112",
    "124211",
    "411212",
    "421112",
    "421211",
    "212141",
    "214121",
    "412121",
    "111143",
    "111341",
    "131141",
    "114113",
    "114311",
    "411113",
    "411311",
    "113141",
    "114131",
    "311141",
    "411131",
    "211412",
    "211214",
    "211232",
]
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
