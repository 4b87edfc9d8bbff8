import type { DraftAdjustment, DraftLine } from '../model.ts';
import { decimal } from '../money.ts';
import type { Rules } from './rule.ts';

/**
 * Where CII is stricter than the norm and than UBL: its official rules (1.3.16) know no South Sudan and want IGIC above 0
 * per cent, and the schema that XRechnung uses (D16B) has room for one preceding invoice. What becomes a CII document, alone or in a PDF, has to live with that.
 */
export const ciiRules: Rules = ({ draft }, report) => {
  const { seller, buyer, taxRepresentative, delivery, lines, allowances = [], charges = [] } = draft;
  const { profiles = [], precedingInvoices = [] } = draft;
  if (profiles.includes('xrechnung') && precedingInvoices.length > 1)
    report(undefined, 'BG-3', '/precedingInvoices/1', 'an XRechnung in CII names one preceding invoice; send UBL');
  const places: [code: string | undefined, rule: string, term: string, pointer: string][] = [
    [seller.address.country, 'BR-CL-14', 'BT-40', '/seller/address/country'],
    [buyer.address.country, 'BR-CL-14', 'BT-55', '/buyer/address/country'],
    [taxRepresentative?.address.country, 'BR-CL-14', 'BT-69', '/taxRepresentative/address/country'],
    [delivery?.address?.country, 'BR-CL-14', 'BT-80', '/delivery/address/country'],
    [seller.vatId, 'BR-CO-09', 'BT-31', '/seller/vatId'],
    [buyer.vatId, 'BR-CO-09', 'BT-48', '/buyer/vatId'],
    [taxRepresentative?.vatId, 'BR-CO-09', 'BT-63', '/taxRepresentative/vatId'],
  ];
  lines.forEach(({ originCountry }, i) =>
    places.push([originCountry, 'BR-CL-15', 'BT-159', `/lines/${i}/originCountry`]),
  );
  for (const [code, rule, term, pointer] of places) {
    if (code?.startsWith('SS')) report(rule, term, pointer, 'the rules for CII know no SS (South Sudan) yet; send UBL');
  }
  const taxed: [items: (DraftLine | DraftAdjustment)[], place: string, rule: string, term: string][] = [
    [lines, 'lines', 'BR-AF-05', 'BT-152'],
    [allowances, 'allowances', 'BR-AF-06', 'BT-96'],
    [charges, 'charges', 'BR-AF-07', 'BT-103'],
  ];
  for (const [items, place, rule, term] of taxed) {
    items.forEach(({ taxCategory, taxRate = '0' }, i) => {
      if (taxCategory === 'L' && decimal(taxRate).eq(0))
        report(rule, term, `/${place}/${i}/taxRate`, 'the rules for CII want a rate above 0 in category L; send UBL');
    });
  }
};
