/** What can be said of a template's sources before they run. */
import type { TemplateDiagnostic } from '@invoicepress/invoice';
import { isUtf8 } from 'node:buffer';
import type { TemplateFile } from './renderer.ts';

export const isSource = (path: string): boolean => path.endsWith('.typ');

/** Wherever it stands, in a comment too: no comment then hides what follows. */
const clock = /\.\s*today\s*\(|\bimport\s+(?:std\s*\.\s*)?datetime\b/g;

/**
 * A document follows from its invoice and its template alone, so the same invoice gives the same bytes in ten years.
 * Typst has one way to ask for the day, `datetime.today`, which is refused where it stands in the source. (Whoever
 * computes its name and has it evaluated gets around this, and documents that differ from one day to the next.)
 */
export const faultsInSources = (files: readonly TemplateFile[]): TemplateDiagnostic[] =>
  files
    .filter(({ path }) => isSource(path))
    .flatMap(({ path, content }): TemplateDiagnostic[] => {
      if (!isUtf8(content))
        return [{ severity: 'error', file: path, message: 'the file is no UTF-8 text', hint: 'save it as UTF-8' }];
      const source = Buffer.from(content).toString();
      return [...source.matchAll(clock)].map(({ index }) => ({
        severity: 'error',
        file: path,
        ...placeOf(source, index),
        message: 'datetime.today is not available: a document does not depend on the day it is made',
        hint: 'use a date of the invoice, such as invoice.date',
      }));
    });

const placeOf = (source: string, index: number): { line: number; column: number } => {
  const before = source.slice(0, index).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
};
