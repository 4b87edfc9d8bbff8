/** Harm done to a body: to its values, to its text, to its bytes. */
import type { Random } from './random.ts';
import { hostileValue } from './values.ts';

type Holder = Record<string, unknown> | unknown[];
const isHolder = (value: unknown): value is Holder => typeof value === 'object' && value !== null;

/** Every place in a value, as what holds it and its key there. Values are deeper than the stack may be. */
const placesIn = (value: unknown): [Holder, string][] => {
  const places: [Holder, string][] = [];
  const open = [value];
  for (let holder = open.pop(); holder !== undefined; holder = open.pop()) {
    if (!isHolder(holder)) continue;
    for (const [key, inner] of Object.entries(holder)) {
      places.push([holder, key]);
      if (isHolder(inner)) open.push(inner);
    }
  }
  return places;
};

const set = (holder: Holder, key: string, value: unknown): void =>
  // As JSON.parse does it: "__proto__" is a member like any other.
  void Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });

const extraKeys = ['__proto__', 'constructor', 'prototype', 'toString', 'tenantId', 'status', 'id', 'isAdmin', '', 'ä'];

/** Changes a copy of `value` in some places. */
export const mutateValue = (value: unknown, random: Random): unknown => {
  const copy: unknown = structuredClone(value);
  if (random.oneIn(30)) return hostileValue(random);
  for (let left = random.between(1, 3); left > 0; left--) {
    const places = placesIn(copy);
    if (places.length === 0) return hostileValue(random);
    const [holder, key] = random.pick(places);
    const inner = (holder as Record<string, unknown>)[key];
    random.pick<() => void>([
      () => set(holder, key, hostileValue(random)),
      () => set(holder, key, hostileValue(random)),
      () => set(holder, key, [inner]),
      () => void Reflect.deleteProperty(holder, key),
      () => set(holder, random.pick(extraKeys), hostileValue(random)),
      () => set(holder, key.toUpperCase(), inner),
      () => typeof inner === 'string' && set(holder, key, inner + random.pick(['\u0000', ' ', '0', '\u0301', '\n'])),
      () => typeof inner === 'string' && set(holder, key, `-${inner}`),
      () => Array.isArray(inner) && inner.length > 0 && inner.push(...inner, ...inner),
    ])();
  }
  return copy;
};

const asBuffer = (text: string): Buffer => Buffer.from(text, 'utf8');

/** Changes text or bytes, so that what arrives is no JSON, or is read in two ways. */
export const mutateText = (text: string, random: Random): Buffer =>
  random.pick<() => Buffer>([
    () => asBuffer(text.slice(0, random.between(0, text.length))),
    () => asBuffer(`\ufeff${text}`),
    () => asBuffer(`${text}${random.pick([',', '}', ' {}', '\u0000', '//', text])}`),
    () => asBuffer(text.replace('{', '{"number":1,"number":"2",')),
    () => asBuffer(text.replace('{', '{"__proto__":{"polluted":true},')),
    () => asBuffer(text.replace('{', '{"__proto__":null,"\\u005f_proto__":{"a":1},')),
    () => asBuffer(text.replaceAll('"', "'")),
    () =>
      asBuffer(
        text.replace(/\d+/, random.pick(['1e99999', '-1e-99999', '01', '1.', '.5', '0x1', 'NaN', '9'.repeat(400)])),
      ),
    () => asBuffer(text.replace(/"[^"]*"/, '"\\ud800\\u0000"')),
    () => asBuffer('['.repeat(random.between(10, 200_000))),
    () => asBuffer(`${'{"a":'.repeat(random.between(10, 50_000))}1`),
    () => asBuffer(' '.repeat(random.between(1, 100_000)) + text),
    () =>
      Buffer.concat([
        asBuffer(text.slice(0, text.length / 2)),
        Buffer.of(0xc3, 0x28, 0xff),
        asBuffer(text.slice(text.length / 2)),
      ]),
    () => Buffer.from(text, 'utf16le'),
    () => Buffer.from(Array.from({ length: random.between(0, 300) }, () => random.between(0, 255))),
    () => Buffer.alloc(0),
  ])();
