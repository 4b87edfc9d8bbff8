/**
 * The signature over a manifest: a JSON Web Signature (RFC 7515) with detached content (its appendix F), by Ed25519
 * (RFC 8037). It is deterministic, so the same manifest and key give the same bundle.
 */
import {
  calculateJwkThumbprint,
  createLocalJWKSet,
  errors,
  exportJWK,
  FlattenedSign,
  flattenedVerify,
  type JSONWebKeySet,
  type JWK,
} from 'jose';
import { canonicalJson } from '@invoicepress/invoice';
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';

/** Keys that are given to anybody who verifies (RFC 7517). */
export type KeySet = JSONWebKeySet;

const algorithm = 'EdDSA';
/** What a signature of ours says that it is for, so that one made for another purpose does not pass (RFC 8725, 3.11). */
const type = 'invoicepress-proof+jws';

export interface ProofSigner {
  /** The thumbprint of its public key (RFC 7638). */
  kid: string;
  /** The public key that verifies what it signs. */
  publicKeys: KeySet;
  /** That one, and those of the keys before it. */
  allPublicKeys: KeySet;
  /**
   * @param purpose what the signature is for: a manifest, unless it is said
   * @returns the compact serialisation with nothing between the dots where the content would stand
   */
  sign(content: Uint8Array, purpose?: string): Promise<string>;
}

export class SignatureRefused extends Error {
  override readonly name = 'SignatureRefused';
}

/**
 * @param privateKeyPem Ed25519, PKCS #8
 * @param formerPublicKeysPem Ed25519, SPKI, one after the other; of bundles that were signed before the key was changed
 */
export const createProofSigner = async (privateKeyPem: string, formerPublicKeysPem = ''): Promise<ProofSigner> => {
  const privateKey = createPrivateKey(privateKeyPem);
  const own = await publicJwk(createPublicKey(privateKey));
  const former = await Promise.all(publicKeysIn(formerPublicKeysPem).map(publicJwk));
  const kid = own.kid;
  return {
    kid,
    publicKeys: { keys: [own] },
    allPublicKeys: { keys: [own, ...former.filter((key) => key.kid !== kid)] },
    sign: async (content, purpose = type) => {
      const header = { alg: algorithm, kid, typ: purpose };
      const jws = await new FlattenedSign(content).setProtectedHeader(header).sign(privateKey);
      return `${jws.protected}..${jws.signature}`;
    },
  };
};

/** @returns the `kid` of the key that signed @throws {SignatureRefused} saying why it does not hold */
export const verifySignature = async (
  jws: string,
  content: Uint8Array,
  keys: KeySet,
  purpose = type,
): Promise<string> => {
  const [header, between, signature, ...more] = jws.split('.');
  if (!header || between !== '' || !signature || more.length > 0)
    throw new SignatureRefused('it is no detached JSON Web Signature');
  const payload = Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString('base64url');
  try {
    const { protectedHeader } = await flattenedVerify(
      { protected: header, payload, signature },
      createLocalJWKSet(keys),
      { algorithms: [algorithm] },
    );
    if (protectedHeader?.typ !== purpose) throw new SignatureRefused('it was made for another purpose');
    return protectedHeader.kid ?? '';
  } catch (error) {
    if (error instanceof errors.JWKSNoMatchingKey) throw new SignatureRefused('none of the keys made it');
    if (error instanceof errors.JWSSignatureVerificationFailed)
      throw new SignatureRefused('it does not hold for this manifest');
    if (error instanceof errors.JOSEError) throw new SignatureRefused(`it cannot be checked: ${error.message}`);
    throw error;
  }
};

/** @throws {SignatureRefused} unless the text is a JWKS, or a public key in PEM */
export const readPublicKeys = async (text: string): Promise<KeySet> => {
  try {
    const pem = publicKeysIn(text);
    if (pem.length > 0) return { keys: await Promise.all(pem.map(publicJwk)) };
    const set = JSON.parse(text) as KeySet;
    createLocalJWKSet(set); // checks its shape
    return set;
  } catch (cause) {
    throw new SignatureRefused('the keys are neither a JSON Web Key Set (RFC 7517) nor public keys in PEM', { cause });
  }
};

/** The key file of a bundle: one key, in one form alone. */
export const writeOwnKey = ({ publicKeys }: ProofSigner): string => canonicalJson(publicKeys);

/** @throws {SignatureRefused} unless it is what `writeOwnKey` gives for some key */
export const readOwnKey = async (text: string): Promise<KeySet> => {
  const [key, ...more] = (await readPublicKeys(text)).keys;
  const set = key && more.length === 0 ? { keys: [await publicJwk(importOwn(key))] } : undefined;
  if (!set || canonicalJson(set) !== text)
    throw new SignatureRefused('the key in the bundle is not written as we write it');
  return set;
};

const importOwn = (key: JWK): KeyObject => {
  try {
    return createPublicKey({ key, format: 'jwk' });
  } catch (cause) {
    throw new SignatureRefused('the key in the bundle is none', { cause });
  }
};

/** Whether it is an Ed25519 key; never throws. */
export const isEd25519 = (pem: string, kind: 'private' | 'public'): boolean => {
  try {
    const key = kind === 'private' ? createPrivateKey(pem) : createPublicKey(pem);
    return key.asymmetricKeyType === 'ed25519';
  } catch {
    return false;
  }
};

/** The keys in a text of PEM blocks. */
export const publicKeysIn = (pem: string): string[] =>
  pem.match(/-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----/g) ?? [];

const publicJwk = async (key: KeyObject | string): Promise<JWK & { kid: string }> => {
  const jwk = await exportJWK(typeof key === 'string' ? createPublicKey(key) : key);
  return { ...jwk, kid: await calculateJwkThumbprint(jwk), alg: algorithm, use: 'sig' };
};
