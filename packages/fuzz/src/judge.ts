/** What an answer may never be, whatever was asked. */
import type { FuzzRequest } from './request.ts';
import type { Answer, Outcome } from './send.ts';

export interface Finding {
  number: number;
  kind: 'server-error' | 'hang' | 'leak' | 'foreign' | 'form';
  detail: string;
  request: string;
}

/** Traces, sources, statements and folders, which help nobody but an attacker. Requests have none of these texts. */
const innards: [what: string, pattern: RegExp][] = [
  ['a stack trace', /\n {4}at |\\n {4}at |node:internal/],
  ['a source file', /\/(?:apps|packages|node_modules)\/[\w@]|\.ts:\d+/],
  [
    'a statement or a constraint of the database',
    /\b(?:SELECT|INSERT INTO|UPDATE) .{0,80}\b(?:FROM|VALUES|SET|WHERE)\b|violates .{0,40}constraint|relation \\?"|prisma/i,
  ],
  ['a folder of the machine', /"(?:\/tmp|\/root|\/home|\/work|\/var|\/etc)\//],
  ['an address of an inner service', /(?:postgres(?:ql)?|rediss?):\/\//],
];

export const judge = (request: FuzzRequest, outcome: Outcome, canaries: readonly string[]): Finding[] => {
  const finding = (kind: Finding['kind'], detail: string): Finding => ({
    number: request.number,
    kind,
    detail,
    request: describe(request),
  });
  if (outcome.kind === 'left') return [];
  if (outcome.kind === 'hung') return [finding('hang', `no answer within ${outcome.milliseconds} ms`)];
  return outcome.answers.flatMap((answer) => {
    const { status } = answer;
    const text = answer.body.toString();
    const sent = request.target + request.body.toString('latin1');
    const isPage = /^text\/html|javascript|css/.test(answer.headers.get('content-type') ?? '');
    const everything = `${[...answer.headers].join('\n')}\n${text}`;
    const leaks = [
      ...canaries
        .filter((canary) => everything.includes(canary) && !sent.includes(canary))
        .map(() => "the other tenant's data, or a secret"),
      ...(isPage ? [] : innards.filter(([, pattern]) => pattern.test(everything)).map(([what]) => what)),
    ];
    const fault = faultInForm(answer);
    return [
      ...(status >= 500 ? [finding('server-error', `${status}: ${text.slice(0, 300)}`)] : []),
      ...(request.foreign && status >= 200 && status < 400 && request.method !== 'OPTIONS'
        ? [finding('foreign', `answered ${status} for an id of the other tenant`)]
        : []),
      ...leaks.map((what) => finding('leak', `${status} gives away ${what}: ${text.slice(0, 300)}`)),
      ...(fault === undefined ? [] : [finding('form', fault)]),
    ];
  });
};

/** A refusal is a problem (RFC 9457) of its own status. Node refuses by itself what is no HTTP, and says nothing more. */
const faultInForm = ({ status, headers, body }: Answer): string | undefined => {
  if (!Number.isInteger(status)) return 'the answer has no status';
  if (status < 400 || body.length === 0) return undefined;
  const mediaType = headers.get('content-type') ?? '(none)';
  if (mediaType.startsWith('application/json') && body.includes('"error"')) return undefined; // of OAuth (RFC 6749, 5.2)
  if (!mediaType.startsWith('application/problem+json'))
    return `${status} comes as ${mediaType}: ${body.toString().slice(0, 200)}`;
  try {
    const problem = JSON.parse(body.toString()) as { status?: unknown; title?: unknown; type?: unknown };
    return problem.status === status && typeof problem.title === 'string' && typeof problem.type === 'string'
      ? undefined
      : `the problem of ${status} is none: ${body.toString().slice(0, 200)}`;
  } catch {
    return `the problem of ${status} is no JSON: ${body.toString().slice(0, 200)}`;
  }
};

const SHOWN = 600;
const describe = ({ operation, method, target, headers, body, wire }: FuzzRequest): string =>
  [
    `${operation} (${wire}): ${method} ${target.slice(0, SHOWN)}`,
    ...headers.filter(([name]) => name !== 'authorization').map(([name, value]) => `${name}: ${value.slice(0, 100)}`),
    body.length > SHOWN
      ? `${JSON.stringify(body.subarray(0, SHOWN).toString())} … (${body.length} bytes)`
      : JSON.stringify(body.toString()),
  ].join('\n');
