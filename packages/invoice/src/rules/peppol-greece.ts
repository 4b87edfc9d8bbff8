import { isGreekNumber } from '../check-digits.ts';
import type { InvoiceDraft } from '../model.ts';
import { customerCountry, supplierCountry } from './peppol-countries.ts';
import type { Report, Rules } from './rule.ts';

const isGreek = (country: string): boolean => country === 'GR' || country === 'EL';
const documentTypes: ReadonlySet<string> = new Set(['1.1', '1.6', '2.1', '2.4', '5.1', '5.2']);

/** Greece's rules for Peppol (GR-R): invoices are registered with the tax office, and their numbers say so. */
export const greekRules: Rules = ({ draft }, report) => {
  if (!isGreek(supplierCountry(draft))) return;
  const { seller, buyer } = draft;
  numberRules(draft, report);
  if (!seller.tradingName)
    report('GR-R-002', 'BT-28', '/seller/tradingName', 'give the name as it is in the business registry');
  if (!buyer.tradingName) report('GR-R-005', 'BT-45', '/buyer/tradingName', "give the buyer's full name");
  if (seller.vatId !== undefined && !isGreekVatId(seller.vatId))
    report('GR-R-003', 'BT-31', '/seller/vatId', 'a Greek VAT identifier is EL and a tax number of nine digits');
  addressRule(seller.electronicAddress, 'GR-R-009', 'BT-34', '/seller/electronicAddress', report);
  if (seller.address.country === 'GR') registrationRules(draft, report);
  if (!isGreek(customerCountry(draft))) return;
  if (!buyer.vatId || !isGreekVatId(buyer.vatId))
    report('GR-R-006', 'BT-48', '/buyer/vatId', "give the buyer's VAT identifier: EL and a tax number of nine digits");
  addressRule(buyer.electronicAddress, 'GR-R-010', 'BT-49', '/buyer/electronicAddress', report);
};

const isGreekVatId = (vatId: string): boolean => vatId.startsWith('EL') && isGreekNumber(vatId.slice(2));

/** BT-1 is six segments: tax number, date of issue, branch, kind of document, series and count. */
const numberRules = (draft: InvoiceDraft, report: Report): void => {
  const segments = draft.number?.split('|') ?? [];
  const [tin = '', date, branch = '', kind = '', series, count] = segments;
  const fault = (rule: string, detail: string) => report(rule, 'BT-1', '/number', detail);
  if (segments.length !== 6) {
    fault('GR-R-001-1', 'a Greek number is your own, of six segments: 123456783|22/11/2026|0|1.1|A|42');
    return;
  }
  const owners = [draft.seller.vatId, draft.taxRepresentative?.vatId].map((vatId) => vatId?.slice(2, 11));
  if (!isGreekNumber(tin) || !owners.includes(tin)) fault('GR-R-001-2', "the first segment is the seller's tax number");
  if (date !== draft.issueDate?.split('-').toReversed().join('/'))
    fault('GR-R-001-3', 'the second segment is the issueDate, which has to be given too: 22/11/2026');
  if (!/^\d+$/.test(branch)) fault('GR-R-001-4', 'the third segment is the number of the branch: 0');
  if (!documentTypes.has(kind)) fault('GR-R-001-5', `the fourth segment is one of ${[...documentTypes].join(', ')}`);
  if (!series) fault('GR-R-001-6', 'the fifth segment is the series');
  if (!count) fault('GR-R-001-7', 'the sixth segment is the count in the series');
};

const addressRule = (
  address: { id: string; scheme: string } | undefined,
  rule: string,
  term: string,
  pointer: string,
  report: Report,
): void => {
  if (address && (address.scheme !== '9933' || !isGreekNumber(address.id)))
    report(rule, term, pointer, 'it is a Greek tax number, of scheme 9933');
};

/** The tax office's mark, and where the invoice can be verified, are supporting documents. */
const registrationRules = ({ attachments = [] }: InvoiceDraft, report: Report): void => {
  const marks = attachments.filter(({ description }) => description === '##M.AR.K##');
  const links = attachments.filter(({ description }) => description === '##INVOICE|URL##');
  if (marks.length !== 1)
    report('GR-R-004-1', 'BT-123', '/attachments', 'one attachment is described as ##M.AR.K##, and its id is the mark');
  if (!marks.every(({ id }) => /^[1-9]/.test(id)))
    report('GR-R-004-2', 'BT-122', '/attachments', 'the id of ##M.AR.K## is a positive number');
  if (links.length > 1)
    report('GR-R-008-2', 'BT-123', '/attachments', 'one attachment at most is described as ##INVOICE|URL##');
  if (!links.every(({ url }) => url))
    report('GR-R-008-3', 'BT-124', '/attachments', 'the attachment ##INVOICE|URL## has a url');
};
