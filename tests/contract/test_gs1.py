"""Product codes are read as GS1 says."""

from __future__ import annotations

from datetime import date

import pytest

from contract import gs1
from contract.gs1 import GS, NoProductCode, ScannedProduct, parse


@pytest.mark.parametrize(
    ("code", "gtin"),
    [
        ("4006381333931", "04006381333931"),
        ("96385074", "00000096385074"),
        ("036000291452", "00036000291452"),
        ("10614141000415", "10614141000415"),
        ("]E04006381333931", "04006381333931"),
    ],
)
def test_a_bare_code_of_any_length_is_a_gtin(code, gtin):
    assert parse(code) == ScannedProduct(gtin)


@pytest.mark.parametrize(
    "code", ["4006381333932", "123", "", "KIERTO9434848852011873595", "(10)AB", "01040063813339", "٤٠٠٦٣٨١٣٣٣٩٣١"]
)
def test_anything_else_is_refused(code):
    with pytest.raises(NoProductCode):
        parse(code)


@pytest.mark.parametrize(
    "code",
    [
        f"]d2{GS}0104006381333931" + f"17270200310300125010LOT7{GS}21S-1",
        "(01)04006381333931(17)270200(3103)001250(10)LOT7(21)S-1",
        "0104006381333931310300125017270200" + f"21S-1{GS}10LOT7",
    ],
)
def test_an_element_string_says_batch_serial_date_and_weight(code):
    assert parse(code) == ScannedProduct("04006381333931", "LOT7", "S-1", date(2027, 2, 28), 1250)


def test_a_code_is_shown_as_it_is_printed():
    assert [gs1.short(parse(code).gtin) for code in ("4006381333931", "96385074", "10614141000415")] == [
        "4006381333931",
        "96385074",
        "10614141000415",
    ]
