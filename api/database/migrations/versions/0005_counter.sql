-- Roles, holds and the audit trail of a shop; its catalogue.
select 1;
