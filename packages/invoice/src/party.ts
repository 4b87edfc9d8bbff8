/** Who appears on an invoice. */

/** An identifier and the list that it comes from: an ISO 6523 ICD ("0088" is a GLN) unless a field says otherwise. */
export interface Identifier {
  id: string;
  scheme?: string;
}

/** BT-34, BT-49: where electronic invoices arrive. The scheme is of the EAS code list: "9930" a German VAT id, "EM" e-mail. */
export interface ElectronicAddress {
  id: string;
  scheme: string;
}

/** BG-5, BG-8, BG-12, BG-15. */
export interface Address {
  line1?: string;
  line2?: string;
  line3?: string;
  city?: string;
  postCode?: string;
  subdivision?: string;
  /** ISO 3166-1 alpha-2 (BT-40, BT-55, BT-69, BT-80). */
  country: string;
}

/** BG-6, BG-9. */
export interface Contact {
  name?: string;
  phone?: string;
  email?: string;
}

/** BG-4 seller, BG-7 buyer. */
export interface Party {
  name: string;
  tradingName?: string;
  /** BT-29 (any number), BT-46 (one at most). */
  identifiers?: Identifier[];
  /** BT-30, BT-47: a legal registration, such as a company number. */
  registrationId?: string;
  /** The ICD of the registration: "0002" SIREN, "0208" Belgian enterprise number. */
  registrationScheme?: string;
  /** BT-31, BT-48, with its country prefix: "DE123456789". */
  vatId?: string;
  /** BT-32, sellers only: a local tax number without a country prefix. */
  taxNumber?: string;
  /** BT-33, sellers only: legal form, share capital and the like. */
  legalInformation?: string;
  /** BT-34, BT-49. */
  electronicAddress?: ElectronicAddress;
  address: Address;
  contact?: Contact;
}

/** BG-10: who is paid, when that is not the seller. */
export interface Payee {
  name: string;
  /** BT-60. */
  identifier?: Identifier;
  /** BT-61. */
  registrationId?: string;
  registrationScheme?: string;
}

/** BG-11: who pays the seller's VAT in the buyer's country. */
export interface TaxRepresentative {
  name: string;
  /** BT-63. */
  vatId: string;
  address: Address;
}
