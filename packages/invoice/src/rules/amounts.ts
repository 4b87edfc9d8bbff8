import { netPrice } from '../complete.ts';
import { amountDecimals, decimal } from '../money.ts';
import type { DraftLine, DraftLineAdjustment } from '../model.ts';
import type { Report, Rules } from './rule.ts';

/** Beyond this a total is a mistake, and negative ones likewise: thirteen digits before the point. */
export const MAX_TOTAL = '9999999999999.99';

/** What an allowance or a charge is called in the norm, where it stands: rules and terms of reason, amount and base. */
interface Kind {
  name: string;
  reason: [rule: string, term: string];
  amount: [missing: string, decimals: string, term: string];
  base: [decimals: string, term: string];
}
const allowance: Kind = {
  name: 'an allowance',
  reason: ['BR-33', 'BT-97'],
  amount: ['BR-31', 'BR-DEC-01', 'BT-92'],
  base: ['BR-DEC-02', 'BT-93'],
};
const charge: Kind = {
  name: 'a charge',
  reason: ['BR-38', 'BT-104'],
  amount: ['BR-36', 'BR-DEC-05', 'BT-99'],
  base: ['BR-DEC-06', 'BT-100'],
};
const lineAllowance: Kind = {
  name: 'an allowance',
  reason: ['BR-42', 'BT-139'],
  amount: ['BR-41', 'BR-DEC-24', 'BT-136'],
  base: ['BR-DEC-25', 'BT-137'],
};
const lineCharge: Kind = {
  name: 'a charge',
  reason: ['BR-44', 'BT-144'],
  amount: ['BR-43', 'BR-DEC-27', 'BT-141'],
  base: ['BR-DEC-28', 'BT-142'],
};

/** Prices, allowances, charges, and what everything comes to. */
export const amountRules: Rules = ({ draft, completed: { totals } }, report) => {
  const { currency } = draft;
  draft.lines.forEach((line, i) => {
    priceRules(line, `/lines/${i}`, report);
    adjustmentRules(line.allowances, `/lines/${i}/allowances`, lineAllowance, currency, report);
    adjustmentRules(line.charges, `/lines/${i}/charges`, lineCharge, currency, report);
  });
  adjustmentRules(draft.allowances, '/allowances', allowance, currency, report);
  adjustmentRules(draft.charges, '/charges', charge, currency, report);
  decimalsRule(draft.prepaidAmount, '/prepaidAmount', 'BR-DEC-16', 'BT-113', currency, report);
  decimalsRule(draft.roundingAmount, '/roundingAmount', 'BR-DEC-17', 'BT-114', currency, report);

  totals.taxSubtotals.forEach(({ rate, tax }) => lowRateRule(rate, tax, report));

  if (totals.taxInclusive.startsWith('-')) {
    const detail = `the total comes to ${totals.taxInclusive}; money going back is a credit note: typeCode 381 with positive amounts`;
    report(undefined, 'BT-112', '/lines', detail);
  } else if (totals.payable.startsWith('-')) {
    const rounded = totals.rounding === undefined ? '' : ` and a rounding of ${totals.rounding}`;
    const detail = `${totals.prepaid} prepaid is more than the total of ${totals.taxInclusive}${rounded}`;
    report(undefined, 'BT-113', '/prepaidAmount', detail);
  }
  // Each of them is stored and printed; huge ones may cancel each other out in the last.
  const { taxInclusive, taxExclusive, lineTotal, allowanceTotal, chargeTotal, tax, taxInTaxCurrency = '0' } = totals;
  const excess = [taxInclusive, taxExclusive, lineTotal, allowanceTotal, chargeTotal, tax, taxInTaxCurrency].find(
    (total) => decimal(total).abs().gt(MAX_TOTAL),
  );
  if (excess !== undefined)
    report(undefined, undefined, '/lines', `a total comes to ${excess}; at most ${MAX_TOTAL} can be invoiced`);
};

/** As the official rules read BR-CO-17: what rounds to 0 % has a tax that rounds to 0. */
const lowRateRule = (rate: string, tax: string, report: Report): void => {
  if (decimal(rate).round(0).eq(0) && !decimal(tax).round(0).eq(0)) {
    const detail = `at a rate of ${rate} % the official rules expect a tax below 0.50, and it comes to ${tax}; check the rate`;
    report('BR-CO-17', 'BT-117', '/lines', detail);
  }
};

const priceRules = (line: DraftLine, pointer: string, report: Report): void => {
  const { unitPrice, grossPrice, priceDiscount } = line;
  if (unitPrice === undefined && grossPrice === undefined)
    report('BR-26', 'BT-146', `${pointer}/unitPrice`, 'give a unitPrice, or a grossPrice to take a priceDiscount from');
  if (unitPrice?.startsWith('-')) report('BR-27', 'BT-146', `${pointer}/unitPrice`, negativePrice);
  if (grossPrice === undefined) return;
  if (grossPrice.startsWith('-')) {
    report('BR-28', 'BT-148', `${pointer}/grossPrice`, negativePrice);
    return;
  }
  if (
    unitPrice !== undefined &&
    priceDiscount !== undefined &&
    !decimal(grossPrice).minus(priceDiscount).eq(unitPrice)
  ) {
    const detail = `${grossPrice} less ${priceDiscount} is not ${unitPrice}; leave unitPrice out, it is computed`;
    report('PEPPOL-EN16931-R046', 'BT-146', `${pointer}/unitPrice`, detail); // what BT-146 means, in the norm's words too
    return;
  }
  const net = netPrice(line);
  if (unitPrice === undefined && net.lt(0))
    report('BR-27', 'BT-147', `${pointer}/priceDiscount`, `${priceDiscount} is more than the price of ${grossPrice}`);
  if (net.gt(grossPrice))
    report(
      undefined,
      'BT-148',
      `${pointer}/grossPrice`,
      `${grossPrice} before a discount is less than ${unitPrice} after it`,
    );
};
const negativePrice = 'a price is never negative; a return has a negative quantity';

const adjustmentRules = (
  adjustments: DraftLineAdjustment[] | undefined,
  pointer: string,
  { name, reason, amount, base }: Kind,
  currency: string,
  report: Report,
): void =>
  adjustments?.forEach((each, i) => {
    const at = `${pointer}/${i}`;
    if (!each.reason && !each.reasonCode) report(...reason, `${at}/reason`, `${name} has a reason or a reasonCode`);
    if (each.amount === undefined && (each.percent === undefined || each.baseAmount === undefined))
      report(amount[0], amount[2], `${at}/amount`, `${name} has an amount, or a percent of a baseAmount`);
    decimalsRule(each.amount, `${at}/amount`, amount[1], amount[2], currency, report);
    decimalsRule(each.baseAmount, `${at}/baseAmount`, ...base, currency, report);
  });

/** Amounts have two decimals at most (BR-DEC), and no more than their currency. */
const decimalsRule = (
  value: string | undefined,
  pointer: string,
  rule: string,
  term: string,
  currency: string,
  report: Report,
): void => {
  if (value === undefined) return;
  const decimals = amountDecimals(currency);
  const point = value.indexOf('.');
  if (point < 0 || value.length - point - 1 <= decimals || decimal(value).round(decimals).eq(value)) return;
  report(rule, term, pointer, `${value} has more decimals than ${currency} allows (${decimals})`);
};
