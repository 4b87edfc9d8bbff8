import { aSmallSubmission } from './a-submission.ts';

/** One thing wrong with an otherwise valid submission, and what its sender is told. */
export interface Refusal {
  what: string;
  input: unknown;
  /** Where the fault is, as a JSON Pointer. */
  at: string;
  says: RegExp;
  /** JSON Schema cannot say it: the published document is more lenient here than the API. */
  beyondSchema?: true;
}

const valid = aSmallSubmission();
const [line] = valid.lines;

/** The valid submission with the value at a JSON Pointer replaced or added. */
const withValue = (pointer: string, value: unknown): unknown => {
  const copy = structuredClone(valid) as Record<string, unknown>;
  const steps = pointer.split('/').slice(1);
  const last = steps.pop() ?? '';
  let place = copy;
  for (const step of steps) place = (place[step] ??= {}) as Record<string, unknown>;
  place[last] = value;
  return copy;
};
const at = (pointer: string, value: unknown, says: RegExp, more: Partial<Refusal> = {}): Refusal => {
  const shown = (JSON.stringify(value) ?? 'undefined').slice(0, 40);
  return { what: `${pointer} = ${shown}`, input: withValue(pointer, value), at: pointer, says, ...more };
};
const beyondSchema = { beyondSchema: true } as const;
/** As it arrives over the wire: JSON.parse makes "__proto__" a plain key, an object literal would not. */
const fromJson = (pointer: string, json: string) => withValue(pointer, JSON.parse(json));
const aFile = (length: number) => ({ name: 'a.csv', mediaType: 'text/csv', base64: 'A'.repeat(length) });
const nested = (depth: number): unknown => (depth === 0 ? 'deep' : { inner: nested(depth - 1) });

const wrongTypes: Refusal[] = [
  { what: 'null', input: null, at: '', says: /expected object, received null/ },
  { what: 'a list', input: [valid], at: '', says: /expected object, received array/ },
  { what: 'a string', input: 'invoice', at: '', says: /expected object, received string/ },
  at('/lines', { 0: line }, /expected array, received object/),
  at('/lines/0', 'a line', /expected object, received string/),
  at('/seller', [], /expected object, received array/),
  at('/seller/address', undefined, /expected object, received undefined/),
  at('/buyer/name', 42, /expected string, received number/),
  at('/currency', null, /expected string, received null/),
  at('/notes', 'a note', /expected array, received string/),
  at('/typeCode', 380, /expected one of "261"\|.*"380"\|"381"/),
  at('/paperSize', 'A5', /expected one of "A4"\|"Letter"/),
  at('/lines/0/taxCategory', 'X', /expected one of "S"\|"Z"/),
  at('/formats', 'pdf', /expected array, received string/),
  at('/formats', ['docx'], /expected one of "pdf"\|"facturx"/, { at: '/formats/0' }),
  at('/profiles', ['zugferd'], /expected one of "en16931"\|"xrechnung"/, { at: '/profiles/0' }),
];

const card = '4111 1111 1111 1111';
const cardNumber = /^contains what looks like a payment card number(?!.*1111)/;
const cardNumbers: Refusal[] = [
  at('/notes', [`paid with ${card}`], cardNumber, { at: '/notes/0', ...beyondSchema }),
  at('/notes', [{ text: card }], cardNumber, { at: '/notes/0/text', ...beyondSchema }),
  at('/lines/0/name', card, cardNumber, beyondSchema),
  at('/lines/0/description', card, cardNumber, beyondSchema),
  at('/lines/0/note', card, cardNumber, beyondSchema),
  at('/payment/terms', card, cardNumber, beyondSchema),
  at('/metadata', { card }, cardNumber, beyondSchema),
  at('/metadata', { order: [4111111111111111] }, cardNumber, beyondSchema),
  at('/metadata', { [card]: true }, cardNumber, beyondSchema),
];

const money: Refusal[] = [
  at('/prepaidAmount', 12.5, /JSON number; send decimals as strings: "12\.5"/),
  at('/lines/0/quantity', 3, /JSON number; send decimals as strings: "3"/),
  at('/lines/0/unitPrice', 0.1, /send decimals as strings: "0\.1"/),
  at('/lines/0/unitPrice', undefined, /is missing; give it, or a grossPrice/, beyondSchema),
  at('/lines/0/unitPrice', null, /is not a string/),
  at('/lines/0/unitPrice', '-1', /not a price such as "12\.5" .*not negative: BR-27/),
  at('/lines/0/unitPrice', '1.0000001', /6 decimals at most/),
  at('/lines/0/unitPrice', '1,50', /not a price such as "12\.5"/),
  at('/lines/0/quantity', '1e3', /not a quantity such as "3"/),
  at('/lines/0/quantity', '1000000000', /9 digits/),
  at('/lines/0/quantity', ' 1', /not a quantity/),
  at('/lines/0/quantity', '.5', /not a quantity/),
  at('/lines/0/quantity', 'NaN', /not a quantity/),
  at('/lines/0/quantity', '١', /not a quantity/),
  at('/lines/0/priceBaseQuantity', '0.000', /not a quantity above 0/),
  at('/lines/0/priceBaseQuantity', '-1', /not a quantity above 0/),
  at('/lines/0/taxRate', '100.01', /percentage from "0" to "100"/),
  at('/lines/0/taxRate', '-1', /percentage from "0" to "100"/),
  at('/lines/0/taxRate', '19.00001', /4 decimals at most/),
  at('/lines/0/netAmount', '1.234', /2 decimals at most/),
  at('/prepaidAmount', '-1', /not negative/),
  at('/prepaidAmount', '10000000000000', /13 digits/),
  at('/totals/payable', '12.345', /2 decimals at most/),
  at('/roundingAmount', '0.001', /2 decimals at most/),
  at('/taxCurrency', { currency: 'PLN', rate: '0' }, /not a rate above 0 such as/, { at: '/taxCurrency/rate' }),
  at('/lines/0/allowances', [{ percent: '-1', baseAmount: '1' }], /not a percentage/, {
    at: '/lines/0/allowances/0/percent',
  }),
  ...['/lines/0/charges', '/lines/0/allowances', '/allowances', '/charges'].map((place) =>
    at(place, [{ reason: 'R', percent: '2' }], /is missing; give it, or a percent of a baseAmount/, {
      at: `${place}/0/amount`,
      ...beyondSchema,
    }),
  ),
];

const unknownFields: Refusal[] = [
  '',
  '/seller',
  '/seller/address',
  '/seller/contact',
  '/lines/0',
  '/payment',
  '/totals',
  '/delivery',
  '/period',
].map((place) => ({
  what: `an unknown field in ${place || 'the invoice'}`,
  input: withValue(`${place}/colour`, 1),
  at: place,
  says: /Unrecognized key: "colour"/,
}));
unknownFields.push(
  at('/payee', { name: 'P', colour: 1 }, /Unrecognized key: "colour"/),
  at('/taxCurrency', { currency: 'PLN', rate: '4', colour: 1 }, /Unrecognized key: "colour"/),
  at('/payment/card', { number: '4711', colour: 1 }, /Unrecognized key: "colour"/),
  ...['/allowances', '/lines/0/charges'].map((place) =>
    at(place, [{ reason: 'R', amount: '1', colour: 1 }], /Unrecognized key: "colour"/, { at: `${place}/0` }),
  ),
  at('/precedingInvoices', [{ number: 'R-1', colour: 1 }], /Unrecognized key/, { at: '/precedingInvoices/0' }),
  at('/attachments', [{ id: 'A', colour: 1 }], /Unrecognized key: "colour"/, { at: '/attachments/0' }),
  at('/notes', [{ text: 'N', colour: 1 }], /Unrecognized key: "colour"/, { at: '/notes/0' }),
  {
    what: '"__proto__" in the invoice',
    input: JSON.parse(`${JSON.stringify(valid).slice(0, -1)},"__proto__":{"currency":"EUR"}}`),
    at: '',
    says: /Unrecognized key: "__proto__"/,
  },
);

const texts: Refusal[] = [
  at('/number', '', /is empty; leave the field out instead/),
  at('/number', ' ', /is blank; leave the field out instead/, beyondSchema),
  at('/notes', ['\n\t'], /is blank; leave the field out instead/, { at: '/notes/0', ...beyondSchema }),
  at('/number', 'R-1 ', /spaces at its ends; remove them/, beyondSchema),
  at('/buyer/name', 'Two\nlines', /line breaks/, beyondSchema),
  at('/buyer/name', 'Two\u2028lines', /line breaks/, beyondSchema),
  at('/buyer/name', 'N\u0000L', /control characters; only tab and newline are allowed/, beyondSchema),
  at('/notes', ['Return\r\n'], /control characters; only tab and newline are allowed/, {
    at: '/notes/0',
    ...beyondSchema,
  }),
  at('/notes', ['\u001b[31m'], /control characters/, { at: '/notes/0', ...beyondSchema }),
  at('/notes', ['next\u0085line'], /control characters/, { at: '/notes/0', ...beyondSchema }),
  at('/buyer/name', 'half \ud83d', /half a surrogate pair; send well-formed Unicode/, beyondSchema),
  at('/buyer/name', '\udca9 half', /half a surrogate pair/, beyondSchema),
  at('/buyer/name', 'x'.repeat(201), /longer than 200 characters/),
  at('/lines/0/description', 'x'.repeat(2_001), /longer than 2000 characters/),
  at('/notes', ['x'.repeat(2_001)], /longer than 2000 characters/, { at: '/notes/0' }),
  at('/notes', [{ text: 'x'.repeat(2_001) }], /longer than 2000 characters/, { at: '/notes/0/text' }),
  at('/notes', [{ text: ' ' }], /is blank/, { at: '/notes/0/text', ...beyondSchema }),
  at('/notes', [42], /is neither a text nor an object with a "text"/, { at: '/notes/0' }),
  at('/payment/reference', 'x'.repeat(141), /longer than 140 characters/),
];

const sizes: Refusal[] = [
  at('/lines', [], /has no line; an invoice has at least one \(BR-16\)/),
  at(
    '/lines',
    Array.from({ length: 2_001 }, () => line),
    /more than 2000 lines; split it into several invoices/,
  ),
  at(
    '/allowances',
    Array.from({ length: 101 }, () => ({ reason: 'R', amount: '1' })),
    /more than 100 entries/,
  ),
  at(
    '/charges',
    Array.from({ length: 101 }, () => ({ reason: 'R', amount: '1' })),
    /more than 100 entries/,
  ),
  at(
    '/notes',
    Array.from({ length: 21 }, () => 'N'),
    /more than 20 notes/,
  ),
  at(
    '/lines/0/allowances',
    Array.from({ length: 21 }, () => ({ reason: 'R', amount: '1' })),
    /more than 20 entries/,
  ),
  at(
    '/lines/0/attributes',
    Array.from({ length: 51 }, () => ({ name: 'N', value: 'V' })),
    /more than 50 entries/,
  ),
  at(
    '/precedingInvoices',
    Array.from({ length: 101 }, () => ({ number: 'R-1' })),
    /more than 100 entries/,
  ),
  at(
    '/payment/moreAccounts',
    Array.from({ length: 11 }, () => ({ accountId: '1' })),
    /more than 10 accounts/,
  ),
  at(
    '/attachments',
    Array.from({ length: 21 }, () => ({ id: 'A' })),
    /more than 20 attachments/,
  ),
  at('/attachments', [{ id: 'A', file: aFile(2_000_004) }], /longer than 2000000 characters; give a url/, {
    at: '/attachments/0/file/base64',
  }),
  at(
    '/attachments',
    Array.from({ length: 2 }, () => ({ id: 'A', file: aFile(1_000_004) })),
    /more than 2000000 characters of Base64 in all; give urls/,
    beyondSchema,
  ),
  at('/formats', [], /is empty; leave the field out instead/),
  at('/formats', ['pdf', 'pdf'], /names one of them twice/),
  at('/profiles', ['peppol', 'xrechnung', 'peppol'], /names one of them twice/),
];

const codes: Refusal[] = [
  at('/issueDate', '2026-02-30', /is no day of the calendar/, beyondSchema),
  at('/issueDate', '2025-02-29', /is no day of the calendar/, beyondSchema),
  at('/issueDate', '2026-13-01', /not a date such as "2026-11-22"/),
  at('/issueDate', '22.11.2026', /not a date such as "2026-11-22"/),
  at('/issueDate', '2026-11-22T00:00:00Z', /not a date/),
  at('/issueDate', '1899-12-31', /1900 to 2199/),
  at('/issueDate', 'soon', /not a date/),
  at('/dueDate', '', /not a date/),
  at('/currency', 'XXX', /no ISO 4217 currency in use, such as "EUR"/, beyondSchema),
  at('/currency', 'eur', /no ISO 4217 currency/),
  at('/currency', 'DEM', /no ISO 4217 currency/, beyondSchema),
  at('/buyer/address/country', 'UK', /no ISO 3166-1 alpha-2 country, such as "DE"/, beyondSchema),
  at('/buyer/address/country', 'Germany', /no ISO 3166-1 alpha-2 country/),
  at('/language', 'de_DE', /no BCP 47 language tag, such as "de" or "en-GB"/, beyondSchema),
  at('/language', 'a', /no BCP 47 language tag/, beyondSchema),
  at('/language', `en-${'x'.repeat(40)}`, /too long for a language tag/),
  at('/lines/0/unit', 'pieces', /no UN\/ECE unit code such as "C62"/),
  at('/seller/vatId', '123456789', /no VAT identifier such as "DE123456789"/),
  at('/seller/vatId', 'DE 123 456 789', /no VAT identifier/),
  at('/seller/vatId', 'QQ123456789', /does not begin with a country code \(BR-CO-09\)/, beyondSchema),
  at('/payment/iban', 'DE89370400440532013001', /no IBAN: length or check digits are wrong/, beyondSchema),
  at('/payment/iban', 'DE8937040044053201300', /no IBAN/, beyondSchema),
  at('/payment/iban', '1'.repeat(51), /too long for an IBAN/),
  at('/payment/bic', 'COBADEFFXX', /no BIC of 8 or 11 characters/),
  at('/seller/contact/email', 'konto at example.com', /no e-mail address/),
  at('/seller/registrationScheme', 'siren', /no code of 1 to 4 capital letters and digits/),
  at('/taxPointDateCode', 'paid', /no code of 1 to 3/),
  at('/payment/card', { number: '4111111111111111' }, /last 4 to 6 digits of a card number; never send more/, {
    at: '/payment/card/number',
  }),
  at('/payment/directDebit', { mandateId: 'M', creditorId: 'C', debitedIban: 'DE00' }, /no IBAN/, {
    at: '/payment/directDebit/debitedIban',
    ...beyondSchema,
  }),
  at('/attachments', [{ id: 'A', url: 'javascript:alert(1)' }], /no http:\/\/ or https:\/\/ address/, {
    at: '/attachments/0/url',
    ...beyondSchema,
  }),
  at('/attachments', [{ id: 'A', file: { ...aFile(4), base64: 'QTtCCg=' } }], /no Base64 of RFC 4648/, {
    at: '/attachments/0/file/base64',
  }),
];

const labels: Refusal[] = [
  at('/metadata', ['alpha'], /not a JSON object/),
  at('/metadata', 'alpha', /not a JSON object/),
  at('/metadata', nested(6), /nested more than 5 levels deep/, beyondSchema),
  {
    what: 'metadata nested beyond any stack',
    input: fromJson('/metadata', `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`),
    at: '/metadata',
    says: /nested more than 5 levels deep/,
    ...beyondSchema,
  },
  at('/metadata', { text: 'x'.repeat(16_384) }, /larger than 16384 bytes/, beyondSchema),
  at('/metadata', { text: '€'.repeat(5_500) }, /larger than 16384 bytes/, beyondSchema),
  at('/metadata', { text: 'N\u0000L' }, /contains a NUL character/, beyondSchema),
  at('/metadata', { 'N\u0000L': 1 }, /contains a NUL character/, beyondSchema),
  at('/metadata', { list: ['\ud83d'] }, /half a surrogate pair/, beyondSchema),
  at('/metadata', { constructor: 1 }, /key named "constructor"; choose another name/, beyondSchema),
  {
    what: '"__proto__" in metadata',
    input: fromJson('/metadata', '{"__proto__":{"admin":true}}'),
    at: '/metadata',
    says: /key named "__proto__"; choose another name/,
    ...beyondSchema,
  },
  {
    what: '"__proto__" deep in metadata',
    input: fromJson('/metadata', '{"a":[{"__proto__":1}]}'),
    at: '/metadata',
    says: /key named "__proto__"/,
    ...beyondSchema,
  },
  {
    what: 'a number beyond all numbers in metadata',
    input: fromJson('/metadata', '{"a":1e400}'),
    at: '/metadata',
    says: /too large for JSON; send it as a string/,
    ...beyondSchema,
  },
];

export const refusals: Refusal[] = [
  ...wrongTypes,
  ...money,
  ...cardNumbers,
  ...unknownFields,
  ...texts,
  ...sizes,
  ...codes,
  ...labels,
];
