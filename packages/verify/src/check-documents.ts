import { defaultTemplate, type Assets, type RenderedDocument, type Renderer } from '@invoicepress/documents';
import { findDifferences } from '@invoicepress/documents/consistency';
import { toolchain } from '@invoicepress/documents/toolchain';
import { canonicalJson, formatInfo, isBuiltIn, type Format, type IssuedInvoice } from '@invoicepress/invoice';
import { toVersions, type Files, type Manifest } from '@invoicepress/proof';
import { judge, type Finding } from './report.ts';

/** Each document made of the snapshot once more, which has to give the same bytes. */
export const checkDocuments = (
  manifest: Manifest,
  { files, snapshot, renderer }: { files: Files; snapshot: IssuedInvoice; renderer: () => Renderer },
): Finding[] => {
  const otherVersions = versionsThatDiffer(manifest);
  const assets = assetsOf(manifest, files);
  return documentsOf(manifest, files).map(({ format, path, bytes }): Finding => {
    const finding = { check: 're-rendering', subject: path } as const;
    const cannot = whyNot(manifest, format);
    if (cannot) return { ...finding, verdict: 'unchecked', detail: cannot };
    const again = renderAgain(renderer, snapshot, assets, format);
    if (again instanceof Error)
      return { ...finding, verdict: 'wrong', detail: `cannot be made of the snapshot: ${again.message}` };
    if (Buffer.from(again.bytes).equals(bytes)) return { ...finding, verdict: 'ok', detail: 'the same bytes' };
    const where = `differs from byte ${firstDifference(again.bytes, bytes)} on`;
    return otherVersions === ''
      ? { ...finding, verdict: 'wrong', detail: `made of the snapshot by the same versions, it ${where}` }
      : { ...finding, verdict: 'unchecked', detail: `${otherVersions}; made here, it ${where}` };
  });
};

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
const whyNot = ({ template }: Manifest, format: Format): string | undefined => {
  const pinned = `${template.name}@${template.version}`;
  if (pinned === defaultTemplate || formatInfo[format].mediaType !== 'application/pdf') return undefined;
  // A stranger's template is a program: workers run it where it is confined, and this command does not.
  return isBuiltIn(pinned)
    ? `made by the template ${pinned}, which this version does not have (it has ${defaultTemplate}); its figures are read below`
    : `made by the uploaded template ${pinned}, whose files are there and which this command does not run; its figures are read below`;
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

/** Number, currency, totals and parties as each document states them, read back from XML and from the text of pages. */
export const checkFigures = async (manifest: Manifest, files: Files, snapshot: IssuedInvoice): Promise<Finding> => {
  const documents = documentsOf(manifest, files).map(({ format, bytes }) => ({ format, bytes }));
  const differences = await findDifferences(documents, snapshot).catch((error: unknown) => [
    `a document cannot be read: ${error instanceof Error ? error.message : String(error)}`,
  ]);
  return judge(
    'figures',
    'all documents',
    differences,
    'number, currency, totals and parties are those of the snapshot',
  );
};

const documentsOf = (manifest: Manifest, files: Files) =>
  manifest.files.flatMap(({ format, path }) => {
    const bytes = files.get(path);
    return format && bytes ? [{ format, path, bytes }] : [];
  });
