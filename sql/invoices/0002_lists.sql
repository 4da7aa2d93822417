-- For lists of invoices: of an operator, of a month, of a user, by the number on paper.

create index invoices_by_operator on invoices (operator_id, id);
create index invoices_by_month on invoices (month, id) where month is not null;
drop index invoices_by_user;
create index invoices_by_user on invoices (user_id, id) where user_id is not null;
create index invoices_by_number on invoices (number, id);
