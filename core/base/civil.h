/* Dates of the proleptic Gregorian calendar and days since 1970-01-01. */
#ifndef BASE_CIVIL_H
#define BASE_CIVIL_H
#include <stdint.h>

int64_t civil_days(int64_t year, int64_t month, int64_t day);
void civil_date(int64_t days, int64_t *ret_year, int64_t *ret_month, int64_t *ret_day);
#endif
