#include "core16.h"

static const char *const names[Q_COUNT] = {
    [Q_BOOT] = "boot",
    [Q_REGISTER] = "register",
    [Q_SUSPEND_TRANSACTIONS] = "suspend_transactions",
    [Q_STATUS_HISTORY] = "status_history",
    [Q_STATUS] = "status",
    [Q_TRANSACTIONS_ON_CONNECTOR] = "transactions_on_connector",
    [Q_SUSPEND_TRANSACTION] = "suspend_transaction",
    [Q_RESUME_ON_CONNECTOR] = "resume_on_connector",
    [Q_TRANSACTIONS_FOR_START] = "transactions_for_start",
    [Q_TWIN_WITHOUT_CLOCK] = "twin_without_clock",
    [Q_COUNT_ALONE] = "count_alone",
    [Q_START_TRANSACTION] = "start_transaction",
    [Q_NUMBER_TRANSACTION] = "number_transaction",
    [Q_TRANSACTIONS_FOR_STOP] = "transactions_for_stop",
    [Q_END_TRANSACTION] = "end_transaction",
    [Q_FLAG_TRANSACTION] = "flag_transaction",
    [Q_UNKNOWN_TRANSACTION] = "unknown_transaction",
    [Q_TRANSACTION_SAMPLE] = "transaction_sample",
    [Q_METER_SAMPLE] = "meter_sample",
    [Q_METER_SAMPLE_WITHOUT_CLOCK] = "meter_sample_without_clock",
    [Q_METER_READING] = "meter_reading",
    [Q_METER_RESUMES] = "meter_resumes",
    [Q_OVERDUE_TRANSACTIONS] = "overdue_transactions",
    [Q_RUNNING_TRANSACTION] = "running_transaction",
    [Q_RUNNING_ON_CONNECTOR] = "running_on_connector",
};

int queries_find(struct core16 *core)
{
	return bb_find_queries(core->api, core->bb, names, Q_COUNT, core->query);
}
