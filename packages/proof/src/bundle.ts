import { formatInfo, type Format, type LogoType } from '@invoicepress/invoice';
import { writeManifest, type Manifest } from './manifest.ts';
import { writeOwnKey, type ProofSigner } from './signature.ts';
import { BundleRefused, readZip, writeZip, type Files } from './zip.ts';

/** What every bundle has beside the files that its manifest lists. */
export const ownFiles = { manifest: 'manifest.json', signature: 'manifest.json.jws', keys: 'jwks.json' } as const;

export const snapshotPath = 'snapshot.json';
/** By format alone: a number may have characters that no file name has. */
export const documentPath = (format: Format): string => `documents/invoice.${formatInfo[format].extension}`;

/** Of the logo that the snapshot names. */
export const logoPath = (mediaType: LogoType): string => `logo.${logoExtensions[mediaType]}`;
const logoExtensions = { 'image/png': 'png', 'image/jpeg': 'jpg', 'image/svg+xml': 'svg' } as const;
/** Of a file of the template that somebody brought, by its path there. */
export const templatePath = (path: string): string => `template/${path}`;
/** No program is to make anything else of them. */
export const templateMediaType = 'application/octet-stream';

/** Whole files of one bundle, in bytes. Several are bound by the memory of whoever makes them. */
export const maxContentBytes = 128 * 2 ** 20;

/**
 * A bundle of what a manifest lists.
 * @param files the bytes of each of the manifest's files, by path
 * @returns a ZIP file: the same bytes for the same manifest, files and key
 */
export const writeBundle = async (manifest: Manifest, files: Files, signer: ProofSigner): Promise<Buffer> => {
  const bytes = writeManifest(manifest);
  const listed = manifest.files.map(({ path }): [string, Uint8Array] => {
    const content = files.get(path);
    if (!content) throw new Error(`the manifest lists ${path}, which was not given`);
    return [path, content];
  });
  return writeZip(
    new Map<string, Uint8Array>([
      [ownFiles.manifest, bytes],
      [ownFiles.signature, Buffer.from(await signer.sign(bytes))],
      [ownFiles.keys, Buffer.from(writeOwnKey(signer))],
      ...listed,
    ]),
  );
};

export interface OpenBundle {
  manifest: Uint8Array;
  signature: string;
  /** The key that the bundle brings along: it proves that nothing was changed since, not by whom it was made. */
  keys: string;
  /** All others. */
  files: Files;
  /** Whether the container is, byte for byte, the one that we would have written around these files. */
  asWritten: boolean;
}

/** @throws {BundleRefused} when it cannot be read safely, or lacks one of its own files */
export const openBundle = async (bytes: Uint8Array): Promise<OpenBundle> => {
  const { files: entries, asWritten } = await readZip(bytes);
  const files = new Map(entries);
  const take = (path: string): Uint8Array => {
    const content = files.get(path);
    if (!content) throw new BundleRefused(`it has no ${path}`);
    files.delete(path);
    return content;
  };
  const [manifest, signature, keys] = [take(ownFiles.manifest), take(ownFiles.signature), take(ownFiles.keys)];
  return {
    manifest,
    signature: Buffer.from(signature).toString(),
    keys: Buffer.from(keys).toString(),
    files,
    asWritten,
  };
};
