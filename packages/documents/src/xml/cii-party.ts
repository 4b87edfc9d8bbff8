/** The parties of a CII invoice. */
import type { Address, Contact, IssuedInvoice, Party } from '@invoicepress/invoice';
import { globalOrLocalId, ram, text } from './cii-elements.ts';
import { each, type Xml } from './writer.ts';

/** BG-4, BG-7. */
export const party = (name: string, value: Party): Xml =>
  ram(
    name,
    // BT-29, BT-46: all those without a scheme come first.
    each(value.identifiers, (item) => (item.scheme ? '' : globalOrLocalId(item))),
    each(value.identifiers, (item) => (item.scheme ? globalOrLocalId(item) : '')),
    text('Name', value.name), // BT-27, BT-44
    text('Description', value.legalInformation), // BT-33
    ram(
      'SpecifiedLegalOrganization',
      text('ID', value.registrationId, { schemeID: value.registrationScheme }), // BT-30, BT-47
      text('TradingBusinessName', value.tradingName), // BT-28, BT-45
    ),
    contact(value.contact),
    address(value.address), // BG-5, BG-8
    ram(
      'URIUniversalCommunication',
      text('URIID', value.electronicAddress?.id, { schemeID: value.electronicAddress?.scheme }), // BT-34, BT-49
    ),
    taxRegistration(value.vatId, 'VA'), // BT-31, BT-48
    taxRegistration(value.taxNumber, 'FC'), // BT-32
  );

/** BG-11. */
export const taxRepresentative = ({ taxRepresentative: value }: IssuedInvoice): Xml =>
  ram(
    'SellerTaxRepresentativeTradeParty',
    text('Name', value?.name), // BT-62
    address(value?.address), // BG-12
    taxRegistration(value?.vatId, 'VA'), // BT-63
  );

/** BT-70, BT-71, BG-15. */
export const shipTo = ({ delivery }: IssuedInvoice): Xml =>
  ram(
    'ShipToTradeParty',
    globalOrLocalId(delivery?.location), // BT-71
    text('Name', delivery?.name), // BT-70
    address(delivery?.address), // BG-15
  );

/** BG-10. */
export const payee = ({ payee: value }: IssuedInvoice): Xml =>
  ram(
    'PayeeTradeParty',
    globalOrLocalId(value?.identifier), // BT-60
    text('Name', value?.name), // BT-59
    ram('SpecifiedLegalOrganization', text('ID', value?.registrationId, { schemeID: value?.registrationScheme })), // BT-61
  );

/** BG-6, BG-9. */
const contact = (value: Contact | undefined): Xml =>
  ram(
    'DefinedTradeContact',
    text('PersonName', value?.name), // BT-41, BT-56
    ram('TelephoneUniversalCommunication', text('CompleteNumber', value?.phone)), // BT-42, BT-57
    ram('EmailURIUniversalCommunication', text('URIID', value?.email)), // BT-43, BT-58
  );

/** BG-5, BG-8, BG-12, BG-15. */
const address = (value: Address | undefined): Xml =>
  ram(
    'PostalTradeAddress',
    text('PostcodeCode', value?.postCode), // BT-38, BT-53, BT-67, BT-78
    text('LineOne', value?.line1), // BT-35, BT-50, BT-64, BT-75
    text('LineTwo', value?.line2), // BT-36, BT-51, BT-65, BT-76
    text('LineThree', value?.line3), // BT-162, BT-163, BT-164, BT-165
    text('CityName', value?.city), // BT-37, BT-52, BT-66, BT-77
    text('CountryID', value?.country), // BT-40, BT-55, BT-69, BT-80
    text('CountrySubDivisionName', value?.subdivision), // BT-39, BT-54, BT-68, BT-79
  );

/** UNTDID 1153: VA is a VAT number, FC a fiscal number. */
const taxRegistration = (id: string | undefined, scheme: 'VA' | 'FC'): Xml =>
  ram('SpecifiedTaxRegistration', text('ID', id, { schemeID: scheme }));
