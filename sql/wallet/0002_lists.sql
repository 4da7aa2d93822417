-- For lists of bills, and the wallet of a user whose operator is not named. The one of unbilled bills, which no query could use, is part
-- of another now.

create index wallets_by_user on wallets (user_id, id);
create index bills_by_operator on bills (operator_id, transaction_id);
create index bills_by_state on bills (state, transaction_id);
create index bills_by_operator_and_state on bills (operator_id, state, transaction_id);
create index bills_by_reason on bills (reason, transaction_id) where reason is not null;
create index bills_by_user on bills (user_id, transaction_id) where user_id is not null;
drop index bills_unbilled;
