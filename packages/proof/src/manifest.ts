/** What a bundle says of itself: docs/proof.md describes it for those who read it without our code. */
import { canonicalJson, formats, profiles, statuses } from '@invoicepress/invoice';
import { z } from 'zod';

/** The form of bundles as they are written now. */
export const bundleFormat = 'invoicepress-proof@1';

/** Bytes of a manifest that is read; far more than 10,000 events take. */
export const maxManifestBytes = 16 * 2 ** 20;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const instant = z.iso.datetime({ precision: 3 });

const Violation = z.strictObject({
  pointer: z.string(),
  detail: z.string(),
  rule: z.string().optional(),
  term: z.string().optional(),
});

const ProfileReport = z.strictObject({
  source: z.string(),
  held: z.boolean(),
  valid: z.boolean(),
  violations: z.array(Violation),
  violationCount: z.int().min(0),
});

/**
 * A file of the bundle, except for the manifest, its signature and the key. `snapshot` is the frozen invoice, which all
 * documents were made of; a logo and the files of a template of one's own are what else they were made with.
 */
const ManifestFile = z.strictObject({
  path: z.string(),
  role: z.enum(['snapshot', 'document', 'logo', 'template']),
  format: z.enum(formats).optional(),
  mediaType: z.string(),
  sizeBytes: z.int().min(0),
  sha256,
  pages: z.int().optional(),
});
export type ManifestFile = z.infer<typeof ManifestFile>;

const ManifestEvent = z.strictObject({
  id: z.uuid(),
  type: z.string(),
  createdAt: instant,
  status: z.enum(statuses),
  generation: z.int(),
  failure: z.strictObject({ code: z.string(), reason: z.string(), remedy: z.string() }).optional(),
});

export const Manifest = z.strictObject({
  format: z.literal(bundleFormat),
  invoice: z.strictObject({
    id: z.uuid(),
    tenantId: z.uuid(),
    number: z.string(),
    typeCode: z.string(),
    issueDate: z.string(),
    currency: z.string(),
    totals: z.strictObject({
      taxExclusive: z.string(),
      tax: z.string(),
      taxInclusive: z.string(),
      payable: z.string(),
    }),
    generation: z.int(),
    acceptedAt: instant,
    readyAt: instant,
  }),
  template: z.strictObject({ name: z.string(), version: z.string() }),
  /** Versions by name; null for documents of a time when they were not recorded. */
  madeWith: z.record(z.string(), z.string()).nullable(),
  /** The checks that the invoice passed on acceptance (null: not recorded), and what those of the report say. */
  acceptedUnder: z.string().nullable(),
  /** Of the profiles that there were then. */
  rules: z.strictObject({ ruleSet: z.string(), profiles: z.partialRecord(z.enum(profiles), ProfileReport) }),
  files: z.array(ManifestFile).min(2),
  events: z.array(ManifestEvent),
});
export type Manifest = z.infer<typeof Manifest>;

export const writeManifest = (manifest: Manifest): Buffer => Buffer.from(canonicalJson(manifest));

export class ManifestRefused extends Error {
  override readonly name = 'ManifestRefused';
}

/** @throws {ManifestRefused} unless it is a manifest, in the one form that we write */
export const readManifest = (bytes: Uint8Array): Manifest => {
  if (bytes.length > maxManifestBytes) throw new ManifestRefused(`it is larger than ${maxManifestBytes} bytes`);
  const parsed = Manifest.safeParse(parseJson(bytes));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new ManifestRefused(`/${issue?.path.map(String).join('/') ?? ''}: ${issue?.message ?? 'is invalid'}`);
  }
  // One form alone, so that no name can be there twice, with one value for us and another for somebody else.
  if (!writeManifest(parsed.data).equals(bytes)) throw new ManifestRefused('it is not written in its canonical form');
  return parsed.data;
};

const parseJson = (bytes: Uint8Array): unknown => {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new ManifestRefused('it is no JSON in UTF-8');
  }
};

/** `default@1` as the name and the version that it stands for. */
export const toTemplate = (pinned: string): Manifest['template'] => {
  const at = pinned.lastIndexOf('@');
  return at < 1 ? { name: pinned, version: '' } : { name: pinned.slice(0, at), version: pinned.slice(at + 1) };
};

/** `node@24.21.0 typst@0.14.2` as versions by name. */
export const toVersions = (madeWith: string): Record<string, string> =>
  Object.fromEntries(
    madeWith.split(' ').map((entry) => {
      const { name, version } = toTemplate(entry);
      return [name, version];
    }),
  );
