import { defaultTemplate, type Assets, type RenderedDocument, type Renderer } from '@invoicepress/documents';
import { findDifferences } from '@invoicepress/documents/consistency';
import { toolchain } from '@invoicepress/documents/toolchain';
import { canonicalJson, formatInfo, isBuiltIn, type Format, type IssuedInvoice } from '@invoicepress/invoice';
import { toVersions, type Files, type Manifest } from '@invoicepress/proof';
import { judge, type Finding } from './report.ts';
import { renderUploaded, type Made, type TemplateBounds } from './uploaded-template.ts';

export interface Material {
  files: Files;
  snapshot: IssuedInvoice;
  renderer: () => Renderer;
  /** Whether a key that was given made the signature. A template that just anybody signed is not run. */
  trusted: boolean;
  templates?: TemplateBounds | undefined;
}

/** Each document made of the snapshot once more, which has to give the same bytes. */
export const checkDocuments = async (manifest: Manifest, material: Material): Promise<Finding[]> => {
  const { files, snapshot, renderer } = material;
  const otherVersions = versionsThatDiffer(manifest);
  const assets = assetsOf(manifest, files);
  const uploaded = await uploadedPdfs(manifest, material, assets);
  return documentsOf(manifest, files).map(({ format, path, bytes }): Finding => {
    const finding = { check: 're-rendering', subject: path } as const;
    const theirs = uploaded && isPdf(format) ? uploaded : undefined;
    const unchecked = (why: string): Finding => ({
      ...finding,
      verdict: 'unchecked',
      detail: `${why}; its figures are read below`,
    });
    const cannot = whyNot(manifest, format);
    if (cannot) return unchecked(cannot);
    if (theirs && 'notRun' in theirs) return unchecked(theirs.notRun);
    const again = theirs ? pick(theirs, format) : renderAgain(renderer, snapshot, assets, format);
    if (again instanceof Error && (!theirs || otherVersions === ''))
      return { ...finding, verdict: 'wrong', detail: `cannot be made of the snapshot: ${again.message}` };
    if (!(again instanceof Error) && Buffer.from(again.bytes).equals(bytes))
      return { ...finding, verdict: 'ok', detail: 'the same bytes' };
    const differs =
      again instanceof Error
        ? `cannot be made: ${again.message}`
        : `differs from byte ${firstDifference(again.bytes, bytes)} on`;
    return otherVersions === ''
      ? { ...finding, verdict: 'wrong', detail: `made of the snapshot by the same versions, it ${differs}` }
      : { ...finding, verdict: 'unchecked', detail: `${otherVersions}; made here, it ${differs}` };
  });
};

/** By the template in the bundle, all at once; undefined where there are none. */
const uploadedPdfs = async (
  manifest: Manifest,
  { files, snapshot, trusted, templates }: Material,
  assets: Assets,
): Promise<Made | undefined> => {
  const formats = documentsOf(manifest, files)
    .map(({ format }) => format)
    .filter(isPdf);
  if (!isUploaded(manifest) || formats.length === 0) return undefined;
  if (!trusted)
    return { notRun: 'its template is a program, which is run only where a key given with --keys vouches for it' };
  return renderUploaded({ files, assets, invoice: { ...snapshot, formats } }, templates);
};

const pick = (made: Exclude<Made, { notRun: string }>, wanted: Format): RenderedDocument | Error => {
  if ('failed' in made) return new Error(made.failed);
  return made.find(({ format }) => format === wanted) ?? new Error('nothing was made');
};

const isPdf = (format: Format): boolean => formatInfo[format].mediaType === 'application/pdf';

const pinnedBy = ({ template }: Manifest): string => `${template.name}@${template.version}`;
const isUploaded = (manifest: Manifest): boolean => !isBuiltIn(pinnedBy(manifest));

/** The logo, by its hash. */
const assetsOf = (manifest: Manifest, files: Files): Assets =>
  Object.fromEntries(
    manifest.files
      .filter(({ role }) => role === 'logo')
      .map(({ path, sha256 }) => [sha256, files.get(path) ?? new Uint8Array()]),
  );

/** One document of the snapshot, by the template of this version. */
const renderAgain = (
  renderer: () => Renderer,
  snapshot: IssuedInvoice,
  assets: Assets,
  format: Format,
): RenderedDocument | Error => {
  if (format === 'json') return { format, bytes: Buffer.from(canonicalJson(snapshot)) }; // it names all formats
  try {
    const [document] = renderer().render({ ...snapshot, formats: [format] }, assets);
    return document ?? new Error('nothing was made');
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
};

/** XML and JSON know no template. */
const whyNot = (manifest: Manifest, format: Format): string | undefined => {
  const pinned = pinnedBy(manifest);
  if (!isPdf(format) || isUploaded(manifest) || pinned === defaultTemplate) return undefined;
  return `made by the template ${pinned}, which this version does not have (it has ${defaultTemplate})`;
};

const versionsThatDiffer = ({ madeWith }: Manifest): string => {
  if (!madeWith) return 'the versions that made it were not recorded';
  const here = toVersions(toolchain);
  const names = [...new Set([...Object.keys(madeWith), ...Object.keys(here)])];
  const differing = names.filter((name) => madeWith[name] !== here[name]);
  return differing
    .map((name) => `made with ${name} ${madeWith[name] ?? '(none)'}, this is ${here[name] ?? '(none)'}`)
    .join(', ');
};

const firstDifference = (a: Uint8Array, b: Uint8Array): number => {
  const index = a.findIndex((byte, at) => byte !== b[at]);
  return index < 0 ? a.length : index;
};

/**
 * Number, currency, totals and parties as each document states them, read back from XML and from the text of pages. What an
 * uploaded template leaves out of its pages is not wrong: whether it may is between its tenant and the law.
 */
export const checkFigures = async (manifest: Manifest, files: Files, snapshot: IssuedInvoice): Promise<Finding> => {
  const documents = documentsOf(manifest, files).map(({ format, bytes }) => ({ format, bytes }));
  const read = (pages: 'ours' | 'uploaded' | 'unread') =>
    findDifferences(documents, snapshot, pages).catch((error: unknown) => [
      `a document cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    ]);
  const uploaded = isUploaded(manifest);
  const found = judge(
    'figures',
    'all documents',
    await read(uploaded ? 'unread' : 'ours'),
    'number, currency, totals and parties are those of the snapshot',
  );
  const leftOut = uploaded && found.verdict === 'ok' ? await read('uploaded') : [];
  if (leftOut.length === 0) return found;
  return { ...found, verdict: 'unchecked', detail: `its template may leave that out: ${leftOut.join(' ')}` };
};

const documentsOf = (manifest: Manifest, files: Files) =>
  manifest.files.flatMap(({ format, path }) => {
    const bytes = files.get(path);
    return format && bytes ? [{ format, path, bytes }] : [];
  });
