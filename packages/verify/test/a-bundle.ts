import { createRenderer, defaultTemplate } from '@invoicepress/documents';
import { anIssuedInvoice } from '@invoicepress/documents/testing';
import { toolchain } from '@invoicepress/documents/toolchain';
import {
  canonicalJson,
  formatInfo,
  formats,
  reportRules,
  ruleSet,
  type InvoiceDraft,
  type Logo,
} from '@invoicepress/invoice';
import {
  bundleFormat,
  createProofSigner,
  documentPath,
  logoPath,
  snapshotPath,
  toTemplate,
  toVersions,
  type Manifest,
  type ManifestFile,
  type ProofSigner,
} from '@invoicepress/proof';
import { createHash, generateKeyPairSync } from 'node:crypto';

export const aSigner = (): Promise<ProofSigner> =>
  createProofSigner(generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());

export const renderer = createRenderer();

const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const event = (type: string, status: Manifest['events'][number]['status'], seconds: number) => ({
  id: `0193b6f0-0000-7000-8000-00000000000${seconds}`,
  type,
  createdAt: `2026-11-22T10:00:0${seconds}.000Z`,
  status,
  generation: 1,
});

const drawing = Buffer.from(
  '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"><circle cx="9" cy="9" r="9"/></svg>',
);
export const aLogo: Logo = { sha256: sha256Of(drawing), mediaType: 'image/svg+xml', width: 40, height: 30 };

/** What the API puts into a bundle, for an invoice that never saw a database; branded, with `aLogo`. */
export const aProof = (draft: Partial<InvoiceDraft> = {}): { manifest: Manifest; files: Map<string, Uint8Array> } => {
  const invoice = anIssuedInvoice({ formats: [...formats], ...draft });
  const snapshot = Buffer.from(canonicalJson(invoice));
  const files = new Map<string, Uint8Array>([[snapshotPath, snapshot]]);
  const listed: ManifestFile[] = [
    {
      path: snapshotPath,
      role: 'snapshot',
      mediaType: 'application/json',
      sizeBytes: snapshot.length,
      sha256: sha256Of(snapshot),
    },
  ];
  if (invoice.branding?.logo) {
    const path = logoPath(aLogo.mediaType);
    files.set(path, drawing);
    listed.push({ path, role: 'logo', mediaType: aLogo.mediaType, sizeBytes: drawing.length, sha256: aLogo.sha256 });
  }
  for (const { format, bytes, pageCount } of renderer.render(invoice, { [aLogo.sha256]: drawing })) {
    files.set(documentPath(format), bytes);
    listed.push({
      path: documentPath(format),
      role: 'document',
      format,
      mediaType: formatInfo[format].mediaType,
      sizeBytes: bytes.length,
      sha256: sha256Of(bytes),
      ...(pageCount !== undefined && { pages: pageCount }),
    });
  }
  const { taxExclusive, tax, taxInclusive, payable } = invoice.totals;
  const manifest: Manifest = {
    format: bundleFormat,
    invoice: {
      id: '0193b6f0-1111-7000-8000-000000000001',
      tenantId: '0193b6f0-2222-7000-8000-000000000002',
      number: invoice.number,
      typeCode: invoice.typeCode,
      issueDate: invoice.issueDate,
      currency: invoice.currency,
      totals: { taxExclusive, tax, taxInclusive, payable },
      generation: 1,
      acceptedAt: '2026-11-22T10:00:00.000Z',
      readyAt: '2026-11-22T10:00:02.000Z',
    },
    template: toTemplate(defaultTemplate),
    madeWith: toVersions(toolchain),
    acceptedUnder: ruleSet,
    rules: reportRules(invoice),
    files: listed,
    events: [
      event('invoice.accepted', 'queued', 0),
      event('invoice.rendering', 'rendering', 1),
      event('invoice.ready', 'ready', 2),
    ],
  };
  return { manifest, files };
};

/** A bundle with other bytes for one file, the manifest and its signature made to fit: an issuer who lies. */
export const relabelled = (
  { manifest, files }: ReturnType<typeof aProof>,
  path: string,
  bytes: Uint8Array,
): ReturnType<typeof aProof> => ({
  manifest: {
    ...manifest,
    files: manifest.files.map((file) =>
      file.path === path ? { ...file, sizeBytes: bytes.length, sha256: sha256Of(bytes) } : file,
    ),
  },
  files: new Map([...files, [path, bytes]]),
});
