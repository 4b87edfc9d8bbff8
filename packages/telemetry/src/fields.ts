/**
 * What may stand in a log line: these fields, with values of these types, and nothing else. A secret cannot slip in
 * under a name that nobody thought of, because every name that nobody thought of is dropped.
 */
const allowedFields = {
  requestId: 'string',
  tenantId: 'string',
  clientId: 'string',
  invoiceId: 'string',
  endpointId: 'string',
  deliveryId: 'string',
  exportId: 'string',
  jobId: 'string',
  method: 'string',
  /** The pattern, such as /v1/invoices/:id; never a URL that somebody sent. */
  route: 'string',
  status: 'number',
  milliseconds: 'number',
  payloadBytes: 'number',
  documentBytes: 'number',
  pages: 'number',
  generation: 'number',
  attempt: 'number',
  count: 'number',
  suppressed: 'number',
  overdue: 'number',
  reenqueued: 'number',
  renderers: 'number',
  concurrency: 'number',
  code: 'string',
  reason: 'string',
  state: 'string',
  part: 'string',
  /** Of a person at the pages for operators, and what vouched for them. */
  role: 'string',
  by: 'string',
  signal: 'string',
  url: 'string',
} as const;

type FieldName = keyof typeof allowedFields;
type FieldType = { string: string; number: number };
export type LogFields = { [Name in FieldName]?: FieldType[(typeof allowedFields)[Name]] | null | undefined } & {
  error?: unknown;
};

const MAX_FIELD_CHARACTERS = 2_000;
const MAX_STACK_CHARACTERS = 4_000;
/** Beyond this nothing is even looked at. */
const MAX_SCRUBBED_CHARACTERS = 16_000;
const MAX_CAUSES = 4;
const MAX_AGGREGATED_ERRORS = 3;

const secrets: [RegExp, string][] = [
  // The user info of URLs, up to the last @ before the path.
  [/([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/?#]*@/gi, '$1***@'],
  [/\b(bearer|basic)\s+[\w+/=.~-]{6,}/gi, '$1 ***'],
  [/\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?/g, '***'],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[^]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, '***'],
  // password=…, "client_secret": "…", X-Amz-Signature=…
  [
    /([\w-]{0,40}(?:password|passwd|secret|token|signature|credential|api[_-]?key)[\w-]{0,20}["']?\s{0,3}[=:]\s{0,3}["']?)[^\s"'&,;})]+/gi,
    '$1***',
  ],
];

/** Takes credentials out of text that others wrote, such as the message of a driver's error, and cuts it to size. */
export const scrub = (text: string, maxCharacters = MAX_FIELD_CHARACTERS): string => {
  // Cut after scrubbing: a credential cut in half would no longer be recognised.
  let scrubbed = text.slice(0, MAX_SCRUBBED_CHARACTERS);
  for (const [pattern, replacement] of secrets) scrubbed = scrubbed.replace(pattern, replacement);
  return scrubbed.length > maxCharacters ? `${scrubbed.slice(0, maxCharacters)}…` : scrubbed;
};

/** The allowed fields among those given, scrubbed and cut; the error reduced to what explains it. */
export const toLogFields = (given: LogFields): Record<string, unknown> => {
  const kept: Record<string, unknown> = {};
  for (const [name, type] of Object.entries(allowedFields)) {
    if (!Object.hasOwn(given, name)) continue;
    const value: unknown = given[name as FieldName];
    if (typeof value !== type) continue;
    kept[name] = typeof value === 'string' ? scrub(value) : value;
  }
  if (given.error !== undefined) kept['error'] = toLoggedError(given.error, MAX_CAUSES);
  return kept;
};

interface LoggedError {
  name: string;
  message: string;
  code?: string;
  stack?: string;
  cause?: LoggedError;
  errors?: LoggedError[];
}

const toLoggedError = (thrown: unknown, causesLeft: number): LoggedError => {
  if (!(thrown instanceof Error))
    return {
      name: typeof thrown,
      message: typeof thrown === 'string' ? scrub(thrown) : 'something other than an Error was thrown',
    };
  const { code } = thrown as { code?: unknown };
  const deeper = causesLeft > 0;
  return {
    name: asText(thrown.name),
    message: asText(thrown.message),
    ...((typeof code === 'string' || typeof code === 'number') && { code: asText(code) }),
    ...(typeof thrown.stack === 'string' && { stack: scrub(thrown.stack, MAX_STACK_CHARACTERS) }),
    ...(deeper && thrown.cause !== undefined && { cause: toLoggedError(thrown.cause, causesLeft - 1) }),
    ...(deeper &&
      thrown instanceof AggregateError && {
        errors: thrown.errors.slice(0, MAX_AGGREGATED_ERRORS).map((error: unknown) => toLoggedError(error, 0)),
      }),
  };
};

/** Some libraries put other things where a string belongs. */
const asText = (value: unknown): string => scrub(String(value));
