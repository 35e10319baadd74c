-- Consents, exports, erasure, claims and feedback of a member.
select 1;
