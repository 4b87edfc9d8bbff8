import { decimal, formatAmount, zero, type Decimal } from './money.ts';
import type { Adjustment, Line, TaxCategory, TaxShares, TaxSubtotal } from './model.ts';

/** Why there is no VAT, where the category itself says so (BT-120, and BT-121 of the VATEX code list). */
const implied: Partial<Record<TaxCategory, { reason: string; code: string }>> = {
  AE: { reason: 'Reverse charge', code: 'VATEX-EU-AE' },
  K: { reason: 'Intra-community supply', code: 'VATEX-EU-IC' },
  G: { reason: 'Export outside the EU', code: 'VATEX-EU-G' },
  O: { reason: 'Not subject to VAT', code: 'VATEX-EU-O' },
};

interface Group {
  category: TaxCategory;
  rate: string;
  taxable: Decimal;
  reasons: Set<string>;
  code: string | undefined;
}

/**
 * VAT breakdown (BG-23): one row per category and rate, in the order in which they first occur (BR-CO-18, BR-S-08 and
 * its siblings). A row states every reason that its lines give.
 */
export const taxBreakdown = (
  { lines, allowances, charges }: { lines: Line[]; allowances: Adjustment[]; charges: Adjustment[] },
  currency: string,
  shares?: TaxShares,
): TaxSubtotal[] => {
  const groups = new Map<string, Group>();
  const add = (item: Line | Adjustment, amount: Decimal) => {
    const { taxCategory: category, taxRate: rate, taxExemptionReason, taxExemptionCode } = item;
    const key = `${category} ${rate}`;
    let group = groups.get(key);
    if (!group) groups.set(key, (group = { category, rate, taxable: zero, reasons: new Set(), code: undefined }));
    group.taxable = group.taxable.plus(amount);
    if (taxExemptionReason) group.reasons.add(taxExemptionReason);
    group.code ??= taxExemptionCode;
  };
  for (const line of lines) add(line, decimal(line.netAmount));
  for (const allowance of allowances) add(allowance, decimal(allowance.amount).neg());
  for (const charge of charges) add(charge, decimal(charge.amount));
  return [...groups].map(([key, group]) => toSubtotal(group, currency, shares?.byKey[key]));
};

const toSubtotal = (
  { category, rate, taxable, reasons, code }: Group,
  currency: string,
  shared: string | undefined,
): TaxSubtotal => {
  const exemptionReason = [...reasons].join('; ') || implied[category]?.reason;
  const exemptionCode = code ?? implied[category]?.code;
  return {
    category,
    rate,
    taxable: formatAmount(taxable, currency),
    tax: formatAmount(shared === undefined ? taxable.times(rate).div(100) : decimal(shared), currency), // BR-CO-17
    ...(exemptionReason && { exemptionReason }),
    ...(exemptionCode && { exemptionCode }),
  };
};
