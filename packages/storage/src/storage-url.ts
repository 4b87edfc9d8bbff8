import { fileURLToPath } from 'node:url';

/**
 * `STORAGE_URL` chooses the driver:
 *
 *     file:///var/lib/invoicepress/documents
 *     s3://bucket/prefix?region=eu-central-1&endpoint=https://s3.example.com&forcePathStyle=true&sse=aws:kms&kmsKeyId=…
 *
 * All parameters are optional. No message here repeats a value, for a URL may carry credentials
 * (`s3://key:secret@bucket`: for tests; elsewhere use the AWS provider chain or S3_ACCESS_KEY_ID).
 */
export type StorageTarget = { kind: 'file'; folder: string } | ({ kind: 's3' } & S3Target);

export interface S3Target {
  bucket: string;
  /** Empty, or such as `documents/`. */
  prefix: string;
  region?: string;
  endpoint?: string;
  forcePathStyle: boolean;
  encryption?: { algorithm: 'AES256' } | { algorithm: 'aws:kms'; keyId?: string };
  credentials?: { accessKeyId: string; secretAccessKey: string };
}

export class StorageUrlError extends Error {
  override readonly name = 'StorageUrlError';
}

const forms = 's3://bucket?region=… or file:///folder';
const s3Parameters = ['region', 'endpoint', 'forcePathStyle', 'sse', 'kmsKeyId'];

/** @throws StorageUrlError that names every faulty part. */
export const parseStorageUrl = (text: string): StorageTarget => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  try {
    if (url?.protocol === 's3:') return s3Target(url);
    if (url?.protocol === 'file:') return fileTarget(url);
  } catch (error) {
    if (error instanceof URIError)
      throw new StorageUrlError('has a "%" that begins no UTF-8 percent-encoding; write it as %25');
    throw error;
  }
  throw new StorageUrlError(`must be a URL such as ${forms}`);
};

const fileTarget = (url: URL): StorageTarget => {
  if (url.host) throw new StorageUrlError('needs three slashes and an absolute path: file:///folder');
  if (url.search || url.hash)
    throw new StorageUrlError('takes no parameters after file:///folder; percent-encode "?" and "#" in a path');
  if (url.pathname === '/') throw new StorageUrlError('must name a folder, not the root of the file system');
  if (/%2f|%00/i.test(url.pathname)) throw new StorageUrlError('has a path with an encoded slash or NUL in it');
  return { kind: 'file', folder: fileURLToPath(url) };
};

const s3Target = (url: URL): StorageTarget => {
  const parameters = url.searchParams;
  const value = (name: string): string | undefined => parameters.get(name) ?? undefined;
  const [region, endpoint, sse, kmsKeyId] = [value('region'), value('endpoint'), value('sse'), value('kmsKeyId')];
  const prefix = url.pathname.replace(/^\/|\/$/g, '');
  const faults = [
    ...parameterFaults(parameters),
    ...placeFaults(url, prefix, endpoint),
    ...encryptionFaults(sse, kmsKeyId),
  ];
  if (region !== undefined && !/^[a-z0-9-]{1,40}$/.test(region)) faults.push('region: must be such as eu-central-1');
  if (faults.length > 0) throw new StorageUrlError(`has faulty parts: ${faults.join('; ')}`);
  return {
    kind: 's3',
    bucket: url.hostname,
    prefix: prefix && `${prefix}/`,
    ...(region && { region }),
    ...(endpoint && { endpoint }),
    forcePathStyle: value('forcePathStyle') === 'true',
    ...(sse === 'AES256' && { encryption: { algorithm: 'AES256' } }),
    ...(sse === 'aws:kms' && { encryption: { algorithm: 'aws:kms', ...(kmsKeyId && { keyId: kmsKeyId }) } }),
    ...(url.username && {
      credentials: { accessKeyId: decodeURIComponent(url.username), secretAccessKey: decodeURIComponent(url.password) },
    }),
  };
};

const parameterFaults = (parameters: URLSearchParams): string[] => {
  const names = [...new Set(parameters.keys())];
  const unknown = names.filter((name) => !s3Parameters.includes(name));
  const faults = unknown.map(
    (name) => `${JSON.stringify(name.slice(0, 40))}: no such parameter (known: ${s3Parameters.join(', ')})`,
  );
  for (const name of names.filter((known) => s3Parameters.includes(known))) {
    if (parameters.getAll(name).length > 1) faults.push(`${name}: given twice`);
    if (parameters.get(name) === '') faults.push(`${name}: is empty; leave it out instead`);
  }
  if (!['true', 'false', null].includes(parameters.get('forcePathStyle')))
    faults.push('forcePathStyle: must be true or false');
  return faults;
};

const placeFaults = (url: URL, prefix: string, endpoint: string | undefined): string[] => {
  const faults: string[] = [];
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(url.hostname))
    faults.push('bucket: must have 3 to 63 of a-z, 0-9, "." and "-"');
  if (url.port) faults.push('port: belongs to the endpoint parameter');
  if (url.hash) faults.push('"#": must be percent-encoded');
  if (prefix && !prefix.split('/').every((part) => /^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,63}$/.test(part))) {
    faults.push('prefix: may have letters, digits, "_", "-" and "." between slashes');
  }
  if (Boolean(url.username) !== Boolean(url.password)) faults.push('credentials: need both parts (or none)');
  if (endpoint && !isPlainOrigin(endpoint))
    faults.push('endpoint: must be http://host:port or https://host, without path or credentials');
  return faults;
};

const encryptionFaults = (sse: string | undefined, kmsKeyId: string | undefined): string[] => {
  if (sse && sse !== 'AES256' && sse !== 'aws:kms') return ['sse: must be AES256 or aws:kms'];
  if (kmsKeyId && sse !== 'aws:kms') return ['kmsKeyId: goes with sse=aws:kms only'];
  return [];
};

const isPlainOrigin = (text: string): boolean => {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, pathname, search, hash } = new URL(text);
  return ['http:', 'https:'].includes(protocol) && pathname === '/' && !(username || password || search || hash);
};
