import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readComponents, readLockfile, toBom, type Bom } from '../src/index.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
/** Of the official JSON schema (ECMA-424), which the library brings along; strict refuses what it does not know. */
const official = new Validation.JsonStrictValidator(Spec.Version.v1dot6);
const faultsOf = (bom: Bom): Promise<unknown> => official.validate(JSON.stringify(bom));

test('the bill of materials of this workspace is valid by the official schema', async () => {
  const bom = toBom(readComponents(root, readLockfile(root)), { name: 'invoicepress', version: '1.0.0' });
  assert.ok(bom.components.length > 100);
  assert.equal(await faultsOf(bom), null);
});

test('what the official schema does not know is found', async () => {
  const bom = toBom([], { name: 'invoicepress', version: '1.0.0' });
  assert.equal(await faultsOf(bom), null);
  assert.notEqual(await faultsOf({ ...bom, serialNumber: 'urn:uuid:1' }), null);
  assert.notEqual(await faultsOf({ ...bom, remark: 'of ours' } as Bom), null);
});
