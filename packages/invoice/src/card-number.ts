import { isGln, passesLuhn } from './check-digits.ts';
import { isIban } from './codes/iban.ts';

/**
 * Issuers' prefixes (ISO/IEC 7812-1) with the lengths of their numbers: Visa, Mastercard, American Express, Diners
 * Club, Discover, JCB, UnionPay, Maestro, Mir, RuPay, Troy.
 */
const issued: readonly RegExp[] = [
  /^4(\d{12}|\d{15}|\d{18})$/,
  /^(5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}$/,
  /^3[47]\d{13}$/,
  /^(30[0-5]|309|36\d|3[89]\d)\d{11,16}$/,
  /^(6011|64[4-9]\d|65\d\d|62\d\d|35(2[89]|[3-8]\d))\d{12,15}$/,
  /^(50(18|20|38)|5893|6304|67(59|6[1-37]))\d{9,15}$/,
  /^220[0-4]\d{12,15}$/,
  /^(508\d|60\d\d|8[12]\d\d|9792)\d{12}$/,
];

/** How cards are embossed: groups of digits, between which people put a space or a dash. */
const embossed = /^(4-4-4-4|4-4-4-4-[1-3]|4-6-5|4-6-4|4-4-5)$/;

/** Groups of digits in a row of which more make a table of numbers, not a card; it bounds the work. */
const MAX_GROUPS = 50;

/** A cheap look that lets nearly every text pass: 13 digits with nothing but single spaces or dashes between them. */
const candidate = /\d(?:[ -]?\d){12}/;
/** Digits that belong to a word, a decimal or an international phone number are none of a card. */
const runs = /(?<![\p{L}\p{N}_+.,])\d+(?:[ -]\d+)*(?![\p{L}\p{N}_]|[.,]\d)/gu;
const ibans = /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}/g;
const uuids = /\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b/gi;

/**
 * Whether a text holds what looks like a payment card's number (PAN): 13 to 19 digits, in one piece or with single
 * spaces or dashes, that begin as an issuer's numbers do and pass Luhn. IBANs, UUIDs, GTINs of 13 digits, and digits
 * that belong to a word are none. docs/privacy.md has the rule; PCI DSS 4.0, 3.2 and 3.3, why.
 */
export const holdsCardNumber = (text: string): boolean => {
  if (text.length < 13 || !candidate.test(text)) return false;
  const rest = text
    .replaceAll(ibans, (found) => (isIban(found.replaceAll(' ', '')) ? '!' : found))
    .replaceAll(uuids, '!');
  return (rest.match(runs) ?? []).some(isCardRun);
};

const isCardRun = (run: string): boolean => {
  const groups = run.split(/[ -]/);
  if (groups.length > MAX_GROUPS) return false;
  if (isCardNumber(groups.join(''))) return true;
  // Of several numbers side by side, each that is alone in one piece or grouped as on a card.
  return groups.some((group, start) => {
    if (group.length < 4) return false;
    if (isCardNumber(group)) return true;
    return [3, 4, 5].some((count) => {
      const some = groups.slice(start, start + count);
      return embossed.test(some.map(({ length }) => length).join('-')) && isCardNumber(some.join(''));
    });
  });
};

/** A GTIN-13, which is what a bare number of 13 digits is in invoices, has the check digits of a GLN. */
const isCardNumber = (digits: string): boolean =>
  digits.length <= 19 &&
  issued.some((pattern) => pattern.test(digits)) &&
  passesLuhn(digits) &&
  !(digits.length === 13 && isGln(digits));
