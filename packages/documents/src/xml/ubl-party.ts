/** The parties of a UBL invoice. */
import type { IssuedInvoice, Party } from '@invoicepress/invoice';
import { buyerOf } from './derived.ts';
import { address, cac, cbc, identifier, vatScheme } from './ubl-elements.ts';
import { each, type Xml } from './writer.ts';

/** BG-4 to BG-12, in the order of the document. */
export const parties = (invoice: IssuedInvoice): Xml => {
  const { seller, payee, taxRepresentative } = invoice;
  return (
    cac('AccountingSupplierParty', party(seller, payee ? '' : creditorId(invoice))) +
    cac('AccountingCustomerParty', party(buyerOf(invoice))) +
    cac(
      'PayeeParty',
      cac('PartyIdentification', identifier('ID', payee?.identifier)), // BT-60
      payee ? creditorId(invoice) : '',
      cac('PartyName', cbc('Name', payee?.name)), // BT-59
      cac('PartyLegalEntity', cbc('CompanyID', payee?.registrationId, { schemeID: payee?.registrationScheme })), // BT-61
    ) +
    cac(
      'TaxRepresentativeParty',
      cac('PartyName', cbc('Name', taxRepresentative?.name)), // BT-62
      address('PostalAddress', taxRepresentative?.address), // BG-12
      taxRepresentative ? taxRegistration(taxRepresentative.vatId, vatScheme) : '', // BT-63
    )
  );
};

/** BG-4, BG-7. */
const party = (value: Party, creditor: Xml = ''): Xml =>
  cac(
    'Party',
    identifier('EndpointID', value.electronicAddress), // BT-34, BT-49
    each(value.identifiers, (item) => cac('PartyIdentification', identifier('ID', item))), // BT-29, BT-46
    creditor,
    cac('PartyName', cbc('Name', value.tradingName)), // BT-28, BT-45
    address('PostalAddress', value.address), // BG-5, BG-8
    taxRegistration(value.vatId, vatScheme), // BT-31, BT-48
    taxRegistration(value.taxNumber, localTaxScheme), // BT-32
    cac(
      'PartyLegalEntity',
      cbc('RegistrationName', value.name), // BT-27, BT-44
      cbc('CompanyID', value.registrationId, { schemeID: value.registrationScheme }), // BT-30, BT-47
      cbc('CompanyLegalForm', value.legalInformation), // BT-33
    ),
    cac(
      'Contact',
      cbc('Name', value.contact?.name), // BT-41, BT-56
      cbc('Telephone', value.contact?.phone), // BT-42, BT-57
      cbc('ElectronicMail', value.contact?.email), // BT-43, BT-58
    ),
  );

/** BT-90 stands among the identifiers of whoever is paid. */
const creditorId = ({ payment }: IssuedInvoice): Xml =>
  cac('PartyIdentification', cbc('ID', payment?.directDebit?.creditorId, { schemeID: 'SEPA' }));

const taxRegistration = (id: string | undefined, scheme: Xml): Xml =>
  id ? cac('PartyTaxScheme', cbc('CompanyID', id), scheme) : '';

/** Any word but "VAT" makes it BT-32; this one is what Peppol's Norwegian rules look for (NO-R-002). */
const localTaxScheme = cac('TaxScheme', cbc('ID', 'TAX'));
