import { formats } from '@invoicepress/invoice';
import { z } from 'zod';
import { position } from './contract/event.ts';
import { operations, type Operation } from './contract/operations.ts';
import { Problem } from './contract/problem.ts';

type Json = Record<string, unknown>;

/** OpenAPI 3.1, made of the same schemas that validate requests, so that it cannot disagree with them. */
export const openApiDocument = ({ serverUrl, version }: { serverUrl: string; version: string }): Json => {
  const schemas = new Map<string, Json>();
  const refer = (schema: z.ZodType, io: 'input' | 'output'): Json => {
    const id = schema.meta()?.id;
    if (!id) return jsonSchema(schema, io);
    if (!schemas.has(id)) schemas.set(id, jsonSchema(schema, io));
    return { $ref: `#/components/schemas/${id}` };
  };

  const paths: Record<string, Json> = {};
  for (const [operationId, operation] of Object.entries(operations) as [string, Operation][]) {
    paths[operation.path] ??= {};
    Object.assign(paths[operation.path] ?? {}, { [operation.method]: describe(operationId, operation, refer) });
  }
  refer(Problem, 'output');

  return {
    openapi: '3.1.1',
    info: {
      title: 'Invoicepress',
      version,
      description:
        'Hand it invoices; get back documents that people and tax authorities accept, without ever losing one.\n\n' +
        'Get a token with your client credentials, submit an invoice, wait until it is `ready`, fetch its documents. ' +
        'Errors are RFC 9457 problem details that name the field and the remedy.',
    },
    servers: [{ url: serverUrl }],
    tags: [
      { name: 'Invoices' },
      { name: 'Exports' },
      { name: 'Events' },
      { name: 'Webhooks' },
      { name: 'Numbering' },
      { name: 'Sellers' },
      { name: 'Templates' },
      { name: 'Audit' },
      { name: 'Sign in' },
    ],
    paths,
    components: {
      schemas: Object.fromEntries(schemas),
      securitySchemes: {
        clientCredentials: {
          type: 'oauth2',
          flows: { clientCredentials: { tokenUrl: `${serverUrl}/oauth2/token`, scopes: scopeDescriptions } },
        },
      },
    },
  };
};

const scopeDescriptions = {
  'invoices:write': 'submit, check, cancel, retry and credit invoices; define number series',
  'invoices:read': 'read and list invoices, follow their events',
  'documents:read': 'fetch documents, and export many of them',
  'webhooks:manage': 'manage webhook endpoints, and see what was sent to them',
  'profiles:manage': 'manage seller profiles and logos: who sells, where to pay, how documents look',
  'templates:manage': 'upload, preview and activate templates',
  'audit:read': 'read who changed what, and account for the numbers of a series',
  operator: 'watch the queues',
};

const jsonOf = ({ answer }: Operation, refer: Refer) => ({
  content: { 'application/json': { schema: refer(answer.schema, 'output') } },
});

/** OpenAPI 3.1 says no more of bytes than that they are there. */
const binary = {};

type Refer = (schema: z.ZodType, io: 'input' | 'output') => Json;

const describe = (operationId: string, operation: Operation, refer: Refer): Json => ({
  operationId,
  tags: [tagOf(operation.path)],
  summary: operation.summary,
  ...(operation.description && { description: operation.description }),
  security: operation.scope ? [{ clientCredentials: [operation.scope] }] : [],
  parameters: parametersOf(operation),
  ...bodyOf(operation, refer),
  responses: {
    [operation.answer.status]: {
      description: operation.answer.description,
      content: {
        ...(operation.files
          ? Object.fromEntries(operation.files.map((mediaType) => [mediaType, { schema: binary }]))
          : jsonOf(operation, refer).content),
        ...(operation.stream && {
          'text/event-stream': { schema: { type: 'string', description: operation.stream } },
        }),
      },
    },
    ...Object.fromEntries(
      Object.entries(operation.also ?? {}).map(([status, description]) => [
        status,
        { description, ...(operation.files && jsonOf(operation, refer)) },
      ]),
    ),
    ...Object.fromEntries(
      Object.entries(operation.problems).map(([status, description]) => [
        status,
        { description, content: { 'application/problem+json': { schema: refer(Problem, 'output') } } },
      ]),
    ),
  },
});

const tags = {
  '/oauth2': 'Sign in',
  '/v1/exports': 'Exports',
  '/v1/events': 'Events',
  '/v1/webhook-endpoints': 'Webhooks',
  '/v1/templates': 'Templates',
  '/v1/number-series': 'Numbering',
  '/v1/seller-profiles': 'Sellers',
  '/v1/logos': 'Sellers',
  '/v1/audit': 'Audit',
};
const tagOf = (path: string) =>
  Object.entries(tags).find(([beginning]) => path.startsWith(beginning))?.[1] ?? 'Invoices';

const bodyOf = ({ body, form, optionalBody }: Operation, refer: Refer): Json => {
  if (body)
    return {
      requestBody: { required: !optionalBody, content: { 'application/json': { schema: refer(body, 'input') } } },
    };
  if (form)
    return {
      requestBody: {
        required: true,
        content: { 'application/x-www-form-urlencoded': { schema: refer(form, 'input') } },
      },
    };
  return {};
};

const pathSchemas: Record<string, Json> = {
  format: { type: 'string', enum: formats },
  sha256: { type: 'string', pattern: '^[0-9a-f]{64}$' },
  name: { type: 'string', maxLength: 60 },
};

const parametersOf = ({ path, query, idempotent, stream }: Operation): Json[] => [
  ...[...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    schema: pathSchemas[name] ?? { type: 'string', format: 'uuid' },
  })),
  ...Object.entries(query?.shape ?? {}).map(([name, schema]) => ({
    name,
    in: 'query',
    required: false,
    ...(z.globalRegistry.get(schema as z.ZodType)?.description && {
      description: z.globalRegistry.get(schema as z.ZodType)?.description,
    }),
    schema: jsonSchema(schema as z.ZodType, 'input'),
  })),
  ...(stream
    ? [
        {
          name: 'Last-Event-ID',
          in: 'header',
          required: false,
          description: 'of a stream: the position of the last event you have; goes before `after`',
          schema: jsonSchema(position, 'input'),
        },
      ]
    : []),
  ...(idempotent
    ? [
        {
          name: 'Idempotency-Key',
          in: 'header',
          required: false,
          description:
            'a request of one client repeated with the same key and the same bytes gets its first answer again, ' +
            'byte for byte, a refusal too, and does nothing; keys live for 30 days. Not remembered: 401, 403, 413, ' +
            '429, 5xx, and what this key itself is refused for.',
          schema: { type: 'string', minLength: 1, maxLength: 255 },
        },
      ]
    : []),
];

const jsonSchema = (schema: z.ZodType, io: 'input' | 'output'): Json => {
  const {
    $schema: _dialect,
    id: _id,
    ...rest
  } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    reused: 'inline',
    cycles: 'throw',
    target: 'draft-2020-12',
  });
  return inlineDefinitions(rest);
};

/** zod gathers schemas with an id in $defs; OpenAPI wants them under components, by the same names. */
const inlineDefinitions = (schema: Json): Json => {
  const { $defs, ...rest } = schema;
  if (!$defs) return rest;
  const definitions = $defs as Record<string, Json>;
  const resolve = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(resolve);
    if (typeof value !== 'object' || value === null) return value;
    const reference = (value as Json).$ref;
    const name =
      typeof reference === 'string' && reference.startsWith('#/$defs/')
        ? reference.slice('#/$defs/'.length)
        : undefined;
    if (name) {
      const { id: _id, ...definition } = definitions[name] ?? {};
      return resolve(definition);
    }
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, resolve(member)]));
  };
  return resolve(rest) as Json;
};
