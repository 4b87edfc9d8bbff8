/** Which documents an invoice is turned into, and whose rules it keeps. */

/**
 * `facturx` is the PDF with the `cii` document inside (Factur-X, ZUGFeRD); `json` is the frozen invoice itself.
 */
export const formats = ['pdf', 'facturx', 'ubl', 'cii', 'json'] as const;
export type Format = (typeof formats)[number];

/** How a document of each format is labelled and named. */
export const formatInfo: Readonly<Record<Format, { mediaType: string; extension: string }>> = {
  pdf: { mediaType: 'application/pdf', extension: 'pdf' },
  facturx: { mediaType: 'application/pdf', extension: 'facturx.pdf' },
  ubl: { mediaType: 'application/xml', extension: 'ubl.xml' },
  cii: { mediaType: 'application/xml', extension: 'cii.xml' },
  json: { mediaType: 'application/json', extension: 'json' },
};

/**
 * Rule sets: the European norm itself, Germany's XRechnung 3.0, Peppol BIS Billing 3.0 (Belgium and most of Europe),
 * Factur-X 1.0 in its EN 16931 profile, and the French reform's rules for Factur-X (XP Z12-012, "BR-FR").
 * All but the first contain the first.
 */
export const profiles = ['en16931', 'xrechnung', 'peppol', 'facturx', 'fr-ctc'] as const;
export type Profile = (typeof profiles)[number];

/** BT-24, what an XML document says that it keeps to. An invoice that keeps to several names the strictest that has a name. */
export const specificationOf = (held: readonly Profile[]): string => {
  if (held.includes('xrechnung')) return 'urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0';
  if (held.includes('peppol')) return 'urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0';
  return 'urn:cen.eu:en16931:2017';
};

/** BT-23 where an invoice does not say; Peppol and XRechnung demand one. */
export const billingProcess = 'urn:fdc:peppol.eu:2017:poacc:billing:01:1.0';
