import type { Address, Identifier, IssuedInvoice, Party } from '@invoicepress/invoice';
import type { Format } from './format.ts';
import type { Words } from './languages/index.ts';
import { breakable, breakableAfterPunctuation, longestNarrowWord } from './line-breaks.ts';

export interface SellerView {
  name: string;
  monogram: string;
  /** One line, for the window of the envelope. */
  returnAddress: string;
}

export function sellerView(seller: Party): SellerView {
  const name = seller.tradingName ?? seller.name;
  return {
    name: breakable(shortened(name, 120), longestNarrowWord),
    monogram: monogramOf(name),
    returnAddress: breakable(shortened(returnAddressOf(seller), 140)),
  };
}

/** The first letters of the first two words; of the first only where a word is a syllable or an ideograph. */
function monogramOf(name: string): string {
  const initials = [...name.matchAll(/(?<![\p{L}\p{N}\p{M}])[\p{L}\p{N}]/gu)].slice(0, 2).map(([letter]) => letter);
  const cased = initials.every((letter) => letter.toLowerCase() !== letter.toUpperCase());
  return (cased ? initials : initials.slice(0, 1)).join('').toLocaleUpperCase('en');
}

const returnAddressOf = ({ name, address }: Party): string =>
  [name, address.line1, cityOf(address)].filter(Boolean).join(' · ');

export function recipientOf({ buyer, seller }: IssuedInvoice, format: Format): string[] {
  const abroad = buyer.address.country !== seller.address.country;
  return texts(
    buyer.name,
    buyer.tradingName,
    buyer.contact?.name,
    ...addressLines(buyer.address),
    abroad && format.country(buyer.address.country),
  ).map(format.verbatim);
}

export const addressLines = (address: Address): string[] =>
  texts(address.line1, address.line2, address.line3, cityOf(address), !cityHasRegion(address) && address.subdivision);

/** Countries that write "City, Region 12345" or "City 12345"; the rest of the world begins with the code. */
const codeLast = new Set(['US', 'CA', 'AU', 'GB', 'IE', 'NZ', 'IN', 'SG', 'ZA']);
const cityHasRegion = ({ country }: Address): boolean => codeLast.has(country);

function cityOf(address: Address): string {
  const { city, postCode, subdivision, country } = address;
  if (!codeLast.has(country)) return texts(postCode, city).join(' ');
  const region = subdivision?.replace(`${country}-`, '');
  return texts(texts(city, region).join(', '), postCode).join(' ');
}

/** A column of the foot holds this many characters or lines; what is longer stands among the notes. */
const longestInFoot = 160;
const highestInFoot = 5;
const fitsInFoot = (text: string): boolean => text.length <= longestInFoot && text.split('\n').length <= highestInFoot;

/** A brand's own columns, or else those that say who the seller is. */
export function footOf({ seller, branding }: IssuedInvoice, words: Words, format: Format): string[][] {
  const filled =
    branding?.footer?.map((column) => texts(...column).map(format.verbatim)) ??
    sellerColumns(seller, words, format).filter((column) => column.length > 0);
  // With four of them an e-mail address may be too long for one.
  return filled.length > 3 ? filled.map((column) => column.map(breakableAfterPunctuation)) : filled;
}

function sellerColumns(seller: Party, words: Words, format: Format): string[][] {
  const { contact, legalInformation = '' } = seller;
  return [
    texts(seller.name, ...addressLines(seller.address), format.country(seller.address.country)).map(format.verbatim),
    texts(contact?.name, contact?.phone, contact?.email).map(format.verbatim),
    idsOf(seller, words, format),
    texts(fitsInFoot(legalInformation) && format.verbatim(legalInformation)),
  ];
}

function idsOf(seller: Party, words: Words, format: Format): string[] {
  const id = (label: string, value: string | undefined) => value && `${label} ${format.verbatim(value)}`;
  return texts(
    id(words.vatId, seller.vatId),
    id(words.taxNumber, seller.taxNumber),
    id(schemeName(seller.registrationScheme) ?? words.registrationId, seller.registrationId),
    id(words.electronicAddress, electronicAddressText(seller)),
  );
}

/**
 * What the foot does not say of the seller, and the law may ask for, stands among the notes: legal information that is
 * too long, and with a brand's own columns, the identifiers and the legal information that they leave out. (Name and
 * address stand above the recipient anyway; whom to call is the seller's own choice.)
 */
export function notInFoot({ seller, branding }: IssuedInvoice, words: Words, format: Format): string[] {
  const { legalInformation = '', vatId, taxNumber, registrationId } = seller;
  if (!branding?.footer) return fitsInFoot(legalInformation) ? [] : [legalInformation];
  const said = squeezed(branding.footer.flat().join(''));
  const values = [vatId, taxNumber, registrationId].filter((value) => value !== undefined);
  const unsaid = idsOf(seller, words, format).filter((id) => {
    const value = values.find((candidate) => squeezed(id).endsWith(squeezed(candidate)));
    return !said.includes(squeezed(value ?? id));
  });
  return texts(unsaid.join(' · '), !said.includes(squeezed(legalInformation)) && legalInformation);
}

/** Without white space and break opportunities, which tell nothing. */
const squeezed = (text: string): string => text.replace(/[\s\u200b\u200e\u200f]/g, '');

/** Registers (ISO 6523 ICD) that people know by a name, which is the same in every language. */
const schemeNames: Readonly<Record<string, string>> = {
  '0002': 'SIREN',
  '0009': 'SIRET',
  '0060': 'D-U-N-S',
  '0088': 'GLN',
  '0106': 'KvK',
  '0160': 'GTIN',
  '0199': 'LEI',
  '0204': 'Leitweg-ID',
};

const schemeName = (scheme: string | undefined): string | undefined => schemeNames[scheme ?? ''];

export const identifierText = ({ id, scheme }: Identifier): string => texts(schemeName(scheme), id).join(' ');

export const registrationText = ({
  registrationId: id,
  registrationScheme: scheme,
}: Pick<Party, 'registrationId' | 'registrationScheme'>): string | undefined =>
  id && identifierText({ id, ...(scheme && { scheme }) });

/**
 * As people on the network write it, "0204:991-01484-64". Not where it repeats what the document says anyway: an e-mail
 * address, a VAT identifier, a registration, a Leitweg-ID.
 */
export function electronicAddressText(party: Party, reference?: string): string | undefined {
  const { electronicAddress: at, contact, vatId, registrationId } = party;
  if (!at || [contact?.email, vatId, vatId?.slice(2), registrationId, reference].includes(at.id)) return undefined;
  return at.scheme === 'EM' ? at.id : `${at.scheme}:${at.id}`;
}

export const shortened = (text: string, length: number): string =>
  text.length > length ? `${[...text].slice(0, length - 1).join('')}…` : text;

/** Only the texts that there are, with break opportunities. */
export const texts = (...candidates: (string | false | undefined)[]): string[] =>
  candidates.filter((text): text is string => Boolean(text)).map((text) => breakable(text));
