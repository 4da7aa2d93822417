/* Currencies of ISO 4217 and amounts in their minor units. */
#ifndef BUSBAR_MONEY_H
#define BUSBAR_MONEY_H
#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

#include <busbar/arena.h>

/* How many digits an active currency has behind the point, from 0 to 4; -1: it is none. CLF and
 * UYW are units of account in which prices are agreed. */
static inline int bb_currency_decimals(const char *code)
{
	static const char currencies[] =
	    "AED2 AFN2 ALL2 AMD2 ANG2 AOA2 ARS2 AUD2 AWG2 AZN2 BAM2 BBD2 BDT2 BGN2 BHD3 BIF0 BMD2 "
	    "BND2 BOB2 BRL2 BSD2 BTN2 BWP2 BYN2 BZD2 CAD2 CDF2 CHF2 CLF4 CLP0 CNY2 COP2 CRC2 CUP2 "
	    "CVE2 CZK2 DJF0 DKK2 DOP2 DZD2 EGP2 ERN2 ETB2 EUR2 FJD2 FKP2 GBP2 GEL2 GHS2 GIP2 GMD2 "
	    "GNF0 GTQ2 GYD2 HKD2 HNL2 HTG2 HUF2 IDR2 ILS2 INR2 IQD3 IRR2 ISK0 JMD2 JOD3 JPY0 KES2 "
	    "KGS2 KHR2 KMF0 KPW2 KRW0 KWD3 KYD2 KZT2 LAK2 LBP2 LKR2 LRD2 LSL2 LYD3 MAD2 MDL2 MGA2 "
	    "MKD2 MMK2 MNT2 MOP2 MRU2 MUR2 MVR2 MWK2 MXN2 MYR2 MZN2 NAD2 NGN2 NIO2 NOK2 NPR2 NZD2 "
	    "OMR3 PAB2 PEN2 PGK2 PHP2 PKR2 PLN2 PYG0 QAR2 RON2 RSD2 RUB2 RWF0 SAR2 SBD2 SCR2 SDG2 "
	    "SEK2 SGD2 SHP2 SLE2 SOS2 SRD2 SSP2 STN2 SVC2 SYP2 SZL2 THB2 TJS2 TMT2 TND3 TOP2 TRY2 "
	    "TTD2 TWD2 TZS2 UAH2 UGX0 USD2 UYU2 UYW4 UZS2 VED2 VES2 VND0 VUV0 WST2 XAF0 XCD2 XCG2 "
	    "XOF0 XPF0 YER2 ZAR2 ZMW2 ZWG2";
	for (const char *at = currencies; strlen(code) == 3; at += 5) {
		if (!strncmp(at, code, 3))
			return at[3] - '0';
		if (!at[4])
			break;
	}
	return -1;
}

/* "-12.34 EUR", in the arena; two digits behind the point where the currency is not known. */
static inline const char *bb_money_text(struct bb_arena *a, int64_t minor, const char *currency)
{
	int digits = bb_currency_decimals(currency);
	uint64_t size = minor < 0 ? 0 - (uint64_t)minor : (uint64_t)minor, unit = 1;
	if (digits < 0)
		digits = 2;
	for (int i = 0; i < digits; i++)
		unit *= 10;
	const char *sign = minor < 0 ? "-" : "";
	if (!digits)
		return bb_printf(a, "%s%" PRIu64 " %s", sign, size, currency);
	return bb_printf(a, "%s%" PRIu64 ".%0*" PRIu64 " %s", sign, size / unit, digits,
			 size % unit, currency);
}
#endif
