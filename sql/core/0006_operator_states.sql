-- The people and the tokens of one that is disabled are refused.
alter table operators add column state text not null default 'active' check (state in ('active', 'disabled'));
