import { createHmac, timingSafeEqual } from 'node:crypto';
import { SignedUrlExpired, SignedUrlInvalid, StorageSettingsError } from './errors.ts';
import { isKey } from './object.ts';
import { maxSignedUrlSeconds, type SignedUrlRequest } from './storage.ts';

export interface UrlSigning {
  /** At least 32 bytes; absent in a process that neither signs nor serves. */
  secret: string | undefined;
  /** Sign nothing here, but what others signed with them holds. */
  furtherSecrets: readonly string[];
  /** Such as `https://api.example.com/files`. */
  publicUrl: string | undefined;
}

type Grant = Omit<SignedUrlRequest, 'expiresInSeconds'> & { expires: number };

const parameterNames = ['disposition', 'expires', 'name', 'signature', 'type'];

/** A URL to GET one object as one media type under one name until one moment; change any of it and it is worthless. */
export const signUrl = (request: SignedUrlRequest, { secret, publicUrl }: UrlSigning, now: Date): string => {
  if (!publicUrl)
    throw new StorageSettingsError("STORAGE_PUBLIC_URL is missing; set it to the address of the API's /files.");
  const { key, disposition, mediaType, fileName } = request;
  const expires = Math.floor(now.getTime() / 1000) + request.expiresInSeconds;
  const grant: Grant = { key, disposition, mediaType, fileName: fileName.toWellFormed(), expires };
  const query = new URLSearchParams({
    expires: String(expires),
    type: mediaType,
    disposition,
    name: grant.fileName,
    signature: signatureOf(grant, secret).toString('base64url'),
  });
  return `${publicUrl.replace(/\/+$/, '')}/${key}?${query}`;
};

/**
 * What a signed URL grants. Only the last three parts of its path count, so it may be mounted anywhere.
 *
 * @throws SignedUrlInvalid, SignedUrlExpired
 */
export const verifySignedUrl = (
  url: string,
  { secret, furtherSecrets }: UrlSigning,
  now: Date,
): Grant & { secondsLeft: number } => {
  const { grant, signature } = readUrl(url);
  const holds = [secret, ...furtherSecrets].some((key) => {
    const expected = signatureOf(grant, key);
    return signature.length === expected.length && timingSafeEqual(signature, expected);
  });
  if (!holds) throw new SignedUrlInvalid();
  const secondsLeft = grant.expires - Math.floor(now.getTime() / 1000);
  if (secondsLeft <= 0) throw new SignedUrlExpired();
  return { ...grant, secondsLeft: Math.min(secondsLeft, maxSignedUrlSeconds) };
};

const readUrl = (text: string): { grant: Grant; signature: Buffer } => {
  if (!URL.canParse(text, 'http://any')) throw new SignedUrlInvalid();
  const { pathname, searchParams } = new URL(text, 'http://any');
  const key = pathname.split('/').slice(-3).join('/');
  const names = [...searchParams.keys()].sort();
  if (!isKey(key) || names.join() !== parameterNames.join()) throw new SignedUrlInvalid();
  const value = (name: string): string => searchParams.get(name) ?? '';
  const disposition = value('disposition');
  if ((disposition !== 'inline' && disposition !== 'attachment') || !/^\d{1,12}$/.test(value('expires')))
    throw new SignedUrlInvalid();
  return {
    grant: { key, disposition, mediaType: value('type'), fileName: value('name'), expires: Number(value('expires')) },
    signature: Buffer.from(value('signature'), 'base64url'),
  };
};

/** JSON keeps the parts apart, so that nothing can be moved from one into the next. */
const signatureOf = ({ key, expires, mediaType, disposition, fileName }: Grant, secret: string | undefined): Buffer => {
  if (!secret) throw new StorageSettingsError('STORAGE_SIGNING_KEY is missing; make one with: openssl rand -hex 32');
  return createHmac('sha256', secret)
    .update(JSON.stringify(['GET', key, expires, mediaType, disposition, fileName]))
    .digest();
};
