-- The activation of the operator's scripts that made the price, where no tariff did.
alter table price_facts add column script_activation integer;
