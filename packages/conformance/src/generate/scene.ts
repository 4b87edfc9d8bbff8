/** What is decided before a draft is filled in, since much else depends on it. */
import { amountDecimals, type Profile, type TaxCategory, type TypeCode } from '@invoicepress/invoice';
import type { Draw } from './draw.ts';

/** How lines, allowances and charges may be taxed. */
export interface Tax {
  taxCategory?: TaxCategory;
  taxRate?: string;
  taxExemptionReason?: string;
  taxExemptionCode?: string;
}

export interface Scene {
  draw: Draw;
  profiles: readonly Profile[];
  held(profile: Profile): boolean;
  typeCode: TypeCode;
  currency: string;
  places: number;
  taxes: readonly Tax[];
  taxed(category: TaxCategory): boolean;
  sellerCountry: string;
  buyerCountry: string;
  /** What XRechnung asks of all, Peppol asks between Germans. */
  germanRules: boolean;
  /** Peppol, and XRechnung after it, allow 0.02 of rounding (R040, R120): too little where a currency has no decimals. */
  wholeNumbers: boolean;
  /** The official rules for CII are stricter than those for UBL, here and there. */
  asCii: boolean;
  /** Counted from the first day that dates are drawn from. */
  issueDay: number;
}

const anyType = ['380', '381', '384', '389', '326', '386', '383', '393', '261', '396', '875', '876', '877'] as const;
const germanTypes = ['380', '381', '384', '389', '326', '875', '876', '877'] as const; // BR-DE-17
const peppolTypes = ['380', '381', '383', '386', '393', '396', '875', '876', '877'] as const; // P0100, P0101
const frenchTypes = ['380', '381', '384', '389', '386', '393', '261', '396'] as const; // BR-FR-04

const rates = ['19', '7', '20', '10', '5.5', '21', '6', '8.1', '25.00', '2.1', '0.5', '12.345'];
const frenchRates = ['20', '10', '5.5', '2.1', '8.5', '0.9', '1.05', '20.00']; // BR-FR-16
const reasons = ['Exempt under article 132', 'Steuerfrei nach § 4 UStG', 'Autoliquidation <b>', 'منقول'];

/** Categories that say why no VAT is due, with a code of the VATEX list that means the same. */
const vatexCodes = {
  E: ['VATEX-EU-132', 'VATEX-EU-143-1A', 'VATEX-EU-79-C', 'VATEX-EU-F', 'VATEX-EU-151-1AA'],
  AE: ['VATEX-EU-AE'],
  K: ['VATEX-EU-IC'],
  G: ['VATEX-EU-G'],
  O: ['VATEX-EU-O'],
} as const;

const untaxed = (draw: Draw, taxCategory: keyof typeof vatexCodes): Tax => {
  const said = draw.pick(['reason', 'code', 'both', taxCategory === 'E' ? 'both' : 'neither'] as const);
  return {
    taxCategory,
    ...(taxCategory !== 'O' && draw.chance(30) && { taxRate: '0' }),
    ...(['reason', 'both'].includes(said) && { taxExemptionReason: draw.pick(reasons) }),
    ...(['code', 'both'].includes(said) && { taxExemptionCode: draw.pick(vatexCodes[taxCategory]) }),
  };
};

const drawTaxes = (draw: Draw, french: boolean, asCii: boolean): Tax[] => {
  const standard = (): Tax => ({
    taxRate: draw.pick(french ? frenchRates : rates),
    ...(draw.chance(50) && { taxCategory: 'S' }),
  });
  if (draw.chance(8)) return [untaxed(draw, 'O')]; // alone, or not at all: BR-O-11 to BR-O-14
  const taxes = [
    ...Array.from({ length: draw.between(0, 3) }, standard),
    ...(draw.chance(15) ? [{ taxCategory: 'Z' as const, ...(draw.chance(50) && { taxRate: '0.00' }) }] : []),
    ...(['E', 'AE', 'K', 'G'] as const).filter(() => draw.chance(10)).map((category) => untaxed(draw, category)),
    ...(french ? [] : (['L', 'M'] as const)) // BR-FR-15
      .filter(() => draw.chance(6))
      .map((taxCategory): Tax => ({ taxCategory, taxRate: draw.pick(asCii ? ['7', '3', '9.5'] : ['7', '0']) })),
  ];
  return taxes.length > 0 ? taxes : [standard()];
};

const countries = 'DE FR BE AT ES PL IT NL DK SE GR IE XI CH NO US JP'.split(' ');
/** Sellers without rules of their own in Peppol, but for the German ones. */
const peppolSellers = ['BE', 'DE', 'FR', 'AT', 'LU', 'PL', 'ES', 'IE', 'PT', 'FI', 'CZ'];

const drawCurrency = (draw: Draw): string =>
  draw.chance(60) ? 'EUR' : draw.pick(['PLN', 'USD', 'CHF', 'SEK', 'JPY', 'ISK', 'KRW', 'KWD', 'TND', 'BHD']);

export const drawScene = (draw: Draw, profiles: readonly Profile[]): Scene => {
  const held = (profile: Profile) => profiles.includes(profile);
  const sellerCountry = held('fr-ctc')
    ? 'FR'
    : held('xrechnung') && draw.chance(80)
      ? 'DE'
      : draw.pick(held('peppol') ? peppolSellers : countries);
  const buyerCountry = draw.chance(50) ? sellerCountry : draw.pick(countries);
  const amongGermans = sellerCountry === 'DE' && buyerCountry === 'DE';
  const currency = drawCurrency(draw);
  const places = amountDecimals(currency);
  const asCii = held('facturx') || held('fr-ctc') || draw.chance(85);
  const taxes = drawTaxes(draw, held('fr-ctc'), asCii);
  const germanRules = held('xrechnung') || (held('peppol') && amongGermans);
  return {
    draw,
    profiles,
    held,
    typeCode: draw.chance(50) ? '380' : draw.pick(typesFor(held, germanRules)),
    currency,
    places,
    taxes,
    taxed: (category) => taxes.some((tax) => (tax.taxCategory ?? 'S') === category),
    sellerCountry,
    buyerCountry,
    germanRules,
    asCii,
    wholeNumbers: (held('peppol') || held('xrechnung')) && places === 0,
    issueDay: draw.between(60, 365),
  };
};

const typesFor = (held: Scene['held'], germanRules: boolean): readonly TypeCode[] => {
  const allowed = [
    germanRules ? germanTypes : anyType,
    held('peppol') ? peppolTypes : anyType,
    held('fr-ctc') ? frenchTypes : anyType,
  ] as const;
  return anyType.filter((code) => allowed.every((types: readonly TypeCode[]) => types.includes(code)));
};
