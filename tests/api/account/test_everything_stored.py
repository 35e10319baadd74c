"""What is stored of a member is in her copy, or is named with the reason why it is not."""

from __future__ import annotations

from api.privacy.gathering import COPIED, LEFT_OUT

_TABLES = """
    select c.table_schema || '.' || c.table_name from information_schema.columns c
      join information_schema.tables t using (table_schema, table_name)
     where c.column_name = 'member_id' and t.table_type = 'BASE TABLE'
       and c.table_schema not in ('pg_catalog', 'information_schema')"""


async def test_every_table_that_names_a_member_is_copied_or_left_out_for_a_reason(database):
    tables = {row[0] for row in await database.fetch(_TABLES)}
    assert tables == COPIED | set(LEFT_OUT)
    assert COPIED.isdisjoint(LEFT_OUT)
    assert all(LEFT_OUT.values())
