import { chapter } from '../requirement.ts';

const telemetry = 'packages/telemetry/test/telemetry.test.ts';

export const traces = chapter('traces', 'Logs, errors and what they tell', [
  [
    'The log has the fields of an allow-list, and drops every other.',
    'ASVS 5.0 16.2.5, ASVS 5.0 14.2.3, GDPR Art. 25',
    { [telemetry]: ['a field that nobody allowed is dropped, and so is an allowed one of another type'] },
  ],
  [
    'A ready invoice is one line with ids, time and sizes, and no personal data.',
    'ASVS 5.0 16.2.5, GDPR Art. 5(1)(c)',
    { [telemetry]: ['a ready invoice is one line with its ids, its time and its sizes, and nothing else'] },
  ],
  [
    'Credentials in the text of errors and their causes are taken out, in bounded time.',
    'ASVS 5.0 16.2.5, ASVS 5.0 1.3.12',
    {
      [telemetry]: [
        'credentials in the text of errors and their causes are taken out',
        'a hostile text is scrubbed in bounded time',
      ],
    },
  ],
  [
    'Neither secrets nor tokens reach the log, but failed sign-ins do.',
    'ASVS 5.0 16.2.5, ASVS 5.0 16.3.1',
    {
      'apps/api/test/token.test.ts': ['neither secrets nor tokens reach the log, but failed sign-ins do'],
      'apps/api/test/auth.test.ts': ['no token reaches the log'],
    },
  ],
  [
    'Requests are logged by their pattern, never by their address.',
    'ASVS 5.0 16.2.5, ASVS 5.0 14.2.1',
    { 'apps/api/test/pages.test.ts': ['requests are logged by their pattern, never by their address'] },
  ],
  [
    'An outage is logged with its cause, which stays out of the answer.',
    'ASVS 5.0 16.5.1, ASVS 5.0 16.3.4, RFC 9457 5',
    { 'apps/api/test/outages.test.ts': ['an outage is logged with its cause, which stays out of the answer'] },
  ],
  [
    'Readiness and metrics stand on a private port, without the secrets in a reason.',
    'ASVS 5.0 13.4.5, API8:2023',
    { [telemetry]: ['the private port tells alive from ready, without the secrets in the reason'] },
  ],
  [
    'Every problem has a type with a page that says how to mend it.',
    'RFC 9457 3.1.1, ASVS 5.0 16.5.1',
    { 'apps/api/test/pages.test.ts': ['every problem type leads to a page about it'] },
  ],
]);
