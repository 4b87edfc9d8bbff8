import { sampleNames, templateNamePattern } from '@invoicepress/invoice';
import { z } from 'zod';
import { freeLabel, uuid } from './fields.ts';
import { instant } from './invoice.ts';
import { SubmitInvoice } from './submit-invoice.ts';

/** Characters of a bundle in base64: 4 MB of ZIP. */
export const MAX_BUNDLE_CHARACTERS = 5_600_000;
const MAX_PAGE_NUMBER = 1_000;

const name = z
  .string()
  .regex(templateNamePattern, 'is no name such as "letterhead": lower-case letters, digits and "-", 40 at most')
  .refine((value) => value !== 'default', 'is the name of the built-in template; choose another')
  .meta({ examples: ['letterhead'] });
const bundle = z
  .base64('is not base64')
  .max(MAX_BUNDLE_CHARACTERS, `is longer than ${MAX_BUNDLE_CHARACTERS} characters; use fewer or smaller files`)
  .describe('a ZIP with main.typ at its root, in base64; see docs/templates.md');

export const CreateTemplate = z
  .strictObject({
    name: name.describe('what submissions call it; unique for ever'),
    description: freeLabel(200).optional(),
    bundle,
  })
  .meta({ id: 'CreateTemplate' });
export type CreateTemplate = z.input<typeof CreateTemplate>;

export const CreateTemplateVersion = z.strictObject({ bundle }).meta({ id: 'CreateTemplateVersion' });
export type CreateTemplateVersion = z.input<typeof CreateTemplateVersion>;

export const ActivateTemplate = z
  .strictObject({
    version: z.int().min(1, 'is no version; they count from 1').max(999_999, 'is no version of this template'),
    default: z
      .boolean()
      .optional()
      .describe('true when absent: submissions that name no template get it too; false leaves those as they are'),
  })
  .meta({ id: 'ActivateTemplate' });
export type ActivateTemplate = z.input<typeof ActivateTemplate>;

export const previewFormats = ['png', 'pdf'] as const;

export const PreviewTemplate = z
  .strictObject({
    version: z.int().min(1, 'is no version; they count from 1').optional().describe('the newest when absent'),
    sample: z
      .enum(sampleNames, { error: `is none of ${sampleNames.join(', ')}` })
      .optional()
      .describe('the sample to show; `plain` when absent, unless you give an invoice'),
    invoice: SubmitInvoice.optional().describe('an invoice to show; it is neither stored nor numbered'),
    format: z
      .enum(previewFormats, { error: `is none of ${previewFormats.join(', ')}` })
      .optional()
      .describe('what `Accept` says when absent, else png'),
    page: z
      .int()
      .min(1, 'is no page; they count from 1')
      .max(MAX_PAGE_NUMBER, `is more than ${MAX_PAGE_NUMBER}`)
      .optional()
      .describe('of a picture; 1 when absent'),
  })
  .refine((given) => !(given.sample && given.invoice), {
    path: ['sample'],
    error: 'goes not with an invoice; leave one out',
  })
  .meta({ id: 'PreviewTemplate' });
export type PreviewTemplate = z.input<typeof PreviewTemplate>;

export const TemplateDiagnostic = z
  .object({
    severity: z.enum(['error', 'warning']),
    message: z.string(),
    file: z.string().optional(),
    line: z.int().optional().describe('from 1'),
    column: z.int().optional().describe('from 1, in characters'),
    hint: z.string().optional().describe('what would mend it'),
    sample: z.string().optional().describe('the sample that showed it'),
  })
  .meta({ id: 'TemplateDiagnostic' });

export const versionStatuses = ['checking', 'valid', 'invalid'] as const;

export const TemplateVersion = z
  .object({
    version: z.int().describe('from 1; an invoice is pinned to `name@version`'),
    status: z.enum(versionStatuses).describe('only a valid version can be activated'),
    diagnostics: z.array(TemplateDiagnostic).describe('what its check found'),
    sha256: z.string().describe('of the paths and contents of its files'),
    sizeBytes: z.int().describe('of its files, unpacked'),
    createdAt: instant,
    checkedAt: instant.optional(),
  })
  .meta({ id: 'TemplateVersion' });
export type TemplateVersion = z.infer<typeof TemplateVersion>;

const summary = {
  id: uuid,
  name: z.string(),
  description: z.string().optional(),
  activeVersion: z.int().optional().describe('what submissions that name it get; absent while it is out of use'),
  default: z.boolean().describe('whether submissions that name no template get it'),
  archivedAt: instant.optional(),
  createdAt: instant,
  updatedAt: instant,
};

export const TemplateSummary = z.object(summary).meta({ id: 'TemplateSummary' });
export type TemplateSummary = z.infer<typeof TemplateSummary>;

export const Template = z
  .object({ ...summary, versions: z.array(TemplateVersion).describe('the newest first, 50 at most') })
  .meta({ id: 'Template' });
export type Template = z.infer<typeof Template>;

export const TemplateList = z.object({ templates: z.array(TemplateSummary) }).meta({ id: 'TemplateList' });
export type TemplateList = z.infer<typeof TemplateList>;

/** While a preview is made. */
export const TemplatePreview = z
  .object({ id: uuid, status: z.literal('queued'), href: z.string().describe('where it will be, for an hour') })
  .meta({ id: 'TemplatePreview' });
export type TemplatePreview = z.infer<typeof TemplatePreview>;
