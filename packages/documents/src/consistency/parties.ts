import type { IssuedInvoice } from '@invoicepress/invoice';
import { localeFor } from '../languages/index.ts';
import { plain } from './pages.ts';
import { inside, unescaped } from './xml.ts';

type Role = 'seller' | 'buyer';
const roles: readonly Role[] = ['seller', 'buyer'];

/** What tells who owes whom: BT-27 and BT-31, BT-44 and BT-48. */
const essentials = (invoice: IssuedInvoice, of: readonly Role[] = roles): [what: string, value: string | undefined][] =>
  of.flatMap((role): ReturnType<typeof essentials> => [
    [`the ${role}`, invoice[role].name],
    [`the ${role}'s VAT identifier`, invoice[role].vatId],
  ]);

/** Where the two syntaxes have them, one element inside of the other. */
const paths: Readonly<Record<'ubl' | 'cii', string[][]>> = {
  ubl: ['cac:AccountingSupplierParty', 'cac:AccountingCustomerParty'].flatMap((party) => [
    [party, 'cac:PartyLegalEntity', 'cbc:RegistrationName'],
    [party, 'cac:PartyTaxScheme', 'cbc:CompanyID'],
  ]),
  cii: ['ram:SellerTradeParty', 'ram:BuyerTradeParty'].flatMap((party) => [
    [party, 'ram:Name'],
    [party, 'ram:SpecifiedTaxRegistration', 'ram:ID'],
  ]),
};

/** What an XML document that toUbl or toCii wrote says of them otherwise than the invoice. */
export const partiesInXml = (xml: string, invoice: IssuedInvoice): string[] => {
  const found = paths[xml.includes('<rsm:CrossIndustryInvoice ') ? 'cii' : 'ubl'];
  return essentials(invoice).flatMap(([what, value], index) => {
    const stated = unescaped((found[index] ?? []).reduce(inside, xml));
    // Without a VAT identifier, another registration may stand in its place.
    return value === undefined || comparable(stated) === comparable(value)
      ? []
      : [`names ${what} as ${stated || 'nobody'}, not ${value}`];
  });
};

/**
 * What the pages do not show. Words in scripts whose letters are drawn in another order than they are written, or from
 * parts, cannot be read back letter by letter: a name with such letters is not looked for.
 */
export const partiesOnPages = (text: string, invoice: IssuedInvoice, of: readonly Role[] = roles): string[] => {
  // On a right-to-left page punctuation stands where the reading direction puts it, so each word is looked for by itself.
  const wordByWord = localeFor(invoice.language).rightToLeft;
  return essentials(invoice, of).flatMap(([what, value]) => {
    if (value === undefined || !legible.test(comparable(value))) return [];
    const wanted = wordByWord ? (value.match(words) ?? []) : [value];
    return wanted.every((part) => text.includes(comparable(part))) ? [] : [`does not show ${what}, ${value}`];
  });
};

const words = /[\p{L}\p{N}\p{M}]+/gu;

const legible =
  /^[\p{sc=Latin}\p{sc=Greek}\p{sc=Cyrillic}\p{sc=Armenian}\p{sc=Georgian}\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Common}]*$/u;

/** Without what is invisible: XML leaves out what it cannot carry, and pages have none of it. */
const comparable = (text: string): string => plain(text).replace(/[\p{Cc}\p{Cs}\p{Cn}]/gu, '');
