-- Sessions that were told to stop while their cars still charged.

create table session_cut_offs (
  transaction_id  bigint primary key references transactions (id) on delete cascade,
  operator_id     text not null references operators (id),
  cut_off_by      text not null,          -- wallet, policy, or what a script calls itself
  reason          text,
  price_minor     bigint,                 -- so far, when it was decided
  currency        text,
  energy_wh       bigint not null,
  cut_off_at      {{time}} not null,
  tries           integer not null default 0,  -- RemoteStopTransaction so far
  last_try_at     {{time}},
  last_outcome    text                    -- of the command: accepted, rejected, timed_out, ...
);

-- What has ended or happened since some time.
create index session_cut_offs_by_time on session_cut_offs (cut_off_at);
