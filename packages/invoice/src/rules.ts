import { decimal, formatAmount, amountDecimals } from './money.ts';
import type { ClaimedTotals, DraftAdjustment, DraftLine, InvoiceDraft, TaxCategory, Totals } from './model.ts';
import { completeDraft, type CompletedDraft } from './issue.ts';

/** What is wrong with a draft, where (JSON Pointer, RFC 6901), by which rule, and what would be right. */
export interface Violation {
  pointer: string;
  detail: string;
  /** EN 16931 business rule, where there is one. */
  rule?: string;
}

/** Beyond this a total is a mistake, and negative ones likewise: thirteen digits before the point. */
export const MAX_TOTAL = '9999999999999.99';

/**
 * The rules that need more than one field: numbering, tax categories, sums. Shapes and bounds of single fields
 * are the contract's. An empty answer means that the draft can be issued.
 */
export const checkDraft = (draft: InvoiceDraft): Violation[] => {
  const completed = completeDraft(draft);
  return [
    ...numberRules(draft),
    ...referenceRules(draft),
    ...taxRules(draft),
    ...amountRules(draft, completed),
    ...claimRules(draft, completed),
  ];
};

const numberRules = ({ number, series }: InvoiceDraft): Violation[] =>
  (number === undefined) === (series === undefined)
    ? [
        {
          pointer: '/number',
          detail: 'give exactly one of "number" (your own) and "series" (ours, gapless)',
          rule: 'BR-02',
        },
      ]
    : [];

const referenceRules = (draft: InvoiceDraft): Violation[] => {
  const found: Violation[] = [];
  if (draft.typeCode === '384' && !draft.precedingInvoice) {
    found.push({
      pointer: '/precedingInvoice',
      detail: 'a corrected invoice (384) names the invoice that it corrects',
      rule: 'BR-DE-26',
    });
  }
  if (draft.period && draft.period.start > draft.period.end) {
    found.push({ pointer: '/period/end', detail: 'the period ends before it starts', rule: 'BR-29' });
  }
  return found;
};

type Taxed = DraftLine | DraftAdjustment;
const taxedItems = (draft: InvoiceDraft): [pointer: string, item: Taxed][] => [
  ...draft.lines.map((item, i): [string, Taxed] => [`/lines/${i}`, item]),
  ...(draft.allowances ?? []).map((item, i): [string, Taxed] => [`/allowances/${i}`, item]),
  ...(draft.charges ?? []).map((item, i): [string, Taxed] => [`/charges/${i}`, item]),
];

const taxRules = (draft: InvoiceDraft): Violation[] => {
  const found: Violation[] = [];
  const used = new Set<TaxCategory>();
  for (const [pointer, item] of taxedItems(draft)) {
    const category = item.taxCategory ?? 'S';
    used.add(category);
    const rate = decimal(item.taxRate ?? '0');
    if (category === 'S' && !rate.gt(0)) {
      found.push({
        pointer: `${pointer}/taxRate`,
        detail:
          'category S (standard rated, the default) needs a taxRate above 0; choose Z, E, AE, K, G or O for a rate of 0',
        rule: 'BR-S-05',
      });
    }
    if (category !== 'S' && !rate.eq(0)) {
      found.push({
        pointer: `${pointer}/taxRate`,
        detail: `category ${category} has a rate of 0; leave taxRate out or choose category S`,
        rule: `BR-${ruleName[category]}-05`,
      });
    }
    if (category === 'E' && !item.taxExemptionReason) {
      found.push({
        pointer: `${pointer}/taxExemptionReason`,
        detail: 'category E needs the reason for the exemption',
        rule: 'BR-E-10',
      });
    }
  }
  return [...found, ...partyTaxRules(draft, used)];
};

const ruleName: Record<TaxCategory, string> = { S: 'S', Z: 'Z', E: 'E', AE: 'AE', K: 'IC', G: 'G', O: 'O' };

const partyTaxRules = (
  { seller, buyer, delivery, period }: InvoiceDraft,
  used: ReadonlySet<TaxCategory>,
): Violation[] => {
  const found: Violation[] = [];
  const need = (condition: boolean, pointer: string, detail: string, rule: string) => {
    if (!condition) found.push({ pointer, detail, rule });
  };
  for (const category of used) {
    if (category === 'O') continue;
    const rule = `BR-${ruleName[category]}-02`;
    if (category === 'K' || category === 'G')
      need(!!seller.vatId, '/seller/vatId', `category ${category} needs the seller's VAT identifier`, rule);
    else
      need(
        !!(seller.vatId ?? seller.taxNumber),
        '/seller/vatId',
        `category ${category} needs the seller's vatId or taxNumber`,
        rule,
      );
    if (category === 'AE')
      need(
        !!(buyer.vatId ?? buyer.registrationId),
        '/buyer/vatId',
        "category AE needs the buyer's vatId or registrationId",
        rule,
      );
    if (category === 'K') need(!!buyer.vatId, '/buyer/vatId', "category K needs the buyer's VAT identifier", rule);
  }
  if (used.has('K')) {
    need(
      !!(delivery?.date ?? period),
      '/delivery/date',
      'an intra-community supply (K) states a delivery date or a period',
      'BR-IC-11',
    );
    need(
      !!delivery?.address,
      '/delivery/address',
      'an intra-community supply (K) states the country of delivery',
      'BR-IC-12',
    );
  }
  need(
    !used.has('O') || used.size === 1,
    '/lines',
    'category O cannot be combined with others on one invoice',
    'BR-O-11',
  );
  return found;
};

const amountRules = (draft: InvoiceDraft, { totals }: CompletedDraft): Violation[] => {
  const found: Violation[] = [];
  const decimals = amountDecimals(draft.currency);
  const amounts: [pointer: string, value: string | undefined][] = [
    ['/prepaidAmount', draft.prepaidAmount],
    ...(draft.allowances ?? []).map((a, i): [string, string] => [`/allowances/${i}/amount`, a.amount]),
    ...(draft.charges ?? []).map((c, i): [string, string] => [`/charges/${i}/amount`, c.amount]),
  ];
  for (const [pointer, value] of amounts) {
    if (value !== undefined && !decimal(value).round(decimals).eq(value)) {
      found.push({
        pointer,
        detail: `${value} has more decimals than ${draft.currency} allows (${decimals})`,
        rule: 'BR-DEC-01',
      });
    }
  }
  if (decimal(totals.taxInclusive).lt(0)) {
    found.push({
      pointer: '/lines',
      detail: `the total comes to ${totals.taxInclusive}; money going back is a credit note: typeCode 381 with positive amounts`,
    });
  } else if (decimal(totals.payable).lt(0)) {
    found.push({
      pointer: '/prepaidAmount',
      detail: `${draft.prepaidAmount} prepaid is more than the total of ${totals.taxInclusive}`,
    });
  }
  // Each of them is stored and printed; huge ones may cancel each other out in the last.
  const { lineTotal, taxExclusive, tax, taxInclusive } = totals;
  const excess = [taxInclusive, taxExclusive, lineTotal, tax].find((total) => decimal(total).abs().gt(MAX_TOTAL));
  if (excess)
    found.push({ pointer: '/lines', detail: `a total comes to ${excess}; at most ${MAX_TOTAL} can be invoiced` });
  return found;
};

/** The system owns the math: a client's figures are compared with ours, and both are shown. */
const claimRules = (draft: InvoiceDraft, { lines, totals }: CompletedDraft): Violation[] => {
  const found: Violation[] = [];
  const compare = (pointer: string, claimed: string | undefined, ours: string, rule: string) => {
    if (claimed !== undefined && !decimal(claimed).eq(ours)) {
      found.push({ pointer, detail: `you sent ${claimed}, it computes to ${ours}; correct it or leave it out`, rule });
    }
  };
  draft.lines.forEach((line, i) =>
    compare(
      `/lines/${i}/netAmount`,
      line.netAmount,
      lines[i]?.netAmount ?? formatAmount(decimal(0), draft.currency),
      'BR-CO-10',
    ),
  );
  for (const [name, rule] of Object.entries(claimedRule) as [keyof ClaimedTotals & keyof Totals, string][]) {
    compare(`/totals/${name}`, draft.totals?.[name], totals[name], rule);
  }
  return found;
};

const claimedRule: Record<keyof ClaimedTotals, string> = {
  lineTotal: 'BR-CO-10',
  allowanceTotal: 'BR-CO-11',
  chargeTotal: 'BR-CO-12',
  taxExclusive: 'BR-CO-13',
  tax: 'BR-CO-14',
  taxInclusive: 'BR-CO-15',
  payable: 'BR-CO-16',
};
