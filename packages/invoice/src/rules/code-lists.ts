import { allowanceReasons, attachmentTypes, chargeReasons, paymentMeans } from '../codes/commerce.ts';
import { addressSchemes, identifierSchemes } from '../codes/identifiers.ts';
import { countries, currencies } from '../codes/places.ts';
import { itemClassifications, noteSubjects, referenceQualifiers } from '../codes/references.ts';
import { exemptionCodes, taxPointDateCodes } from '../codes/tax.ts';
import { units } from '../codes/units.ts';
import type { DraftAdjustment, DraftLine, Note } from '../model.ts';
import type { Address, Identifier, Party } from '../party.ts';
import type { Report, Rules } from './rule.ts';

/** Every code is one of its list (BR-CL). What a code list lacks cannot be said, however sensible. */
export const codeListRules: Rules = ({ draft }, report) => {
  const { payment, taxCurrency, delivery, payee, taxRepresentative } = draft;
  const check = checkAgainst(report);
  check(currencies, draft.currency, 'BR-CL-04', 'BT-5', '/currency', 'ISO 4217 currency, such as EUR');
  check(currencies, taxCurrency?.currency, 'BR-CL-05', 'BT-6', '/taxCurrency/currency', 'ISO 4217 currency');
  const dateCodes = 'code of when VAT falls due: 3 issue, 35 delivery, 432 payment';
  check(taxPointDateCodes, draft.taxPointDateCode, 'BR-CL-06', 'BT-8', '/taxPointDateCode', dateCodes);
  const qualifier = 'UNTDID 1153 reference qualifier, such as AAB';
  check(referenceQualifiers, draft.invoicedObject?.scheme, 'BR-CL-07', 'BT-18', '/invoicedObject/scheme', qualifier);
  draft.notes?.forEach((note, i) => noteRule(note, `/notes/${i}`, report));
  partyCodes(draft.seller, '/seller', ['BT-29', 'BT-30', 'BT-34', 'BT-40'], check);
  partyCodes(draft.buyer, '/buyer', ['BT-46', 'BT-47', 'BT-49', 'BT-55'], check);
  if (payee) {
    check(identifierSchemes, payee.identifier?.scheme, 'BR-CL-10', 'BT-60', '/payee/identifier/scheme', icd);
    check(identifierSchemes, payee.registrationScheme, 'BR-CL-11', 'BT-61', '/payee/registrationScheme', icd);
  }
  addressCode(taxRepresentative?.address, '/taxRepresentative/address', 'BT-69', check);
  addressCode(delivery?.address, '/delivery/address', 'BT-80', check);
  check(identifierSchemes, delivery?.location?.scheme, 'BR-CL-26', 'BT-71', '/delivery/location/scheme', icd);
  const means = 'UNTDID 4461 payment means, such as 58 for a SEPA transfer';
  check(paymentMeans, payment?.meansCode, 'BR-CL-16', 'BT-81', '/payment/meansCode', means);
  draft.attachments?.forEach(({ file }, i) => {
    const type = 'media type that may be attached: PDF, PNG, JPEG, CSV, XLSX or ODS';
    check(attachmentTypes, file?.mediaType, 'BR-CL-24', 'BT-125', `/attachments/${i}/file/mediaType`, type);
  });
  draft.lines.forEach((line, i) => lineCodes(line, `/lines/${i}`, check));
  adjustmentCodes(draft, '', ['BT-98', 'BT-105'], check);
};

const icd = 'ISO 6523 ICD, such as 0088 for a GLN';

type Check = (
  list: ReadonlySet<string>,
  code: string | undefined,
  rule: string,
  term: string,
  pointer: string,
  what: string,
) => void;

const checkAgainst =
  (report: Report): Check =>
  (list, code, rule, term, pointer, what) => {
    if (code !== undefined && !list.has(code)) report(rule, term, pointer, `"${code}" is no ${what}`);
  };

const lineCodes = (line: DraftLine, pointer: string, check: Check): void => {
  const unit = 'unit of UN/ECE Recommendation 20 or 21, such as C62, HUR or KGM';
  if (line.unit !== undefined) check(units, line.unit, 'BR-CL-23', 'BT-130', `${pointer}/unit`, unit);
  exemptionCode(line, pointer, check);
  if (line.invoicedObject) {
    const at = `${pointer}/invoicedObject/scheme`;
    check(referenceQualifiers, line.invoicedObject.scheme, 'BR-CL-07', 'BT-128', at, 'UNTDID 1153 reference qualifier');
  }
  if (line.standardItemId) {
    const at = `${pointer}/standardItemId/scheme`;
    check(identifierSchemes, line.standardItemId.scheme, 'BR-CL-21', 'BT-157', at, 'ISO 6523 ICD, such as 0160');
  }
  line.classifications?.forEach(({ scheme }, i) => {
    const at = `${pointer}/classifications/${i}/scheme`;
    check(itemClassifications, scheme, 'BR-CL-13', 'BT-158', at, 'UNTDID 7143 classification, such as STI for CPV');
  });
  if (line.originCountry !== undefined)
    check(countries, line.originCountry, 'BR-CL-15', 'BT-159', `${pointer}/originCountry`, country);
  adjustmentCodes(line, pointer, ['BT-140', 'BT-145'], check);
};

const adjustmentCodes = (
  { allowances, charges }: { allowances?: DraftAdjustment[]; charges?: DraftAdjustment[] },
  pointer: string,
  [allowanceTerm, chargeTerm]: [allowanceTerm: string, chargeTerm: string],
  check: Check,
): void => {
  allowances?.forEach((each, i) => {
    const at = `${pointer}/allowances/${i}`;
    const what = 'UNTDID 5189 allowance reason, such as 95 for a discount';
    check(allowanceReasons, each.reasonCode, 'BR-CL-19', allowanceTerm, `${at}/reasonCode`, what);
    exemptionCode(each, at, check);
  });
  charges?.forEach((each, i) => {
    const at = `${pointer}/charges/${i}`;
    const what = 'UNTDID 7161 charge reason, such as FC for freight';
    check(chargeReasons, each.reasonCode, 'BR-CL-20', chargeTerm, `${at}/reasonCode`, what);
    exemptionCode(each, at, check);
  });
};

const exemptionCode = ({ taxExemptionCode: code }: DraftAdjustment, pointer: string, check: Check): void => {
  if (code === undefined) return;
  check(exemptionCodes, code, 'BR-CL-22', 'BT-121', `${pointer}/taxExemptionCode`, 'VATEX code, such as VATEX-EU-132');
};

const country = 'ISO 3166-1 alpha-2 country, such as DE';
const addressCode = (address: Address | undefined, pointer: string, term: string, check: Check): void =>
  check(countries, address?.country, 'BR-CL-14', term, `${pointer}/country`, country);

const partyCodes = (
  { identifiers, registrationScheme, electronicAddress, address }: Party,
  pointer: string,
  [identifier, registration, electronic, place]: [
    identifier: string,
    registration: string,
    electronic: string,
    place: string,
  ],
  check: Check,
): void => {
  identifiers?.forEach(({ scheme }: Identifier, i) =>
    check(identifierSchemes, scheme, 'BR-CL-10', identifier, `${pointer}/identifiers/${i}/scheme`, icd),
  );
  check(identifierSchemes, registrationScheme, 'BR-CL-11', registration, `${pointer}/registrationScheme`, icd);
  const eas = 'scheme of the EAS list, such as 9930 for a German VAT id or EM for e-mail';
  const scheme = electronicAddress?.scheme;
  check(addressSchemes, scheme, 'BR-CL-25', electronic, `${pointer}/electronicAddress/scheme`, eas);
  addressCode(address, `${pointer}/address`, place, check);
};

/** UBL writes the subject into the text, "#AAI#All goods …", so a text must not look as if it began with one. */
const noteRule = (note: string | Note, pointer: string, report: Report): void => {
  const subject = typeof note === 'string' ? undefined : note.subjectCode;
  const text = typeof note === 'string' ? note : note.text;
  if (subject !== undefined) {
    const detail = `"${subject}" is no UNTDID 4451 subject, such as AAI for general information`;
    if (!noteSubjects.has(subject)) report('BR-CL-08', 'BT-21', `${pointer}/subjectCode`, detail);
  } else if (/^[^#]*#[^#]{3}#/.test(text)) {
    const detail = 'three characters between two "#" are read as the subject of the note; give a subjectCode instead';
    report('BR-CL-08', 'BT-22', typeof note === 'string' ? pointer : `${pointer}/text`, detail);
  }
};
