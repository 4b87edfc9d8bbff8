import type { CreateSellerProfile } from '@invoicepress/client';

/** A seller whose invoices bear its own look: the logo to upload, and the profile that names it. */
export interface BrandedSeller {
  /** An SVG, and how large it is in its own units. */
  logo: { svg: string; width: number; height: number };
  profile: CreateSellerProfile;
}

/** Hills with a row of vines, under the sun. */
const sonnhaldeLogo = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96">
  <defs><clipPath id="disc"><circle cx="48" cy="48" r="46"/></clipPath></defs>
  <g clip-path="url(#disc)">
    <path fill="#7a1f3d" d="M0 0h96v96H0z"/>
    <circle cx="48" cy="40" r="15" fill="#f2c14e"/>
    <path fill="#5a132b" d="M0 62c18-14 36-16 52-8 16 7 30 6 44-3v45H0z"/>
    <path fill="none" stroke="#e9d5c3" stroke-width="2.4" stroke-linecap="round"
      d="M8 96c6-16 16-27 30-35M28 96c3-14 9-25 19-33M48 96c1-12 4-23 10-31M68 96c0-11 1-20 4-28M88 96c-1-10-2-18-3-26"/>
  </g>
</svg>`;

/** A wordmark, drawn as paths: a logo has no fonts to rely on. */
const voltaLogo = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 250 48">
  <g fill="none" stroke="#1d3bcf" stroke-width="9" stroke-linejoin="bevel">
    <path d="M3 4l20 38L43 4"/>
    <circle cx="76" cy="24" r="19.5"/>
    <path d="M113 2v41.500h31"/>
    <path d="M148 6.500h42M169 6v40"/>
  </g>
  <path fill="#ffb000" d="M222 2l-27 44h11l16-27 9 15h-14l-6 9h36z"/>
</svg>`;

const sonnhalde: BrandedSeller = {
  logo: { svg: sonnhaldeLogo, width: 96, height: 96 },
  profile: {
    name: 'sonnhalde',
    seller: {
      name: 'Weingut Sonnhalde GbR',
      tradingName: 'Weingut Sonnhalde',
      vatId: 'DE318274655',
      taxNumber: '10/217/40871',
      address: { line1: 'Am Kirchberg 7', postCode: '79235', city: 'Vogtsburg', country: 'DE' },
      contact: { name: 'Franziska Bühler', phone: '+49 7662 555 018', email: 'keller@sonnhalde.example' },
    },
    payment: {
      iban: 'DE02120300000000202051',
      bic: 'BYLADEM1001',
      accountName: 'Weingut Sonnhalde GbR',
      terms: 'Zahlbar innerhalb von 14 Tagen ohne Abzug.',
    },
    branding: {
      colours: { accent: '#7a1f3d', text: '#2b1a1f' },
      font: 'Source Serif 4',
      texts: {
        introduction: {
          de: 'Vielen Dank für Ihre Bestellung. Ihre Weine haben unseren Keller am 16. November verlassen; lassen Sie ihnen nach der Reise ein paar Tage Ruhe.',
          en: 'Thank you for your order. Your wines left our cellar on 16 November; give them a few days of rest after their journey.',
        },
        closing: {
          de: 'Leere Kartons nehmen wir gerne zurück. Zum Wohl wünschen Franziska und Jakob Bühler.',
          en: 'We are glad to take empty boxes back. Cheers from Franziska and Jakob Bühler.',
        },
      },
      footer: [
        ['Weingut Sonnhalde GbR', 'Am Kirchberg 7', '79235 Vogtsburg'],
        ['Telefon +49 7662 555 018', 'keller@sonnhalde.example', 'sonnhalde.example'],
        ['USt-IdNr. DE318274655', 'Steuernr. 10/217/40871', 'DE-ÖKO-003'],
        ['Kellerverkauf', 'Freitag 15 bis 19 Uhr', 'Samstag 10 bis 14 Uhr'],
      ],
    },
  },
};

const volta: BrandedSeller = {
  logo: { svg: voltaLogo, width: 250, height: 48 },
  profile: {
    name: 'volta',
    seller: {
      name: 'Volta Cargo Bikes Ltd',
      registrationId: '09182736',
      vatId: 'GB274619583',
      address: { line1: 'Unit 6, Tannery Yard', postCode: 'BS2 0QX', city: 'Bristol', country: 'GB' },
      contact: { phone: '+44 117 496 0112', email: 'accounts@volta-cargo.example' },
    },
    payment: { iban: 'GB29NWBK60161331926819', bic: 'NWBKGB2L', terms: 'Payable within 30 days of the issue date.' },
    branding: {
      colours: { accent: '#1d3bcf', text: '#131a33' },
      font: 'Work Sans',
      texts: { closing: 'Thank you for riding with us. Your first service is free within 500 miles or 90 days.' },
      footer: [
        ['Volta Cargo Bikes Ltd', 'Unit 6, Tannery Yard, Bristol BS2 0QX', 'Registered in England no. 09182736'],
        ['accounts@volta-cargo.example', '+44 117 496 0112', 'VAT GB274619583'],
      ],
    },
  },
};

export const brandedSellers: BrandedSeller[] = [sonnhalde, volta];
