import type { DecimalString } from '@invoicepress/invoice';
import type { Stated, TotalName } from './totals.ts';

/** Where the two syntaxes state BG-22; BT-110 stands elsewhere in UBL (EN 16931-3-2 and -3-3). */
const elements: Record<TotalName, [ubl: string, cii: string]> = {
  lineTotal: ['cbc:LineExtensionAmount', 'ram:LineTotalAmount'],
  taxExclusive: ['cbc:TaxExclusiveAmount', 'ram:TaxBasisTotalAmount'],
  tax: ['cbc:TaxAmount', 'ram:TaxTotalAmount'],
  taxInclusive: ['cbc:TaxInclusiveAmount', 'ram:GrandTotalAmount'],
  prepaid: ['cbc:PrepaidAmount', 'ram:TotalPrepaidAmount'],
  rounding: ['cbc:PayableRoundingAmount', 'ram:RoundingAmount'],
  payable: ['cbc:PayableAmount', 'ram:DuePayableAmount'],
};

/**
 * Number, currency and totals of an XML document that toUbl or toCii wrote. A total that it does not state is zero.
 * It reads no XML but ours: elements without prefixes of other names, no comments, no CDATA.
 */
export function readXml(xml: string): Stated {
  const cii = xml.includes('<rsm:CrossIndustryInvoice ');
  const sums = cii
    ? inside(xml, 'ram:SpecifiedTradeSettlementHeaderMonetarySummation')
    : inside(xml, 'cac:TaxTotal') + inside(xml, 'cac:LegalMonetaryTotal');
  const total = (name: TotalName): DecimalString => inside(sums, elements[name][cii ? 1 : 0]) || '0';
  return {
    number: unescaped(inside(cii ? inside(xml, 'rsm:ExchangedDocument') : xml, cii ? 'ram:ID' : 'cbc:ID')),
    currency: inside(xml, cii ? 'ram:InvoiceCurrencyCode' : 'cbc:DocumentCurrencyCode'),
    totals: {
      lineTotal: total('lineTotal'),
      taxExclusive: total('taxExclusive'),
      tax: total('tax'),
      taxInclusive: total('taxInclusive'),
      prepaid: total('prepaid'),
      rounding: total('rounding'),
      payable: total('payable'),
    },
  };
}

/** What the first element of this name contains; nothing when there is none. */
export const inside = (xml: string, name: string): string =>
  new RegExp(`<${name}(?: [^>]*)?>([^]*?)</${name}>`).exec(xml)?.[1] ?? '';

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' };
export const unescaped = (text: string): string =>
  text.replace(/&(?:#(\d+)|(\w+));/g, (_, code: string | undefined, name: string) =>
    code ? String.fromCodePoint(Number(code)) : (entities[name] ?? ''),
  );
