import type { TemplateDiagnostic } from '@invoicepress/invoice';

/**
 * An invoice that this template cannot print. Deterministic: trying again gives the same error.
 * `reason` and `remedy` are sentences for the person who submitted the invoice.
 */
export class TemplateError extends Error {
  readonly reason: string;
  readonly remedy: string;
  /** For the template's author, where it is somebody's own. */
  readonly diagnostics: TemplateDiagnostic[];

  constructor(
    reason: string,
    remedy: string,
    { diagnostics = [], ...options }: ErrorOptions & { diagnostics?: TemplateDiagnostic[] } = {},
  ) {
    super(`${reason} ${remedy}`, options);
    this.diagnostics = diagnostics;
    this.name = 'TemplateError';
    this.reason = reason;
    this.remedy = remedy;
  }
}
