import assert from 'node:assert/strict';
import { createHmac, createPublicKey, generateKeyPairSync, sign as signWith } from 'node:crypto';
import { test } from 'node:test';
import { createProofSigner, readPublicKeys, SignatureRefused, verifySignature } from '../src/index.ts';

const aKey = () => generateKeyPairSync('ed25519').privateKey;
const pem = (key: ReturnType<typeof aKey>) => key.export({ type: 'pkcs8', format: 'pem' }).toString();
const publicPem = (key: ReturnType<typeof aKey>) =>
  createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString();

const key = aKey();
const signer = await createProofSigner(pem(key));
const content = Buffer.from('{"format":"invoicepress-proof@1"}\n');
const signature = await signer.sign(content);
const refused = (jws: string, why: RegExp, keys = signer.publicKeys) =>
  assert.rejects(
    verifySignature(jws, content, keys),
    (error) => error instanceof SignatureRefused && why.test(error.message),
  );
const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

test('a signature is detached, deterministic, and holds by the public key', async () => {
  assert.match(signature, /^[\w-]+\.\.[\w-]+$/);
  assert.equal(await signer.sign(content), signature);
  assert.equal(await verifySignature(signature, content, signer.publicKeys), signer.kid);
});

test('another content, another key, and no signature at all are refused', async () => {
  await assert.rejects(verifySignature(signature, Buffer.from('{}'), signer.publicKeys), SignatureRefused);
  await refused(signature, /none of the keys/, (await createProofSigner(pem(aKey()))).publicKeys);
  for (const jws of ['', '..', 'a.b.c', signature.slice(0, -4), `${signature}.x`, signature.replace('..', '.e30.')])
    await refused(jws, /./);
});

test('a header chooses neither the algorithm nor the purpose', async () => {
  const { kid } = signer;
  const typ = 'invoicepress-proof+jws';
  const payload = content.toString('base64url');
  const unsigned = encoded({ alg: 'none', kid, typ });
  await refused(`${unsigned}..`, /./);
  const symmetric = encoded({ alg: 'HS256', kid, typ });
  const mac = createHmac('sha256', publicPem(key)).update(`${symmetric}.${payload}`).digest('base64url');
  await refused(`${symmetric}..${mac}`, /./);
  const withKey = (header: string) =>
    `${header}..${signWith(null, Buffer.from(`${header}.${payload}`), key).toString('base64url')}`;
  await refused(withKey(encoded({ alg: 'EdDSA', kid, typ: 'at+jwt' })), /another purpose/);
  await refused(withKey(encoded({ alg: 'EdDSA', kid, typ, crit: ['exp'], exp: 1 })), /./);
});

test('what a former key signed holds by the key set that is served today', async () => {
  const current = await createProofSigner(pem(aKey()), publicPem(key) + publicPem(aKey()));
  assert.equal(current.allPublicKeys.keys.length, 3);
  assert.equal(await verifySignature(signature, content, current.allPublicKeys), signer.kid);
  assert.ok(!JSON.stringify(current.allPublicKeys).includes('"d"'), 'no private key in it');
});

test('keys are read as a key set or as PEM, and nothing else', async () => {
  assert.deepEqual(await readPublicKeys(publicPem(key)), signer.publicKeys);
  assert.deepEqual(await readPublicKeys(JSON.stringify(signer.publicKeys)), signer.publicKeys);
  for (const text of [
    '',
    '{}',
    '[]',
    'null',
    '{"keys":1}',
    '-----BEGIN PUBLIC KEY-----\nx\n-----END PUBLIC KEY-----',
    '-----BEGIN',
  ])
    await assert.rejects(readPublicKeys(text), SignatureRefused, text);
});
