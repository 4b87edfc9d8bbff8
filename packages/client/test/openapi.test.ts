import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openApiDocument, operations, scopes, type Operation, type SubmitInvoice } from '@invoicepress/client';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { aSmallSubmission, aSubmission } from './a-submission.ts';
import { refusals } from './refusals.ts';

interface DescribedOperation {
  operationId: string;
  summary: string;
  security: Record<string, string[]>[];
  parameters: { name: string; in: string; required: boolean; schema: object; description?: string }[];
  requestBody?: { content: Record<string, { schema: object }> };
  responses: Record<string, { description: string; content?: Record<string, { schema: object }> }>;
}
interface Document {
  openapi: string;
  paths: Record<string, Record<string, DescribedOperation>>;
  components: {
    schemas: Record<string, object>;
    securitySchemes: {
      clientCredentials: { flows: { clientCredentials: { tokenUrl: string; scopes: Record<string, string> } } };
    };
  };
}

// Over the wire it is JSON: what JSON drops must not matter.
const document = JSON.parse(
  JSON.stringify(openApiDocument({ serverUrl: 'https://api.example.com', version: '1.2.3' })),
) as Document;
const described = new Map(
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(
      ([method, operation]) => [operation.operationId, { path, method, ...operation }] as const,
    ),
  ),
);

test('the document is valid OpenAPI 3.1, and all its references resolve', async () => {
  const validator = new Validator();
  const { valid, errors } = await validator.validate({ ...document });
  assert.ok(valid, JSON.stringify(errors, null, 2));
  assert.equal(validator.version, '3.1');

  const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(
    ([, reference = '']) => reference,
  );
  assert.ok(references.length > 0);
  for (const reference of references) {
    const name = /^#\/components\/schemas\/(\w+)$/.exec(reference)?.[1] ?? '';
    assert.ok(document.components.schemas[name], reference);
  }
});

test('the document describes the operations that there are, and no other', () => {
  assert.deepEqual([...described.keys()].toSorted(), Object.keys(operations).toSorted());
});

for (const [name, operation] of Object.entries(operations) as [string, Operation][]) {
  test(`${name}: where it is, who may call it, what goes in and what comes out`, () => {
    const found = described.get(name)!;
    assert.deepEqual([found.method, found.path, found.summary], [operation.method, operation.path, operation.summary]);
    assert.deepEqual(found.security, operation.scope ? [{ clientCredentials: [operation.scope] }] : []);

    const inPath = found.parameters.filter((each) => each.in === 'path');
    assert.deepEqual(
      inPath.map((each) => `{${each.name}}`),
      operation.path.match(/\{\w+\}/g) ?? [],
    );
    assert.ok(inPath.every(({ required }) => required));
    const inQuery = found.parameters.filter((each) => each.in === 'query').map((each) => each.name);
    assert.deepEqual(inQuery, Object.keys(operation.query?.shape ?? {}));
    assert.equal(
      found.parameters.some((each) => each.in === 'header' && each.name === 'Idempotency-Key'),
      operation.idempotent ?? false,
    );
    assert.equal(found.requestBody !== undefined, (operation.body ?? operation.form) !== undefined);

    const statuses = [
      operation.answer.status,
      ...Object.keys(operation.also ?? {}),
      ...Object.keys(operation.problems),
    ].map(String);
    assert.deepEqual(Object.keys(found.responses).toSorted(), statuses.toSorted());
    for (const mediaType of operation.files ?? ['application/json'])
      assert.ok(found.responses[operation.answer.status]?.content?.[mediaType]?.schema);
    if (operation.files && operation.also?.[202])
      assert.ok(found.responses['202']?.content?.['application/json']?.schema);
    for (const status of Object.keys(operation.problems)) {
      assert.deepEqual(found.responses[status]?.content, {
        'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
      });
    }
    if (operation.scope)
      for (const status of ['401', '403', '429']) assert.ok(found.responses[status], `it says what ${status} means`);
  });
}

test('the feed is described as pages and as a stream that can be resumed', () => {
  const { responses, parameters } = described.get('listEvents')!;
  assert.deepEqual(Object.keys(responses['200']?.content ?? {}), ['application/json', 'text/event-stream']);
  assert.deepEqual(
    parameters.filter((each) => each.in === 'header').map((each) => each.name),
    ['Last-Event-ID'],
  );
});

test('the scopes and the token URL are those of the API', () => {
  const { scopes: known, tokenUrl } = document.components.securitySchemes.clientCredentials.flows.clientCredentials;
  assert.deepEqual(Object.keys(known).toSorted(), [...scopes].toSorted());
  assert.equal(tokenUrl, `https://api.example.com${operations.issueToken.path}`);
});

const schemaOf = (name: string): ValidateFunction => {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  return ajv.compile({ $ref: `#/components/schemas/${name}`, components: document.components });
};

const schema = schemaOf('SubmitInvoice');
const overTheWire = (input: unknown): unknown => JSON.parse(JSON.stringify(input));

test('the published schema accepts what the API accepts', () => {
  for (const submission of [aSubmission(), aSmallSubmission()] satisfies SubmitInvoice[]) {
    assert.ok(schema(overTheWire(submission)), JSON.stringify(schema.errors));
  }
});

for (const { what, input } of refusals.filter((refusal) => !refusal.beyondSchema)) {
  test(`the published schema refuses ${what}, as the API does`, () => {
    assert.equal(schema(overTheWire(input)), false);
  });
}

test('a batch is published as a list of invoices', () => {
  const batch = schemaOf('SubmitBatch');
  assert.ok(batch({ invoices: [overTheWire(aSubmission())] }), JSON.stringify(batch.errors));
  assert.equal(batch({ invoices: [{}] }), false);
  assert.equal(batch({ invoices: [] }), false);
});
