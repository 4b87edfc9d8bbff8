import { decimal } from '../money.ts';
import type { DraftAdjustment, DraftLine, InvoiceDraft, TaxCategory } from '../model.ts';
import type { Report, Rules } from './rule.ts';

/** How a category's rules are called: BR-IC-05 is the fifth of category K. */
const ruleName: Record<TaxCategory, string> = {
  S: 'S',
  Z: 'Z',
  E: 'E',
  AE: 'AE',
  K: 'IC',
  G: 'G',
  O: 'O',
  L: 'AF',
  M: 'AG',
};

/** Lines, allowances and charges are taxed alike; their rules differ in number only. */
interface Taxed {
  pointer: string;
  item: DraftLine | DraftAdjustment;
  category: TaxCategory;
  /** "02", "03", "04": what the category demands of the parties. */
  partyRule: string;
  /** "05", "06", "07": which rates the category has. */
  rateRule: string;
  /** BT-151, BT-95, BT-102 and BT-152, BT-96, BT-103. */
  categoryTerm: string;
  rateTerm: string;
}

const taxedItems = ({ lines, allowances = [], charges = [] }: InvoiceDraft): Taxed[] => {
  const all = (
    items: (DraftLine | DraftAdjustment)[],
    place: string,
    [partyRule, rateRule, categoryTerm, rateTerm]: Names,
  ) =>
    items.map((item, i) => ({
      pointer: `/${place}/${i}`,
      item,
      category: item.taxCategory ?? 'S',
      partyRule,
      rateRule,
      categoryTerm,
      rateTerm,
    }));
  return [
    ...all(lines, 'lines', ['02', '05', 'BT-151', 'BT-152']),
    ...all(allowances, 'allowances', ['03', '06', 'BT-95', 'BT-96']),
    ...all(charges, 'charges', ['04', '07', 'BT-102', 'BT-103']),
  ];
};
type Names = [partyRule: string, rateRule: string, categoryTerm: string, rateTerm: string];

/** Rates, exemptions and parties of each VAT category (BR-S, BR-Z, BR-E, BR-AE, BR-IC, BR-G, BR-O, BR-AF, BR-AG). */
export const taxCategoryRules: Rules = ({ draft }, report) => {
  const first = new Map<TaxCategory, Taxed>();
  const codes = new Map<TaxCategory, string>();
  let exempted = false;
  for (const taxed of taxedItems(draft)) {
    const { item, category, pointer } = taxed;
    if (!first.has(category)) first.set(category, taxed);
    rateRules(taxed, report);
    exemptionRules(taxed, report);
    exempted ||= category === 'E' && !!(item.taxExemptionReason ?? item.taxExemptionCode);
    if (item.taxExemptionCode === undefined) continue;
    const code = codes.get(category) ?? item.taxExemptionCode;
    codes.set(category, code);
    if (code !== item.taxExemptionCode) {
      const detail = `category ${category} states one exemption on an invoice, and another line says ${code}; make two invoices`;
      report(`BR-${ruleName[category]}-01`, 'BT-121', `${pointer}/taxExemptionCode`, detail);
    }
  }
  const exempt = first.get('E');
  if (exempt && !exempted) {
    const detail = 'category E needs a taxExemptionReason or a taxExemptionCode, such as VATEX-EU-132';
    report('BR-E-10', 'BT-120', `${exempt.pointer}/taxExemptionReason`, detail);
  }
  for (const taxed of first.values()) partyRules(draft, taxed, report);
  if (first.has('K')) deliveryRules(draft, report);
  const outside = first.get('O');
  if (outside && first.size > 1) {
    const detail = 'category O cannot be combined with others on one invoice';
    report('BR-O-11', outside.categoryTerm, '/lines', detail);
  }
};

const rateRules = ({ pointer, item, category, rateRule, rateTerm }: Taxed, report: Report): void => {
  if (category === 'L' || category === 'M') return;
  const positive = item.taxRate !== undefined && decimal(item.taxRate).gt(0);
  if (positive === (category === 'S')) return;
  const detail =
    category === 'S'
      ? 'category S (standard rated, the default) needs a taxRate above 0; choose Z, E, AE, K, G or O for a rate of 0'
      : `category ${category} has a rate of 0; leave taxRate out or choose category S`;
  report(`BR-${ruleName[category]}-${rateRule}`, rateTerm, `${pointer}/taxRate`, detail);
};

const taxable: ReadonlySet<TaxCategory> = new Set(['S', 'Z', 'L', 'M']);

const exemptionRules = ({ pointer, item, category }: Taxed, report: Report): void => {
  if (!taxable.has(category)) return;
  const detail = `category ${category} is taxed, at 0 per cent or more, and has no reason for an exemption; leave it out or choose E`;
  const rule = `BR-${ruleName[category]}-10`;
  if (item.taxExemptionReason !== undefined) report(rule, 'BT-120', `${pointer}/taxExemptionReason`, detail);
  if (item.taxExemptionCode !== undefined) report(rule, 'BT-121', `${pointer}/taxExemptionCode`, detail);
};

const partyRules = (
  { seller, buyer, taxRepresentative }: InvoiceDraft,
  { category, partyRule }: Taxed,
  report: Report,
): void => {
  const rule = `BR-${ruleName[category]}-${partyRule}`;
  if (category === 'O') {
    const detail = 'category O (outside the scope of VAT) goes without VAT identifiers; leave it out or choose E or Z';
    if (seller.vatId) report(rule, 'BT-31', '/seller/vatId', detail);
    if (buyer.vatId) report(rule, 'BT-48', '/buyer/vatId', detail);
    if (taxRepresentative) report(rule, 'BT-63', '/taxRepresentative', detail);
    return;
  }
  const vatOnly = category === 'K' || category === 'G';
  if (!seller.vatId && !taxRepresentative && (vatOnly || !seller.taxNumber)) {
    const detail = vatOnly
      ? `category ${category} needs the seller's VAT identifier, or a taxRepresentative`
      : `category ${category} needs the seller's vatId or taxNumber, or a taxRepresentative`;
    report(rule, 'BT-31', '/seller/vatId', detail);
  }
  if (category === 'AE' && !buyer.vatId && !buyer.registrationId)
    report(rule, 'BT-48', '/buyer/vatId', "category AE needs the buyer's vatId or registrationId");
  if (category === 'K' && !buyer.vatId)
    report(rule, 'BT-48', '/buyer/vatId', "category K needs the buyer's VAT identifier");
};

const deliveryRules = ({ delivery, period }: InvoiceDraft, report: Report): void => {
  if (!delivery?.date && !period?.start && !period?.end) {
    const detail = 'an intra-community supply (K) states a delivery date or a period';
    report('BR-IC-11', 'BT-72', '/delivery/date', detail);
  }
  if (!delivery?.address) {
    const detail = 'an intra-community supply (K) states the country of delivery';
    report('BR-IC-12', 'BT-80', '/delivery/address', detail);
  }
};
