import { createRenderer, type Renderer } from '@invoicepress/documents';
import {
  BundleRefused,
  ManifestRefused,
  openBundle,
  readManifest,
  snapshotPath,
  type KeySet,
  type Manifest,
  type OpenBundle,
} from '@invoicepress/proof';
import { checkDocuments, checkFigures } from './check-documents.ts';
import { checkFiles } from './check-files.ts';
import { checkRules } from './check-rules.ts';
import { checkSignature } from './check-signature.ts';
import { checkEvents, checkSnapshot, readSnapshot } from './check-snapshot.ts';
import { judge, toVerdict, type Finding, type Report } from './report.ts';
import type { TemplateBounds } from './uploaded-template.ts';

export interface VerifyOptions {
  /** The issuer's public keys; without them only what the bundle says of itself is checked. */
  keys?: KeySet | undefined;
  /** Made when it is first needed. */
  renderer?: () => Renderer;
  /** For templates that come in bundles. */
  templates?: TemplateBounds;
}

/**
 * Checks a bundle from the outside to the inside: its container, its manifest, the signature, every file, and then, if
 * all of that holds, what the files say. What was changed on the way is never typeset, and a template that came in the
 * bundle only where a given key vouches for it. Never throws for what is in it.
 */
export const verifyBundle = async (bytes: Uint8Array, options: VerifyOptions = {}): Promise<Report> => {
  const opened = await attempt('container', 'the bundle', () => openBundle(bytes));
  if ('finding' in opened) return { verdict: 'wrong', findings: [opened.finding] };
  const bundle = opened.value;
  const container = judge(
    'container',
    'the bundle',
    bundle.asWritten ? [] : ['it is not as it was written: its bytes were changed, or it was packed anew'],
    `${bytes.length} bytes, as they were written`,
  );

  const { finding: signed, signature } = await checkSignature(bundle, options.keys);
  const read = await attempt('manifest', 'manifest.json', () => readManifest(bundle.manifest));
  if ('finding' in read) return { verdict: 'wrong', findings: [container, signed, read.finding] };
  const manifest = read.value;
  const { id, tenantId, number, readyAt } = manifest.invoice;

  const outside = [
    container,
    judge('manifest', 'manifest.json', [], manifest.format),
    signed,
    ...checkFiles(manifest, bundle.files),
  ];
  const findings = outside.some(({ verdict }) => verdict === 'wrong')
    ? outside
    : [...outside, ...(await checkContents(manifest, bundle, options, signature?.trusted === true))];
  return {
    verdict: toVerdict(findings),
    invoice: { id, tenantId, number, readyAt },
    ...(signature && { signature }),
    findings,
  };
};

const checkContents = async (
  manifest: Manifest,
  { files }: OpenBundle,
  { renderer = once(createRenderer), templates }: VerifyOptions,
  trusted: boolean,
): Promise<Finding[]> => {
  const snapshot = readSnapshot(files.get(snapshotPath) ?? new Uint8Array());
  if (!snapshot) return [judge('snapshot', snapshotPath, ['it is no frozen invoice in its canonical form'], '')];
  return [
    checkSnapshot(manifest, snapshot),
    checkEvents(manifest),
    ...checkRules(manifest, snapshot),
    ...(await checkDocuments(manifest, { files, snapshot, renderer, trusted, templates })),
    await checkFigures(manifest, files, snapshot),
  ];
};

const once = <T>(make: () => T): (() => T) => {
  let made: T | undefined;
  return () => (made ??= make());
};

/** A refusal, as the finding that it is. */
const attempt = async <T>(
  check: Finding['check'],
  subject: string,
  act: () => T | Promise<T>,
): Promise<{ value: T } | { finding: Finding }> => {
  try {
    return { value: await act() };
  } catch (error) {
    if (error instanceof BundleRefused || error instanceof ManifestRefused)
      return { finding: judge(check, subject, [error.message], '') };
    throw error;
  }
};
