import type { InvoiceDraft, Note, Party } from '@invoicepress/invoice';
import { aDraft, aLine } from '../a-draft.ts';

const contact = { name: 'Jette Brand', phone: '+49 40 555 0199', email: 'jette@nordlicht.example' };
const { seller, buyer } = aDraft();
/** Parties without a field each, to take something away from them. */
export const without = <T extends object, K extends keyof T>(from: T, ...keys: K[]): Omit<T, K> =>
  Object.fromEntries(Object.entries(from).filter(([key]) => !keys.includes(key as K))) as Omit<T, K>;

/** Between two German parties, as XRechnung and Peppol want it. */
export const aGermanDraft = (overrides: Partial<InvoiceDraft> = {}): InvoiceDraft =>
  aDraft({
    profiles: ['xrechnung'],
    buyerReference: '04011000-1234512345-06',
    seller: { ...seller, contact, electronicAddress: { id: 'DE123456789', scheme: '9930' } },
    buyer: { ...buyer, electronicAddress: { id: 'DE987654321', scheme: '9930' } },
    payment: { iban: 'DE89370400440532013000' },
    ...overrides,
  });

/** Between two Belgian parties, as Peppol wants it. */
export const aPeppolDraft = (overrides: Partial<InvoiceDraft> = {}): InvoiceDraft =>
  aDraft({
    profiles: ['peppol'],
    buyerReference: 'PO-7',
    seller: aParty('BE', { vatId: 'BE0403170701', electronicAddress: { id: '0403170701', scheme: '0208' } }),
    buyer: aParty('BE', { vatId: 'BE0202239951', electronicAddress: { id: '0202239951', scheme: '0208' } }),
    payment: { iban: 'BE68539007547034' },
    lines: [aLine({ taxRate: '21' })],
    ...overrides,
  });

/** A party with a whole address. */
export const aParty = (country: string, overrides: Partial<Party> = {}): Party => ({
  name: `Firm of ${country}`,
  address: { line1: 'Main Street 1', postCode: '1000', city: 'Town', country },
  electronicAddress: { id: '4000000000006', scheme: '0088' },
  ...overrides,
});

/** Between two French companies, as the reform wants it. */
export const aFrenchDraft = (overrides: Partial<InvoiceDraft> = {}): InvoiceDraft =>
  aDraft({
    profiles: ['fr-ctc'],
    businessProcess: 'S1',
    seller: aParty('FR', {
      name: 'Reliure Dubois',
      vatId: 'FR83404833048',
      registrationId: '404833048',
      registrationScheme: '0002',
      electronicAddress: { id: '404833048', scheme: '0225' },
    }),
    buyer: aParty('FR', {
      name: 'Librairie Martin',
      vatId: 'FR40303265045',
      registrationId: '303265045',
      registrationScheme: '0002',
      electronicAddress: { id: '303265045', scheme: '0225' },
    }),
    notes: frenchNotes,
    lines: [aLine({ taxRate: '20' })],
    ...overrides,
  });

export const frenchNotes: [Note, Note, Note, Note] = [
  { subjectCode: 'PMT', text: 'Indemnité forfaitaire pour frais de recouvrement : 40 €' },
  { subjectCode: 'PMD', text: 'Pénalités de retard : trois fois le taux légal' },
  { subjectCode: 'AAB', text: 'Pas d’escompte' },
  { subjectCode: 'BAR', text: 'B2B' },
];
