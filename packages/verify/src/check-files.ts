import { formatInfo, logoTypes } from '@invoicepress/invoice';
import {
  documentPath,
  logoPath,
  snapshotPath,
  templateMediaType,
  templatePath,
  type Files,
  type Manifest,
  type ManifestFile,
} from '@invoicepress/proof';
import { createHash } from 'node:crypto';
import { judge, type Finding } from './report.ts';

/** Every file that the manifest lists is there, as it says, and no other. */
export const checkFiles = ({ files: listed }: Manifest, files: Files): Finding[] => {
  const unlisted = [...files.keys()].filter((path) => !listed.some((file) => file.path === path));
  return [
    ...listed.map((file, index) =>
      judge('file', file.path, [...faultsOf(file, listed, index), ...contentFaults(file, files)], fine(file)),
    ),
    ...unlisted.map((path) => judge('file', path, ['the manifest does not list it'], '')),
  ];
};

const fine = ({ sizeBytes, sha256 }: ManifestFile): string => `${sizeBytes} bytes, SHA-256 ${sha256.slice(0, 16)}…`;

const contentFaults = ({ path, sizeBytes, sha256 }: ManifestFile, files: Files): string[] => {
  const bytes = files.get(path);
  if (!bytes) return ['it is missing'];
  const found = createHash('sha256').update(bytes).digest('hex');
  return [
    ...(bytes.length === sizeBytes ? [] : [`has ${bytes.length} bytes, not ${sizeBytes}`]),
    ...(found === sha256 ? [] : [`has the SHA-256 ${found}, not ${sha256}`]),
  ];
};

/** A file's name, role and media type follow from each other. */
const faultsOf = ({ path, role, format, mediaType }: ManifestFile, listed: ManifestFile[], index: number): string[] => {
  const twice = listed.findIndex((file) => file.path === path) < index;
  const named = {
    snapshot: format === undefined && path === snapshotPath && mediaType === 'application/json',
    document: format !== undefined && path === documentPath(format) && mediaType === formatInfo[format].mediaType,
    logo: format === undefined && logoTypes.some((type) => type === mediaType && path === logoPath(type)),
    template: format === undefined && path.startsWith(templatePath('')) && mediaType === templateMediaType,
  }[role];
  return [
    ...(twice ? ['is listed twice'] : []),
    ...(named ? [] : ['its name, role, format and media type do not agree']),
  ];
};
