/** A bill of materials in CycloneDX 1.6 (ECMA-424): what runs in production, without a time or a place in it. */
import { createHash } from 'node:crypto';
import type { Component } from './components.ts';

export interface Bom {
  bomFormat: 'CycloneDX';
  specVersion: '1.6';
  serialNumber: string;
  version: 1;
  metadata: { component: { type: 'application'; 'bom-ref': string; name: string; version: string } };
  components: BomComponent[];
  dependencies: { ref: string; dependsOn: string[] }[];
}
interface BomComponent {
  type: 'library';
  'bom-ref': string;
  group?: string;
  name: string;
  version: string;
  purl: string;
  hashes: { alg: 'SHA-512'; content: string }[];
  licenses?: [{ expression: string } | { license: { name: string } }];
}

/** The same lockfile gives the same bill, on every platform and at any time. */
export const toBom = (components: readonly Component[], product: { name: string; version: string }): Bom => {
  const own = `pkg:generic/${product.name}@${product.version}`;
  const body = {
    metadata: { component: { type: 'application' as const, 'bom-ref': own, ...product } },
    components: components.map(toComponent),
    dependencies: [
      { ref: own, dependsOn: components.filter(({ direct }) => direct).map(purlOf) },
      ...components.map((component) => ({ ref: purlOf(component), dependsOn: component.needs.map(purlOfId) })),
    ],
  };
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: uuidOf(JSON.stringify(body)),
    version: 1,
    ...body,
  };
};

const toComponent = (component: Component): BomComponent => {
  const { name, version, integrity, licence, platform } = component;
  const [scope, plain] = name.startsWith('@') ? name.split('/') : [undefined, name];
  return {
    type: 'library',
    'bom-ref': purlOf(component),
    ...(scope && { group: scope }),
    name: plain ?? name,
    version,
    purl: purlOf(component),
    hashes: [{ alg: 'SHA-512', content: Buffer.from(integrity.slice('sha512-'.length), 'base64').toString('hex') }],
    // Known of one platform alone, it would make bills of several differ.
    ...(licence !== undefined && !platform && { licenses: [licenceIn(licence)] }),
  };
};

/** Names of licences joined as SPDX wants it, or whatever else the package says. */
const licenceIn = (licence: string): { expression: string } | { license: { name: string } } =>
  /^[\w.+()-]+(?: (?:AND|OR|WITH) [\w.+()-]+)*$/.test(licence)
    ? { expression: licence }
    : { license: { name: licence } };

const idOf = ({ name, version }: Component): string => `${name}@${version}`;
const purlOf = (component: Component): string => purlOfId(idOf(component));
/** Package URL: an npm scope is its namespace, with its "@" encoded. */
const purlOfId = (id: string): string => `pkg:npm/${id.replace(/^@/, '%40')}`;

/** A UUID that follows from the content (RFC 9562, version 8). */
const uuidOf = (content: string): string => {
  const bytes = createHash('sha256').update(content).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return `urn:uuid:${bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')}`;
};
