import type {
  CreateSellerProfile,
  Logo,
  LogoList,
  SellerProfile,
  SellerProfileList,
  UpdateSellerProfile,
} from './contract/index.ts';
import type { z } from 'zod';
import type { SendJson } from './webhook-methods.ts';

interface KeyOptions {
  idempotencyKey?: string;
}

const profiles = '/v1/seller-profiles';
const profile = (id: string): string => `${profiles}/${encodeURIComponent(id)}`;

/** The part of the client that is about who sells, and how documents look. */
export const sellerProfileMethods = (json: SendJson, keyed: (key?: string) => Record<string, string>) => ({
  createSellerProfile: (given: CreateSellerProfile, { idempotencyKey }: KeyOptions = {}) =>
    json<SellerProfile>('POST', profiles, { body: given, headers: keyed(idempotencyKey) }),
  listSellerProfiles: async (): Promise<SellerProfile[]> =>
    (await json<z.infer<typeof SellerProfileList>>('GET', profiles)).profiles,
  getSellerProfile: (id: string) => json<SellerProfile>('GET', profile(id)),
  /** Of invoices to come; what was accepted keeps what was frozen in it. */
  updateSellerProfile: (id: string, changes: UpdateSellerProfile) =>
    json<SellerProfile>('PATCH', profile(id), { body: changes }),
  /** The answer is the profile as it was. */
  deleteSellerProfile: (id: string) => json<SellerProfile>('DELETE', profile(id)),

  /** PNG, JPEG or SVG. The same bytes are the same logo, however often they are uploaded. */
  uploadLogo: (bytes: Uint8Array, { idempotencyKey }: KeyOptions = {}) =>
    json<Logo>('POST', '/v1/logos', { body: { base64: base64Of(bytes) }, headers: keyed(idempotencyKey) }),
  listLogos: async (): Promise<Logo[]> => (await json<z.infer<typeof LogoList>>('GET', '/v1/logos')).logos,
  /** @throws {ProblemError} logo-in-use: a profile or an accepted invoice has it */
  deleteLogo: (sha256: string) => json<Logo>('DELETE', `/v1/logos/${encodeURIComponent(sha256)}`),
});

/** As browsers have it too; a spread of half a million arguments would not fit on the stack. */
const base64Of = (bytes: Uint8Array): string => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
