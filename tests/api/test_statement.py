"""The statement names every movement with the balance after it, and a balance of any past instant can be read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import accumulate, pairwise

import pytest

from api.statement import paper, words
from api.statement.repository import After
from api.statement.words import LANGUAGES
from contract.journal import check_chain, rows_of_csv
from contract.statement import PastBalance, Statement
from tests.support.shopping import buy, campaign, give_back, line, publish, settle


@pytest.fixture
async def shopper(database, programme, clock, make_member, sign_in_member, http):
    """A member with a past: earned, released, spent, refunded, expired."""
    terms = {"pending_days": 10, "expiry": {"kind": "days", "days": 30}}
    await publish(database, programme.programme_id, clock.now(), campaign(**terms))
    member = await make_member()
    start = clock.now()
    first = await buy(database, member, start, [line(10_000)])
    await buy(database, member, clock.move(days=2), [line(4_000)])
    await settle(database, clock.move(days=11))
    spent = await buy(database, member, clock.move(days=1), [line(2_000)], redeem=300)
    await give_back(database, member, first, clock.move(days=1))
    await settle(database, clock.move(days=60))
    await give_back(database, member, spent, clock.move(days=1))
    await settle(database, clock.move(days=60))
    signed_in = await sign_in_member(member)
    return Reader(http, signed_in.headers, start, member)


class Reader:
    def __init__(self, http, headers, start, member):
        self.http, self.headers, self.start, self.member = http, headers, start, member

    async def statement(self, **params) -> Statement:
        params = {("from" if k == "since" else k): v for k, v in params.items()}
        answer = await self.http.get("/v1/me/statement", params=params, headers=self.headers)
        assert answer.status_code == 200, answer.text
        return Statement.model_validate_json(answer.content)

    async def csv(self, **params) -> str:
        answer = await self.http.get("/v1/me/statement", params=params, headers={**self.headers, "Accept": "text/csv"})
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/csv")
        return answer.text

    async def balance(self, **params) -> PastBalance:
        answer = await self.http.get("/v1/me/balance", params=params, headers=self.headers)
        assert answer.status_code == 200, answer.text
        return PastBalance.model_validate_json(answer.content)

    def day(self, days: float) -> str:
        return (self.start + timedelta(days=days)).isoformat()


def sums(balances) -> tuple[int, int, int]:
    return balances.pending.amount, balances.available.amount, balances.debt.amount


async def test_each_balance_is_the_one_before_it_and_the_effect(shopper) -> None:
    told = await shopper.statement()
    kinds = {item.kind for item in told.items}
    assert {"accrual", "release", "redemption", "clawback", "expiry"} <= kinds
    running = accumulate(
        (sums(item.effect) for item in told.items), lambda a, b: tuple(map(sum, zip(a, b, strict=True)))
    )
    assert [sums(item.balance) for item in told.items] == list(running)
    assert sums(told.opening) == (0, 0, 0)
    assert told.closing == told.items[-1].balance
    assert told.items[0].purchase_id
    assert any(item.refund_id for item in told.items)


async def test_pages_are_the_whole(shopper) -> None:
    whole = await shopper.statement()
    items, cursor = [], None
    while True:
        page = await shopper.statement(limit=3, **({"cursor": cursor} if cursor else {}))
        assert (page.opening, page.closing) == (whole.opening, whole.closing)
        items += page.items
        cursor = page.next_cursor
        if cursor is None:
            break
    assert items == whole.items


async def test_ranges_join_without_a_gap(shopper) -> None:
    whole = await shopper.statement()
    days = [0, 2, 13, 14.5, 75, 140]
    parts = [await shopper.statement(since=shopper.day(a), to=shopper.day(b)) for a, b in pairwise(days)]
    assert [item for part in parts for item in part.items] == whole.items
    for before, after in pairwise(parts):
        assert before.closing == after.opening
    empty = await shopper.statement(since=shopper.day(300))
    assert (empty.items, empty.opening, empty.closing) == ([], whole.closing, whole.closing)


async def test_the_csv_says_the_same_and_its_chain_can_be_checked(shopper) -> None:
    told = await shopper.statement()
    rows = rows_of_csv(await shopper.csv())
    assert rows == told.journal()
    assert check_chain(rows) is None
    part = rows_of_csv(await shopper.csv(**{"from": shopper.day(3)}))
    assert 0 < len(part) < len(rows)
    assert check_chain(part) is None
    header, first, *_ = (await shopper.csv()).splitlines()
    assert header.startswith("member_id,unit,version,kind,from_account,to_account,amount,pending_effect")
    assert first.split(",")[2:7] == ["1", "accrual", "funding", "pending", "500"]


async def test_json_is_answered_unless_csv_is_asked_for(shopper) -> None:
    for accept in ("*/*", "application/json, text/csv", "text/html"):
        answer = await shopper.http.get("/v1/me/statement", headers={**shopper.headers, "Accept": accept})
        assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"cursor": "v999999"}, "cursor"),
        ({"cursor": "next"}, "cursor"),
        ({"since": "2026-03-12T00:00:00Z", "to": "2026-03-11T00:00:00Z"}, "to"),
        ({"since": "yesterday"}, "from"),
        ({"since": "2026-03-12T00:00:00"}, "from"),
    ],
)
async def test_a_range_or_cursor_that_is_none_is_refused(shopper, params, field) -> None:
    params = {("from" if k == "since" else k): v for k, v in params.items()}
    answer = await shopper.http.get("/v1/me/statement", params=params, headers=shopper.headers)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


async def test_a_statement_is_its_members_alone(
    shopper, make_member, sign_in_member, make_staff, sign_in_staff
) -> None:
    other = Reader(shopper.http, (await sign_in_member(await make_member())).headers, shopper.start, None)
    told = await other.statement()
    assert (told.items, sums(told.closing), told.next_cursor) == ([], (0, 0, 0), None)
    assert (await shopper.http.get("/v1/me/statement")).status_code == 401
    staff = await sign_in_staff(await make_staff())
    assert (await shopper.http.get("/v1/me/statement", headers=staff.headers)).status_code == 403


async def test_the_balance_by_recording_is_what_the_wallet_said(shopper) -> None:
    told = await shopper.statement()
    for item, after in pairwise(told.items):
        if item.recorded_at != after.recorded_at:
            known = await shopper.balance(as_known_at=item.recorded_at.isoformat())
            assert (sums(known.balance), known.version) == (sums(item.balance), item.version)
    before = await shopper.balance(as_known_at=(shopper.start - timedelta(seconds=1)).isoformat())
    assert (sums(before.balance), before.version) == ((0, 0, 0), 0)
    now = await shopper.balance()
    assert now.balance == told.closing


async def test_the_balance_by_event_counts_what_was_recorded_later(shopper) -> None:
    """The first purchase's cashback became available on day 10; the job wrote it on day 13."""
    assert sums((await shopper.balance(at=shopper.day(9.99))).balance) == (700, 0, 0)
    assert sums((await shopper.balance(at=shopper.day(10.5))).balance) == (200, 500, 0)
    assert sums((await shopper.balance(as_known_at=shopper.day(10.5))).balance) == (700, 0, 0)
    both = await shopper.balance(at=shopper.day(10.5), as_known_at=shopper.day(5))
    assert sums(both.balance) == (700, 0, 0)


async def test_no_past_balance_is_below_zero(shopper) -> None:
    """Also where spent value came back into a lot whose end was past."""
    moments = {moment for item in (await shopper.statement()).items for moment in (item.event_at, item.recorded_at)}
    for moment in sorted(moments):
        for around in (-1, 0, 1):
            at = (moment + timedelta(microseconds=around)).isoformat()
            assert min(sums((await shopper.balance(at=at)).balance)) >= 0
    whole = await shopper.balance(at=datetime(2100, 1, 1, tzinfo=UTC).isoformat())
    assert whole.balance == (await shopper.balance()).balance


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_statement_comes_on_paper_in_every_language(shopper, language) -> None:
    params = {"language": language, "from": shopper.day(-1), "to": shopper.day(400)}
    answer = await shopper.http.get("/v1/me/statement.pdf", params=params, headers=shopper.headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"].endswith("filename=statement.pdf")
    assert answer.content.startswith(b"%PDF-")
    assert all(len(said) == len(LANGUAGES) for said in (*words.WORDS.values(), *words.KINDS.values()))


async def test_paper_that_would_not_add_up_is_not_made(shopper) -> None:
    heading = paper.Heading("Aurora", "Ana", "4821", "BRL", "UTC", "en", None, None, shopper.start)
    with pytest.raises(ValueError, match="add up"):
        paper.pdf_of(heading, After(), [], After(version=1, available=5))


async def test_each_movement_names_the_store(shopper) -> None:
    told = await shopper.statement()
    assert {item.store for item in told.items if item.purchase_id} == {"Centro"}
