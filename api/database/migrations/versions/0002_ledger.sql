-- Points and stamps beside cash, and less space for each receipt.
select 1;
