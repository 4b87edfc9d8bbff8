import { decrypt, encrypt } from './aes-gcm.ts';

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

const sealingWith = (bytes: Buffer): Sealing => ({
  seal: (text, place) => Uint8Array.from(encrypt(bytes, text, place)),
  open: (sealed, place) => {
    try {
      return decrypt(bytes, sealed, place).toString('utf8');
    } catch (cause) {
      throw new SealBroken(
        'a webhook secret cannot be opened; give WEBHOOK_SEALING_KEY the value that it was sealed with, or rotate the secret',
        { cause },
      );
    }
  },
});
