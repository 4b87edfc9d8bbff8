import { series, type Sample } from './sample.ts';

const workshop = {
  name: 'Atelier des Trois Tilleuls SARL',
  registrationId: '000000018',
  registrationScheme: '0002',
  vatId: 'FR40123456789',
  address: { line1: '18, rue des Tisserands', postCode: '69001', city: 'Lyon', country: 'FR' },
  legalInformation: 'SARL au capital de 15 000 €, RCS Lyon',
  electronicAddress: { scheme: '0225', id: '000000018' },
  contact: { name: 'Maëlle Fontvieille', phone: '+33 1 99 00 12 34', email: 'compta@trois-tilleuls.example.com' },
};
const iban = 'FR14 2004 1010 0505 0001 3M02 606';

export const french: Sample[] = [
  {
    name: 'fr-bookbinder-deposit',
    invoice: {
      series,
      formats: ['facturx', 'cii'],
      profiles: ['facturx', 'fr-ctc'],
      businessProcess: 'M4',
      issueDate: '2026-10-06',
      dueDate: '2026-11-05',
      currency: 'EUR',
      language: 'fr',
      orderReference: 'BC 2026-114',
      seller: workshop,
      buyer: {
        name: 'Bibliothèque municipale d’Épinay-les-Chênes',
        registrationId: '000000026',
        registrationScheme: '0002',
        electronicAddress: { scheme: '0225', id: '000000026' },
        address: { line1: 'Place de l’Hôtel-de-Ville', postCode: '38000', city: 'Grenoble', country: 'FR' },
      },
      delivery: { date: '2026-10-02' },
      lines: [
        { name: 'Reliure plein cuir, dorure au fer', quantity: '6', unitPrice: '385.00', taxRate: '20' },
        {
          name: 'Restauration de gravures, lavage et doublage',
          quantity: '11.5',
          unit: 'HUR',
          unitPrice: '72.00',
          taxRate: '20',
        },
        { name: 'Catalogue « Œuvres sur papier »', quantity: '40', unitPrice: '12.80', taxRate: '5.5' },
      ],
      prepaidAmount: '1200.00',
      payment: {
        iban,
        bic: 'PSSTFRPPLYO',
        terms: 'Acompte de 1 200 € déduit. Solde à 30 jours.',
      },
      notes: [
        { subjectCode: 'PMT', text: 'Indemnité forfaitaire pour frais de recouvrement en cas de retard : 40 €.' },
        { subjectCode: 'PMD', text: 'Pénalités de retard : trois fois le taux d’intérêt légal.' },
        { subjectCode: 'AAB', text: 'Pas d’escompte pour paiement anticipé.' },
      ],
    },
  },
  {
    name: 'fr-reverse-charge-service',
    invoice: {
      series,
      formats: ['pdf', 'ubl'],
      profiles: ['peppol'],
      issueDate: '2026-10-28',
      dueDate: '2026-11-27',
      currency: 'EUR',
      language: 'fr',
      orderReference: 'ZW-2026-19',
      seller: workshop,
      buyer: {
        name: 'Drukkerij De Zwaluw BV',
        vatId: 'BE0123456749',
        electronicAddress: { scheme: '0208', id: '0123456749' },
        address: { line1: 'Korenlei 4', postCode: '9000', city: 'Gent', country: 'BE' },
      },
      lines: [
        {
          name: 'Formation à la reliure japonaise',
          description: 'Trois journées, dans vos locaux',
          quantity: '3',
          unit: 'DAY',
          unitPrice: '840.00',
          taxCategory: 'AE',
          taxExemptionReason: 'Autoliquidation, art. 283-2 du CGI',
        },
      ],
      payment: { iban, bic: 'PSSTFRPPLYO', terms: 'Paiement à 30 jours.' },
    },
  },
  {
    name: 'fr-ca-letter',
    invoice: {
      series,
      issueDate: '2026-11-04',
      dueDate: '2026-12-04',
      currency: 'CAD',
      language: 'fr-CA',
      paperSize: 'Letter',
      seller: {
        name: 'Érablière du Vieux-Pont inc.',
        taxNumber: '000000018 RT0001',
        registrationId: '1100000018',
        address: {
          line1: '92, rang Saint-Elme',
          city: 'Plessisville',
          postCode: 'G6L 0A0',
          subdivision: 'QC',
          country: 'CA',
        },
        contact: { email: 'ventes@vieux-pont.example.com' },
      },
      buyer: {
        name: 'Épicerie fine Le Petit Carrousel',
        address: {
          line1: '1560, avenue des Pins',
          city: 'Montréal',
          postCode: 'H2W 0A0',
          subdivision: 'QC',
          country: 'CA',
        },
      },
      lines: [
        { name: 'Sirop d’érable ambré, bidon de 4 l', quantity: '24', unitPrice: '62.00', taxCategory: 'Z' },
        { name: 'Coffret-cadeau « Printemps »', quantity: '36', unitPrice: '21.95', taxRate: '14.975' },
      ],
      payment: { terms: 'Net 30 jours.' },
    },
  },
];
