import { grossLineAmount } from '../complete.ts';
import { decimal, sum } from '../money.ts';
import type { DraftLine, DraftLineAdjustment, InvoiceDraft, Line, LineAdjustment } from '../model.ts';
import { paymentMeansCode } from '../payment.ts';
import type { Report, Rules } from './rule.ts';

/** What Peppol BIS 3.0 and XRechnung 3.0 have in common (PEPPOL-EN16931-R). */
export const networkRules: Rules = ({ draft, completed }, report) => {
  const { seller, buyer, payment, currency } = draft;
  const address = 'give where electronic invoices arrive: an id and its scheme of the EAS list';
  if (!buyer.electronicAddress) report('PEPPOL-EN16931-R010', 'BT-49', '/buyer/electronicAddress', address);
  if (!seller.electronicAddress) report('PEPPOL-EN16931-R020', 'BT-34', '/seller/electronicAddress', address);
  const code = payment && paymentMeansCode(payment, currency);
  if ((code === '49' || code === '59') && !payment?.directDebit)
    report('PEPPOL-EN16931-R061', 'BT-89', '/payment/directDebit', `direct debit (${code}) names its mandate`);
  adjustmentRules(draft.allowances, completed.allowances, '/allowances', report);
  adjustmentRules(draft.charges, completed.charges, '/charges', report);
  draft.lines.forEach((line, i) => {
    const done = completed.lines[i];
    if (done) lineRules(line, done, `/lines/${i}`, currency, report);
    periodRules(line, draft, `/lines/${i}/period`, report);
  });
};

/** What rounding may make of an amount; in a currency without decimals it makes more. */
const slack = '0.02';

const adjustmentRules = (
  adjustments: DraftLineAdjustment[] | undefined,
  completed: LineAdjustment[],
  pointer: string,
  report: Report,
): void =>
  adjustments?.forEach(({ percent, baseAmount }, i) => {
    const at = `${pointer}/${i}`;
    const amount = completed[i]?.amount ?? '0';
    if (percent !== undefined && baseAmount === undefined)
      report('PEPPOL-EN16931-R041', 'BT-93', `${at}/baseAmount`, 'say what the percentage is of');
    if (percent === undefined && baseAmount !== undefined)
      report('PEPPOL-EN16931-R042', 'BT-94', `${at}/percent`, 'say how many per cent of the baseAmount it is');
    if (percent === undefined || baseAmount === undefined) return;
    const exact = decimal(baseAmount).times(percent).div(100);
    if (exact.minus(amount).abs().gt(slack)) {
      const detail = `${percent} per cent of ${baseAmount} is ${exact.toFixed()}, not ${amount}; leave percent and baseAmount out`;
      report('PEPPOL-EN16931-R040', 'BT-92', `${at}/amount`, detail);
    }
  });

const lineRules = (draft: DraftLine, line: Line, pointer: string, currency: string, report: Report): void => {
  adjustmentRules(draft.allowances, line.allowances, `${pointer}/allowances`, report);
  adjustmentRules(draft.charges, line.charges, `${pointer}/charges`, report);
  const total = (adjustments: LineAdjustment[]) => sum(adjustments.map(({ amount }) => decimal(amount)));
  const exact = grossLineAmount(draft).plus(total(line.charges)).minus(total(line.allowances));
  if (exact.minus(line.netAmount).abs().gt(slack)) {
    const detail = `${exact.round(6).toFixed()} is rounded to ${line.netAmount} in ${currency}; choose a price that needs no rounding`;
    report('PEPPOL-EN16931-R120', 'BT-131', `${pointer}/unitPrice`, detail);
  }
};

const periodRules = ({ period }: DraftLine, draft: InvoiceDraft, pointer: string, report: Report): void => {
  const { start, end } = draft.period ?? {};
  if (period?.start !== undefined && start !== undefined && period.start < start)
    report('PEPPOL-EN16931-R110', 'BT-134', `${pointer}/start`, `the invoice's period starts on ${start}`);
  if (period?.end !== undefined && end !== undefined && period.end > end)
    report('PEPPOL-EN16931-R111', 'BT-135', `${pointer}/end`, `the invoice's period ends on ${end}`);
};
