/**
 * An invoice that this template cannot print. Deterministic: trying again gives the same error.
 * `reason` and `remedy` are sentences for the person who submitted the invoice.
 */
export class TemplateError extends Error {
  readonly reason: string;
  readonly remedy: string;

  constructor(reason: string, remedy: string, options?: ErrorOptions) {
    super(`${reason} ${remedy}`, options);
    this.name = 'TemplateError';
    this.reason = reason;
    this.remedy = remedy;
  }
}
