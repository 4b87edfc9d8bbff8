/** Values that a JSON schema allows, or nearly: deep enough to get past the first check and into the next one. */
import type { Random } from './random.ts';

export interface Schema {
  type?: string | string[];
  $ref?: string;
  const?: unknown;
  enum?: unknown[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  additionalProperties?: Schema | boolean;
  minItems?: number;
  maxItems?: number;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  pattern?: string;
  format?: string;
  examples?: unknown[];
}

/** For patterns, which are not turned around: the first of these that one takes. */
const candidates = [
  'EUR',
  'DE',
  'en',
  'C62',
  '380',
  'S',
  '12.50',
  '19',
  '1',
  '2026-11-22',
  'letterhead',
  'default',
  'DE123456789',
  'DE89370400440532013000',
  'COBADEFFXXX',
  '0088',
  '#0b4f5c',
  'https://example.com/hook',
  'accounts@example.com',
  'invoices:read',
  'invoice.ready',
  'application/pdf',
  'UEsDBA==',
  '0193b6f0-1111-7000-8000-000000000001',
  'a'.repeat(64),
  'R-2026-0042',
];

/** Members that are left out of one in so many objects. */
const OPTIONAL = 3;

export const fromSchema = (schema: Schema, random: Random, find: (ref: string) => Schema, depth = 0): unknown => {
  const go = (inner: Schema) => fromSchema(inner, random, find, depth + 1);
  if (schema.$ref !== undefined) return go(find(schema.$ref));
  if ('const' in schema) return schema.const;
  if (schema.enum) return random.pick(schema.enum);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return go(random.pick(choices));
  if (schema.allOf) return Object.assign({}, ...schema.allOf.map(go));
  const type = Array.isArray(schema.type) ? random.pick(schema.type) : schema.type;
  if (type === 'object') {
    const { properties = {}, required = [] } = schema;
    const wanted = Object.entries(properties).filter(
      ([name]) => required.includes(name) || (depth < 6 && random.oneIn(OPTIONAL)),
    );
    const more = typeof schema.additionalProperties === 'object' ? [['key', schema.additionalProperties] as const] : [];
    return Object.fromEntries([...wanted, ...more].map(([name, member]) => [name, go(member)]));
  }
  if (type === 'array') {
    const low = schema.minItems ?? 0;
    const length = random.between(low, Math.max(low, Math.min(schema.maxItems ?? 3, 3)));
    return Array.from({ length }, () => go(schema.items ?? {}));
  }
  if (type === 'integer' || type === 'number') return numberIn(schema, random);
  if (type === 'boolean') return random.oneIn(2);
  if (type === 'null') return null;
  return textOf(schema, random);
};

const numberIn = ({ minimum = 0, maximum = 1_000 }: Schema, random: Random): number =>
  random.between(Math.ceil(Math.max(minimum, -1e9)), Math.floor(Math.min(maximum, 1e9)));

const textOf = ({ examples, pattern, format, minLength = 0, maxLength = 200 }: Schema, random: Random): string => {
  const example = examples?.find((each) => typeof each === 'string');
  if (example !== undefined && !random.oneIn(4)) return example;
  const fits = candidates.filter(
    (each) =>
      each.length >= minLength &&
      each.length <= maxLength &&
      (pattern === undefined || new RegExp(pattern, 'u').test(each)) &&
      (format !== 'uuid' || /^[0-9a-f-]{36}$/.test(each)) &&
      (format !== 'date' || /^\d{4}-/.test(each)),
  );
  return fits.length > 0 ? random.pick(fits) : 'x'.repeat(Math.max(1, minLength));
};
