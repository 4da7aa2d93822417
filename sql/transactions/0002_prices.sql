-- What a line says of itself: what is interpolated, the tax it has in it.
alter table price_lines add column note text;
alter table price_lines add column included_tax_percent {{real}};

-- The tariffs that priced a transaction, in the order of time; mostly one. A part ends where the next begins.
create table price_parts (
  transaction_id  bigint not null references transactions (id) on delete cascade,
  part            integer not null,
  tariff_id       bigint not null,
  tariff_version  integer not null,
  from_at         {{time}} not null,
  energy_wh       bigint not null,
  primary key (transaction_id, part)
);
create index price_parts_by_tariff on price_parts (tariff_id, transaction_id);

-- What the price was computed from: a price can be computed again when readings are gone, and places have moved.
create table price_facts (
  transaction_id  bigint primary key references transactions (id) on delete cascade,
  session         text not null            -- JSON, the question of the hook price
);
