-- What the hook `stop` has noted on it.

alter table transactions add column note text;
