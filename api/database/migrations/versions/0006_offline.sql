-- What a till may do without a network.
select 1;
