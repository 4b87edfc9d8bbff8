/** What the files of an uploaded template may be: said when one is uploaded, and again before one out of an archive runs. */

/** Bounds of a template: its files, and the bytes of each and of all together. */
export const MAX_TEMPLATE_FILES = 100;
export const MAX_TEMPLATE_FILE_BYTES = 8 * 2 ** 20;
export const MAX_TEMPLATE_BYTES = 12 * 2 ** 20;
export const MAX_TEMPLATE_PATH_CHARACTERS = 120;
/** Where a template begins. */
export const templateEntry = 'main.typ';

/** Sources, pictures, fonts and data; no archives, no PDF (it would not be PDF/A), no WebAssembly. */
const kinds = [
  'typ',
  'png',
  'jpg',
  'jpeg',
  'gif',
  'webp',
  'svg',
  'ttf',
  'otf',
  'json',
  'csv',
  'toml',
  'yaml',
  'yml',
  'txt',
];
/** A name that is one and the same on every system. */
const pathPattern = /^(?:[A-Za-z0-9_][A-Za-z0-9._ -]*\/)*[A-Za-z0-9_][A-Za-z0-9._ -]*$/;
/** What a template gets beside its files. */
const given = new Set(['invoice.json', 'fonts.json', 'look.json', 'logo']);

/** Why a template may not have this file, as the end of a sentence that names it; undefined when it may. */
export const faultInTemplateFile = (path: string, sizeBytes: number): string | undefined => {
  if (path.length > MAX_TEMPLATE_PATH_CHARACTERS)
    return `has a path longer than ${MAX_TEMPLATE_PATH_CHARACTERS} characters`;
  if (!pathPattern.test(path) || path.split('/').some((part) => /[. ]$/.test(part)))
    return 'has a path that is not portable; use letters, digits, "_", "-", "." and spaces, and "/" between folders';
  if (given.has(path.toLowerCase())) return 'is the name of the data that the template gets; rename it';
  const kind = /\.([^./]+)$/.exec(path)?.[1] ?? '';
  if (!kinds.includes(kind)) return `is of a kind that a bundle does not hold; it holds ${kinds.join(', ')}`;
  if (sizeBytes > MAX_TEMPLATE_FILE_BYTES)
    return `has ${sizeBytes} bytes, and a file may have ${MAX_TEMPLATE_FILE_BYTES}`;
  return undefined;
};

/** What makes these files no template; undefined when they are one. */
export const faultInTemplate = (files: readonly { path: string; content: Uint8Array }[]): string | undefined => {
  if (files.length > MAX_TEMPLATE_FILES) return `it has ${files.length} files, and may have ${MAX_TEMPLATE_FILES}`;
  const bytes = files.reduce((sum, { content }) => sum + content.byteLength, 0);
  if (bytes > MAX_TEMPLATE_BYTES) return `it has ${bytes} bytes, and may have ${MAX_TEMPLATE_BYTES}`;
  if (new Set(files.map(({ path }) => path.toLowerCase())).size < files.length)
    return 'two of its files differ by case alone';
  if (!files.some(({ path }) => path === templateEntry)) return `it has no ${templateEntry}`;
  for (const { path, content } of files) {
    const fault = faultInTemplateFile(path, content.byteLength);
    if (fault) return `its file ${JSON.stringify(path)} ${fault}`;
  }
  return undefined;
};
