/**
 * What of an invoice the standard carries, and in which form it comes back from either syntax. The readers give the same:
 * a round trip compares the two. Not carried are language, paper, formats and the rate of the tax currency, the exemption
 * of a single line (the breakdown has it), and what tells an IBAN from another account (UBL has one element for both).
 */
import {
  billingProcess,
  specificationOf,
  type Account,
  type Adjustment,
  type IssuedInvoice,
  type Line,
  type LineAdjustment,
  type Party,
} from '@invoicepress/invoice';
import type { Syntax } from './artefacts.ts';
import { minorUnits, decimalOf } from './exact.ts';

export type Carried = string | undefined | readonly Carried[] | { readonly [field: string]: Carried };

export const carried = (invoice: IssuedInvoice, syntax: Syntax): Carried => {
  const { profiles, taxCurrency, totals, payee, taxRepresentative, delivery } = invoice;
  const demanded = profiles.includes('peppol') || profiles.includes('xrechnung') ? billingProcess : undefined;
  return tidy({
    // Peppol exchanges UBL alone.
    specification: specificationOf(syntax === 'ubl' ? profiles : profiles.filter((profile) => profile !== 'peppol')),
    businessProcess: invoice.businessProcess ?? demanded,
    ...pick(invoice, ownFields),
    taxCurrency: taxCurrency?.currency,
    seller: party(invoice.seller),
    buyer: party({ ...invoice.buyer, taxNumber: '', legalInformation: '' }),
    payee: payee && pick(payee, ['name', 'identifier', 'registrationId', 'registrationScheme']),
    taxRepresentative: taxRepresentative && pick(taxRepresentative, ['name', 'vatId', 'address']),
    delivery: delivery && pick(delivery, ['date', 'name', 'location', 'address']),
    paymentTerms: invoice.payment?.terms?.replace(/#\n?$/, '#\n'), // BR-DE-18: a discount ends with a line feed
    payment: payment(invoice),
    lines: invoice.lines.map(line),
    allowances: invoice.allowances.map(adjustment),
    charges: invoice.charges.map(adjustment),
    totals: {
      ...Object.fromEntries(sums.map((name) => [name, number(totals[name])])),
      taxSubtotals: totals.taxSubtotals.map(({ category, rate, taxable, tax, exemptionReason, exemptionCode }) => ({
        category,
        rate: rateOf(category, rate),
        taxable: number(taxable),
        tax: number(tax),
        exemptionReason,
        exemptionCode,
      })),
    },
  });
};

const ownFields =
  `number issueDate typeCode dueDate taxPointDate taxPointDateCode currency buyerReference projectReference
  contractReference orderReference salesOrderReference receivingAdviceReference despatchAdviceReference tenderReference
  accountingReference invoicedObject precedingInvoices notes period attachments`.split(/\s+/);

/** Fields whose form is the model's own. */
const pick = (from: object, names: readonly string[]): Record<string, Carried> =>
  Object.fromEntries(names.map((name) => [name, (from as Record<string, Carried>)[name]]));

const sums = [
  'lineTotal',
  'allowanceTotal',
  'chargeTotal',
  'taxExclusive',
  'tax',
  'taxInTaxCurrency',
  'taxInclusive',
  'prepaid',
  'rounding',
  'payable',
] as const;

const party = (value: Party): Carried => ({
  ...pick(value, ['name', 'tradingName', 'registrationId', 'registrationScheme', 'vatId', 'taxNumber']),
  ...pick(value, ['legalInformation', 'electronicAddress', 'address', 'contact']),
  // CII keeps those without a scheme apart from the others.
  identifiers: (value.identifiers ?? [])
    .toSorted((a, b) => Number(!!a.scheme) - Number(!!b.scheme))
    .map((each) => ({ ...each })),
});

/** Terms alone are no instruction to pay by. */
const payment = ({ payment: value, number: invoiceNumber, currency }: IssuedInvoice): Carried => {
  if (!value) return undefined;
  const accounts = [value, ...(value.moreAccounts ?? [])].filter(({ iban, accountId }) => iban ?? accountId);
  const credit = accounts[0] && (currency === 'EUR' && accounts.every(({ iban }) => iban) ? '58' : '30');
  const other = (value.reference ?? value.meansText) ? '1' : undefined;
  const meansCode = value.meansCode ?? (value.directDebit ? '59' : value.card ? '48' : (credit ?? other));
  return (
    meansCode && {
      meansCode,
      ...pick(value, ['meansText', 'card', 'directDebit']),
      reference: value.reference ?? invoiceNumber,
      accounts: accounts.map(({ iban, accountId, bic, accountName }: Account) => ({
        id: iban ?? accountId,
        bic,
        accountName,
      })),
    }
  );
};

const line = (value: Line): Carried => ({
  ...pick(value, ['id', 'name', 'description', 'note', 'invoicedObject', 'orderLineReference', 'accountingReference']),
  ...pick(value, ['period', 'sellerItemId', 'buyerItemId', 'standardItemId', 'classifications', 'originCountry']),
  ...pick(value, ['attributes', 'unit', 'taxCategory']),
  quantity: number(value.quantity),
  unitPrice: number(value.unitPrice),
  priceBaseQuantity: number(value.priceBaseQuantity),
  ...gross(value),
  taxRate: rateOf(value.taxCategory, value.taxRate),
  netAmount: number(value.netAmount),
  allowances: value.allowances.map(lineAdjustment),
  charges: value.charges.map(lineAdjustment),
});

/** Each of the two implies the other. */
const gross = ({ unitPrice, grossPrice, priceDiscount }: Line) => {
  const price = (minor: bigint) => number(decimalOf(minor, 10));
  const units = (value: string) => minorUnits(10, value);
  if (grossPrice === undefined && priceDiscount === undefined) return {};
  return {
    grossPrice: price(units(grossPrice ?? '0') || units(unitPrice) + units(priceDiscount ?? '0')),
    priceDiscount: price(
      priceDiscount === undefined ? units(grossPrice ?? '0') - units(unitPrice) : units(priceDiscount),
    ),
  };
};

const lineAdjustment = (value: LineAdjustment) => ({
  ...pick(value, ['reason', 'reasonCode']),
  amount: number(value.amount),
  baseAmount: number(value.baseAmount),
  percent: number(value.percent),
});

const adjustment = (value: Adjustment): Carried => ({
  ...lineAdjustment(value),
  taxCategory: value.taxCategory,
  taxRate: rateOf(value.taxCategory, value.taxRate),
});

/** Outside of VAT there is no rate (BR-O-05). */
export const rateOf = (category: string | undefined, rate: string | undefined): string | undefined =>
  category === 'O' ? undefined : number(rate);

/** A decimal without the zeros that say nothing. */
export const number = (value: string | undefined): string | undefined =>
  value?.includes('.') ? value.replace(/\.?0+$/, '') : value;

/** Without what XML cannot carry: fields that are blank, characters that XML 1.0 does not have. */
export const tidy = (value: Carried): Carried => {
  if (value === undefined) return undefined;
  if (typeof value === 'string') return xmlText(value) || undefined;
  if (Array.isArray(value)) {
    const items = value.map(tidy).filter((item) => item !== undefined);
    return items.length > 0 ? items : undefined;
  }
  const fields = Object.entries(value)
    .map(([name, field]) => [name, tidy(field)] as const)
    .filter(([, field]) => field !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  return fields.length > 0 ? Object.fromEntries(fields) : undefined;
};

const xmlText = (text: string): string => {
  const kept = text.replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '');
  return kept.trim() === '' ? '' : kept;
};

/** Where two of them part: "/lines/3/quantity: "3" became "4"", or nothing. */
export const difference = (before: Carried, after: Carried, path = ''): string | undefined => {
  if (before === after) return undefined;
  if (typeof before !== 'object' || typeof after !== 'object')
    return `${path || '/'}: ${JSON.stringify(before)} became ${JSON.stringify(after)}`;
  const fields = (value: object) => value as Record<string, Carried>;
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const found = difference(fields(before)[name], fields(after)[name], `${path}/${name}`);
    if (found) return found;
  }
  return undefined;
};
