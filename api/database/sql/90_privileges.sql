-- What the API's role may do here: read, and call these. It has no insert, update or delete on a table of money.
revoke all on all functions in schema ledger from public;
grant usage on schema public, ledger to kierto_api;
revoke all on all tables in schema ledger from kierto_api;
grant select on all tables in schema ledger to kierto_api;
revoke all on alembic_version from kierto_api;
grant select on alembic_version to kierto_api;
grant execute on function ledger.said, ledger.words, ledger.open_wallet, ledger.set_budget, ledger.hold, ledger.hold_all, ledger.hold_free, ledger.post_purchase, ledger.post_purchases,
    ledger.post_refund, ledger.digest, ledger.receipt_digest, ledger.key_digest,
    ledger.settle_due, ledger.settle_member, ledger.lots_of, ledger.is_round, ledger.numbered, ledger.hold_purchase, ledger.decide_hold to kierto_api;
grant execute on function ledger.spending_opens, ledger.adjust, ledger.erase_due to kierto_api;
