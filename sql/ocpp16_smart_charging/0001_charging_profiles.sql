-- What chargers were asked to charge by, and what came of it.

-- One row for each command that carries a profile.
create table charging_profiles (
  id                  {{id}},
  operator_id         text not null references operators (id),
  charger_id          bigint not null references chargers (id) on delete cascade,
  connector_id        integer,                 -- null: of a remote start that leaves the connector to the charger
  command_id          text not null unique,
  charging_profile_id bigint not null,         -- OCPP's chargingProfileId
  purpose             text not null,
  stack_level         bigint not null,
  kind                text not null,
  recurrency          text,
  valid_from          {{time}},
  valid_to            {{time}},
  id_tag              text,                    -- of a remote start: whose transaction it will be for
  transaction_id      bigint references transactions (id) on delete cascade,
  profile             text not null,           -- csChargingProfiles as sent
  -- pending: on its way; active: accepted; rejected; failed: no usable answer; replaced, cleared: by a later
  -- command; ended: with its transaction, or validTo is over.
  state               text not null default 'pending'
                      check (state in ('pending', 'active', 'rejected', 'failed', 'replaced', 'cleared', 'ended')),
  requested_by        text not null,
  created_at          {{time}} not null,
  decided_at          {{time}},                -- when its command ended
  ended_at            {{time}}                 -- since when it is not in force any more
);
create index charging_profiles_by_charger on charging_profiles (charger_id, id);
create index charging_profiles_in_force on charging_profiles (charger_id, charging_profile_id)
 where state in ('pending', 'active');

-- The last id that Busbar chose for a charger.
create table charging_profile_ids (
  charger_id          bigint primary key references chargers (id) on delete cascade,
  last_id             bigint not null
);

-- What a charger has said of its limits, in answers to GetConfiguration.
create table charging_keys (
  charger_id          bigint not null references chargers (id) on delete cascade,
  operator_id         text not null references operators (id),
  name                text not null,
  value               text not null,
  reported_at         {{time}} not null,
  primary key (charger_id, name)
);
