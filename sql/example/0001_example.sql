-- How often each charger has booted.
create table example_boots (
  charge_point_id  text primary key,
  operator_id      text not null references operators (id),
  boots            integer not null,
  last_boot_at     {{time}} not null
);
