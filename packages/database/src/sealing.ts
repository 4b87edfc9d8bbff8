import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** The form of what is sealed: a version, a nonce, AES-256-GCM's tag, and as many bytes as the text has. */
const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEAD_BYTES = 1 + NONCE_BYTES + TAG_BYTES;

/** Keeps secrets that must be read again. What was sealed for one place opens in no other. */
export interface Sealing {
  seal(text: string, place: string): Uint8Array<ArrayBuffer>;
  /** @throws {SealBroken} sealed under another key or for another place, or changed */
  open(sealed: Uint8Array, place: string): string;
}

export class SealBroken extends Error {
  override readonly name = 'SealBroken';
}

/**
 * @param key 32 bytes, base64: the setting WEBHOOK_SEALING_KEY
 * @param furtherKeys the same, of keys that seal nothing here but open what others sealed with them
 */
export const createSealing = (key: string, furtherKeys: readonly string[] = []): Sealing => {
  const sealings = [key, ...furtherKeys].map((each) => sealingWith(Buffer.from(each, 'base64')));
  return {
    seal: (text, place) => (sealings[0] as Sealing).seal(text, place),
    open: (sealed, place) => {
      let broken: unknown;
      for (const { open } of sealings) {
        try {
          return open(sealed, place);
        } catch (error) {
          broken ??= error;
        }
      }
      throw broken;
    },
  };
};

const sealingWith = (bytes: Buffer): Sealing => {
  return {
    seal: (text, place) => {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', bytes, nonce).setAAD(Buffer.from(place));
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Uint8Array.from(Buffer.concat([Buffer.from([VERSION]), nonce, cipher.getAuthTag(), sealed]));
    },
    open: (sealed, place) => {
      try {
        if (sealed[0] !== VERSION) throw new Error(`version ${sealed[0]} is unknown`);
        const nonce = sealed.subarray(1, 1 + NONCE_BYTES);
        const decipher = createDecipheriv('aes-256-gcm', bytes, nonce, { authTagLength: TAG_BYTES })
          .setAAD(Buffer.from(place))
          .setAuthTag(sealed.subarray(1 + NONCE_BYTES, HEAD_BYTES));
        return Buffer.concat([decipher.update(sealed.subarray(HEAD_BYTES)), decipher.final()]).toString('utf8');
      } catch (cause) {
        throw new SealBroken(
          'a webhook secret cannot be opened; give WEBHOOK_SEALING_KEY the value that it was sealed with, or rotate the secret',
          { cause },
        );
      }
    },
  };
};
