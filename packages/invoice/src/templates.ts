/** What templates are called, and how it is said what is wrong with one. */

/** The template of everybody who has no other, at its present version. */
export const builtInTemplate = 'default';

/** Whether a reference or a pin is to it, in any version: "default", "default@1". */
export const isBuiltIn = (reference: string): boolean =>
  reference === builtInTemplate || reference.startsWith(`${builtInTemplate}@`);

/** A template's name, as its owner chose it. */
export const templateNamePattern = /^[a-z][a-z0-9-]{0,39}$/;

/** A template as a submission names it: by its name, which is the version in use, or with a version: "letterhead@3". */
export const templateReferencePattern = /^[a-z][a-z0-9-]{0,39}(?:@[1-9]\d{0,5})?$/;

/** The invoices that every version of a template is tried on, and that a preview can show. */
export const sampleNames = ['plain', 'many-lines', 'right-to-left', 'credit-note'] as const;
export type SampleName = (typeof sampleNames)[number];

/** One thing about a template that its author should know. Lines and columns count from 1, columns in characters. */
export interface TemplateDiagnostic {
  severity: 'error' | 'warning';
  message: string;
  file?: string;
  line?: number;
  column?: number;
  /** What would mend it, if that is known. */
  hint?: string;
  /** The sample that showed it. */
  sample?: string;
}
