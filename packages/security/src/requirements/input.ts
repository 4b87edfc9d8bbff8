import { chapter } from '../requirement.ts';

const body = 'apps/api/test/bad-body.test.ts';
const fields = 'apps/api/test/bad-fields.test.ts';
const requests = 'apps/api/test/bad-requests.test.ts';

export const input = chapter('input', 'What comes in', [
  [
    'Every field of an invoice is checked by type, range and form, and a refusal names it.',
    'ASVS 5.0 2.2.1, ASVS 5.0 2.2.2, API3:2023, RFC 9457 3.1',
    { [fields]: [/^an invoice with .* is refused, at /] },
  ],
  [
    'What is refused leaves nothing behind, and what lies at the bounds is accepted.',
    'ASVS 5.0 2.3.3, ASVS 5.0 2.2.1',
    { [fields]: ['none of them left anything behind', 'an invoice at the bounds is accepted'] },
  ],
  [
    'Unknown fields are refused instead of being taken over.',
    'ASVS 5.0 15.3.3, API3:2023',
    {
      [body]: [
        'a thousand unknown fields get a short answer',
        'fields named like parts of every object are unknown fields',
      ],
    },
  ],
  [
    'Names such as __proto__ and constructor change no object.',
    'ASVS 5.0 15.3.6',
    { [body]: ['fields named like parts of every object are unknown fields'] },
  ],
  [
    'JSON that parsers read differently is understood or refused, never half of it.',
    'ASVS 5.0 1.5.3, ASVS 5.0 1.5.2, RFC 8259 4',
    { [fields]: ['JSON that JavaScript would not write is understood or refused, never half of it'] },
  ],
  [
    'Text that is not UTF-8 is refused instead of being guessed at.',
    'ASVS 5.0 1.1.1, ASVS 5.0 1.5.3, RFC 8259 8.1',
    {
      [body]: ['text that is not UTF-8 is refused instead of being guessed at'],
      [requests]: ['bytes in a query that are no UTF-8 match nothing'],
    },
  ],
  [
    'Another content type is refused.',
    'ASVS 5.0 4.1.1, RFC 9110 15.5.16',
    { [body]: [/^the content type .* is refused$/] },
  ],
  [
    'Malformed bodies are answered as such, never as an error of ours.',
    'ASVS 5.0 16.5.1, ASVS 5.0 16.5.3',
    { [body]: [/^a body that is .* is malformed$/], [requests]: ['nothing of this was an error of ours'] },
  ],
  [
    'Queries have an allow-list of parameters, and a parameter twice is no way around it.',
    'ASVS 5.0 15.3.7, ASVS 5.0 2.2.1',
    { [requests]: [/^GET \/v1\/invoices\?.* is refused and names the parameter$/] },
  ],
  [
    'Methods that a path does not have are refused with those that it has.',
    'ASVS 5.0 4.1.4, ASVS 5.0 13.4.4, RFC 9110 15.5.6',
    { [requests]: [/ is answered with the methods that are possible$/] },
  ],
  [
    'Idempotency keys have a bounded form.',
    'ASVS 5.0 2.2.1',
    { [requests]: [/^the Idempotency-Key ".*" is refused$/] },
  ],
  [
    'A card number in free text is refused, and repeated nowhere; what merely looks long is none.',
    'PCI DSS 4.0 3.2.1, PCI DSS 4.0 3.4.1, ASVS 5.0 14.2.6',
    {
      [fields]: ['a card number in free text is refused, and repeated in no answer and no log'],
      'packages/invoice/test/card-number.test.ts': [
        /^a number of .* is seen, however it is written/,
        'what merely looks long is no card number',
      ],
    },
  ],
  [
    'A hostile drawing is judged in time in proportion to its length.',
    'ASVS 5.0 1.3.12, API4:2023',
    { 'apps/api/test/svg-references.test.ts': ['a hostile value is judged in time in proportion to its length'] },
  ],
  [
    'Hostile requests to every operation fail, hang, leak and half-write nothing.',
    'ASVS 5.0 16.5.3, ASVS 5.0 2.2.1, API8:2023',
    {
      'packages/fuzz/test/fuzz.test.ts': [
        'hostile requests are answered, and nothing fails, hangs, leaks or stays by half',
        'what an answer may not be is found',
      ],
    },
  ],
  [
    'An exported index cannot be taken for formulas by a spreadsheet, and its names lead out of no folder.',
    'ASVS 5.0 1.2.10, ASVS 5.0 5.3.3',
    {
      'apps/worker/test/exports.test.ts': [
        /: an export has every document under a safe name, and an index that no spreadsheet takes for formulas$/,
      ],
    },
  ],
  [
    'An uploaded logo is found to be what it is by its bytes, and bounded in pixels as in bytes.',
    'ASVS 5.0 5.2.2, ASVS 5.0 5.2.6',
    {
      'apps/api/test/logos.test.ts': [
        / is refused as a logo$/,
        / is stored by the hash of its bytes, and found to be what it is$/,
      ],
    },
  ],
  [
    'An uploaded archive is bounded before it is unpacked, and its paths lead nowhere else.',
    'ASVS 5.0 5.2.3, ASVS 5.0 5.2.5, ASVS 5.0 5.3.3',
    {
      'apps/api/test/template-bundles.test.ts': [
        /^a bundle is refused for .*, and nothing is stored$/,
        'a bundle that is no base64, or beyond its bound, is refused before it is unpacked',
      ],
    },
  ],
]);
