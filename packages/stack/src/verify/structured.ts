/** What a structured document says of its invoice, read without the code that wrote it. */

export interface Figures {
  /** BT-1. */
  number: string;
  /** BT-112. */
  taxInclusive: string;
  /** BT-115. */
  payable: string;
}

type Reader = (text: string) => Figures;

const ubl: Reader = (xml) => ({
  number: first(xml, /<(?:Invoice|CreditNote)\b.*?<cbc:ID>([^<]*)</s),
  taxInclusive: first(xml, /<cbc:TaxInclusiveAmount [^>]*>([^<]*)</),
  payable: first(xml, /<cbc:PayableAmount [^>]*>([^<]*)</),
});

const cii: Reader = (xml) => ({
  number: first(xml, /<rsm:ExchangedDocument>\s*<ram:ID>([^<]*)</),
  taxInclusive: first(xml, /<ram:GrandTotalAmount>([^<]*)</),
  payable: first(xml, /<ram:DuePayableAmount>([^<]*)</),
});

const json: Reader = (text) => {
  const { number, totals } = JSON.parse(text) as { number: string; totals: Omit<Figures, 'number'> };
  return { number, taxInclusive: totals.taxInclusive, payable: totals.payable };
};

export const readFigures = { ubl, cii, json };

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const first = (xml: string, pattern: RegExp): string =>
  (pattern.exec(xml)?.[1] ?? '').replaceAll(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => entities[name] ?? '');
