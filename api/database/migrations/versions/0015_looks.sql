-- When all that ends soon was last looked through, and not only what had come into view since.
alter table expiry_look add column whole_at timestamptz not null default 'epoch';
