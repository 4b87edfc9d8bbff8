/** What Typst says about a template, in words that its author can act on. */
import type { TemplateDiagnostic } from '@invoicepress/invoice';
import { pathInWorld } from '../typst.ts';

/** Of one rendering; the first is nearly always what is wrong, and the others follow from it. */
const maxDiagnostics = 20;
const maxMessage = 500;

/** As the compiler hands it over; lines and characters count from 0. Traces ("while calling f") have other severities. */
interface Raw {
  message: string;
  path: string;
  range: { start: { line: number; character: number } } | null;
  severity: number;
}
const severities = { 1: 'error', 2: 'warning' } as const;

const root = pathInWorld('/');

/** Typst's own remedies speak of its command line; these are what helps here. */
const known: { pattern: RegExp; message?: string; hint: string; severity?: 'error' }[] = [
  {
    pattern: /package not found|failed to download package|failed to load package/,
    message: 'there are no packages here, neither from @preview nor from elsewhere',
    hint: "copy the package's files into the bundle and import them by their path",
  },
  {
    pattern: /access denied|outside of project root/,
    message: 'a template reads the files of its bundle and no others',
    hint: 'put the file into the bundle',
  },
  {
    pattern: /file not found/,
    hint: 'name a file of the bundle: from its root with a "/" in front, else from the folder of the file at hand',
  },
  {
    pattern: /layout did not converge/,
    hint: 'a state, counter or query changes what it is made of; break the circle',
    severity: 'error',
  },
  { pattern: /missing document date/, hint: 'leave out "date: none": the document has the date of the invoice' },
];

export const diagnosticsOf = (raw: readonly unknown[]): TemplateDiagnostic[] =>
  (raw as Raw[]).flatMap((each) => diagnosticOf(each) ?? []).slice(0, maxDiagnostics);

const diagnosticOf = ({ message, path, range, severity }: Raw): TemplateDiagnostic | undefined => {
  const kind = severities[severity as keyof typeof severities];
  if (!kind) return undefined;
  return {
    ...explained(kind, message),
    ...(path.startsWith(root) && { file: path.slice(root.length) }),
    ...(range && { line: range.start.line + 1, column: range.start.character + 1 }),
  };
};

const explained = (severity: TemplateDiagnostic['severity'], raw: string): TemplateDiagnostic => {
  const [message = '', ...hints] = raw.replaceAll(root, '').slice(0, maxMessage).split(', hints: ');
  const remedy = known.find(({ pattern }) => pattern.test(raw));
  const hint = remedy?.hint ?? hints.join('; ');
  return { severity: remedy?.severity ?? severity, message: remedy?.message ?? message, ...(hint && { hint }) };
};

/** The export to PDF says what is wrong in one long text, and not where. */
export const exportDiagnostics = (error: unknown): TemplateDiagnostic[] => {
  const text = error instanceof Error ? error.message : String(error);
  const found = [...text.matchAll(/message: "((?:[^"\\]|\\.)*)"(?:[^]*?hints: \[(?:"((?:[^"\\]|\\.)*)")?)?/g)];
  if (found.length === 0) return [{ severity: 'error', message: text.slice(0, maxMessage) }];
  return found.slice(0, maxDiagnostics).map(([, message = '', hint]) => {
    const said = explained('error', unescaped(message));
    return { ...said, ...(hint && !said.hint && { hint: unescaped(hint) }) };
  });
};

const unescaped = (text: string): string => text.replaceAll(/\\(.)/g, '$1');

/** One line, for the reason of a failed invoice. */
export const toLine = ({ message, file, line, column }: TemplateDiagnostic): string =>
  file === undefined ? message : `${file}${line === undefined ? '' : `:${line}:${column}`}: ${message}`;
