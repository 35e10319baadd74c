"""The catalogue: a file brings it, a till has all of it and then only what has changed."""

from __future__ import annotations

from tests.api.till.conftest import till  # noqa: F401 (fixture)

FILE = """code,name,category,brand,tags,price
7891000100103,Arroz branco,food,Casa,,2899
96385074,Chiclete,food,,,199
036000291452,Lenço,household,,organic;local,
7891000100104,Errado,food,,,100
7891000100103,De novo,food,,,100
7891000100110,Sem preço,food,,,12.90
"""


async def send(desk, text: str, **params):
    return await desk.http.post(
        "/v1/programme/catalogue",
        content=text.encode(),
        headers={**desk.headers, "Content-Type": "text/csv"},
        params=params,
    )


async def test_a_file_brings_products_and_says_what_it_refused(manager):
    report = (await send(manager, FILE)).json()
    assert (report["added"], report["changed"], report["same"], report["rows_refused"]) == (3, 0, 0, 3)
    assert [(row["line"], row["column"]) for row in report["refused"]] == [(5, "code"), (6, "code"), (7, "price")]
    again = (await send(manager, FILE)).json()
    assert (again["added"], again["changed"], again["same"]) == (0, 0, 3)
    for bad in ("code;name\n1;2\n", "name,price\nx,1\n", 'code,name\n"7891000100103,x\n'):
        assert (await send(manager, bad)).json()["code"] == "file_header_wrong"


async def test_a_till_fetches_the_catalogue_once_and_then_its_changes(manager):
    await send(manager, FILE)
    whole = await manager.get("/till/catalogue")
    assert whole["full"]
    assert {each["gtin"] for each in whole["products"]} == {"07891000100103", "00000096385074", "00036000291452"}
    assert [each["path"] for each in whole["categories"]] == ["food", "household"]
    assert set(whole["tags"]) == {"organic", "local"}
    await send(manager, "code,name,price\n7891000100103,Arroz branco,3099\n", replace="true")
    news = await manager.get("/till/catalogue", since=whole["version"])
    assert not news["full"]
    assert [(each["gtin"], each["price"]["amount"]) for each in news["products"]] == [("07891000100103", 3099)]
    assert set(news["removed"]) == {"00000096385074", "00036000291452"}
    assert (await manager.get("/till/catalogue", since=news["version"]))["products"] == []


async def test_a_manager_names_the_categories(manager):
    items = [
        {"path": "wine", "names": {"en": "Wine", "pt-BR": "Vinhos"}, "icon": "bar"},
        {"path": "tea", "names": {"en": "Tea"}},
    ]
    assert (await manager.call("PUT", "/programme/categories", {"items": items})).status_code == 204
    assert [each["path"] for each in (await manager.get("/till/catalogue"))["categories"]] == ["wine", "tea"]
