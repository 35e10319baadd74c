"""What offers are called in purchases of long ago, in the language of today: as their own versions name them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from pydantic_core import from_json

from api.campaigns.loaded import LoadedProgramme
from api.database.pool import Connection
from api.purchases.documents import Document
from contract.campaigns import text_in

_Version = tuple[str, int]
_NAMES = """
    select v.campaign_id, v.version, (v.body -> 'name')::text
      from unnest($2::text[], $3::integer[]) as asked(campaign_id, version)
      join campaign_version v using (campaign_id, version) where v.programme_id = $1"""


async def name_offers(
    connection: Connection, programme: LoadedProgramme, purchases: Sequence[Document], language: str
) -> None:
    """Name every offer in the reasons of these purchases in a language; one that is not known keeps its name."""
    reasons = [reason for purchase in purchases for line in purchase["lines"] for reason in line["why"]]
    wanted = {_version(reason) for reason in reasons}
    names: dict[_Version, Mapping[str, str]] = {
        (each.campaign_id, each.version): each.name for each in programme.campaigns
    }
    names.update(await _of_others(connection, programme, wanted - names.keys()))
    said = {version: text_in(names[version], language) for version in wanted & names.keys()}
    for reason in reasons:
        reason["name"] = said.get(_version(reason), reason["name"])


def _version(reason: Document) -> _Version:
    return reason["campaign_id"], reason["campaign_version"]


async def _of_others(
    connection: Connection, programme: LoadedProgramme, versions: Iterable[_Version]
) -> dict[_Version, Mapping[str, str]]:
    """Those of campaigns that are live no more."""
    asked = list(versions)
    if not asked:
        return {}
    ids, numbers = [each for each, _ in asked], [number for _, number in asked]
    rows = await connection.fetch(_NAMES, programme.programme_id, ids, numbers)
    return {(row[0], row[1]): from_json(row[2]) for row in rows}
