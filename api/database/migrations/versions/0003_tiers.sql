-- Tiers that are qualified for, and the programme's rules in versions.
select 1;
