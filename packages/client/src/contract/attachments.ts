import { attachmentTypes } from '@invoicepress/invoice';
import { z } from 'zod';
import { freeLabel, label, several, webAddress } from './fields.ts';

export const MAX_ATTACHMENTS = 20;
/** Characters of Base64 in all attachments of an invoice together. */
export const MAX_ATTACHED = 2_000_000;

const File = z.strictObject({
  name: label(100).describe('BT-125-2: a file name'),
  mediaType: label(100)
    .meta({ enum: [...attachmentTypes] })
    .describe('BT-125-1'),
  base64: z
    .base64('is no Base64 of RFC 4648, in one piece and padded')
    .min(1, 'is empty')
    .max(MAX_ATTACHED, { error: `is longer than ${MAX_ATTACHED} characters; give a url instead`, abort: true })
    .describe('BT-125'),
});

const Attachment = z.strictObject({
  id: label(100).describe('BT-122'),
  description: freeLabel(500).optional().describe('BT-123'),
  url: webAddress.optional().describe('BT-124: where it can be found'),
  file: File.optional().describe('BT-125: the document itself'),
});

/** BG-24. */
export const Attachments = several(Attachment, MAX_ATTACHMENTS, 'attachments').superRefine((attachments, context) => {
  const total = attachments.reduce((sum, { file }) => sum + (file?.base64.length ?? 0), 0);
  if (total <= MAX_ATTACHED) return;
  const message = `has more than ${MAX_ATTACHED} characters of Base64 in all; give urls instead`;
  context.addIssue({ code: 'custom', message });
});
