import type { PinnedTemplates } from '@invoicepress/database';
import { builtInTemplate, templateReferencePattern } from '@invoicepress/invoice';
import { TEMPLATE } from './accept.ts';

/** The templates that submissions name, before anything else is known of these: one round trip asks for all. */
export const namedTemplates = (bodies: readonly unknown[]): string[] => [
  ...new Set(
    bodies
      .map((body) => (typeof body === 'object' && body !== null && 'template' in body ? body.template : undefined))
      .filter((name): name is string => typeof name === 'string' && templateReferencePattern.test(name)),
  ),
];

/** What an invoice is pinned to for ever: a template and its version. @returns undefined when there is no such one */
export const pinFor = (asked: string | undefined, templates: PinnedTemplates): string | undefined => {
  if (asked === undefined) return templates[''] ?? TEMPLATE;
  if (asked === builtInTemplate || asked === TEMPLATE) return TEMPLATE;
  return templates[asked];
};
