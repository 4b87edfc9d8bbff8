import { z } from 'zod';
import { eventTypes, type EventType } from './event.ts';
import { freeLabel, uuid } from './fields.ts';
import { instant, MAX_PAGE, wholeNumber } from './invoice.ts';

/** Bounds of an endpoint, and of the time that a secret outlives its successor. */
export const MAX_URL_CHARACTERS = 2_000;
export const DAY_SECONDS = 86_400;

/** What most receivers want to know of an invoice: how it ended. */
export const defaultEventTypes: readonly EventType[] = ['invoice.ready', 'invoice.failed', 'invoice.canceled'];

const url = z
  .string()
  .max(MAX_URL_CHARACTERS, { error: `is longer than ${MAX_URL_CHARACTERS} characters`, abort: true })
  .refine((value) => URL.canParse(value), { error: 'is no URL such as "https://example.com/webhooks"', abort: true })
  // Kept as it is sent: every other notation of the same address becomes this one.
  .overwrite((value) => new URL(value).href)
  .max(MAX_URL_CHARACTERS, `is longer than ${MAX_URL_CHARACTERS} characters once it is percent-encoded`)
  .meta({ format: 'uri', examples: ['https://example.com/webhooks'] })
  .describe('https, at a host that the internet reaches, at port 443 or one from 1024');
const types = z
  .array(z.enum(eventTypes, { error: `is none of ${eventTypes.join(', ')}` }))
  .min(1, 'is empty; name at least one type of event')
  .max(eventTypes.length, 'names a type more than once')
  .refine((value) => new Set(value).size === value.length, 'names a type more than once');
const description = freeLabel(200);

export const CreateWebhookEndpoint = z
  .strictObject({
    url,
    description: description.optional(),
    eventTypes: types.optional().describe(`${defaultEventTypes.join(', ')} when absent`),
  })
  .meta({ id: 'CreateWebhookEndpoint' });
export type CreateWebhookEndpoint = z.input<typeof CreateWebhookEndpoint>;

export const UpdateWebhookEndpoint = z
  .strictObject({
    url: url.optional(),
    description: description.nullable().optional().describe('null removes it'),
    eventTypes: types.optional(),
    enabled: z.boolean().optional().describe('true sends what waited meanwhile; false lets new events pass by'),
  })
  .meta({ id: 'UpdateWebhookEndpoint' });
export type UpdateWebhookEndpoint = z.input<typeof UpdateWebhookEndpoint>;

export const RotateWebhookSecret = z
  .strictObject({
    previousValidSeconds: z
      .int()
      .min(0, 'is negative')
      .max(DAY_SECONDS, `is more than ${DAY_SECONDS}, a day`)
      .optional()
      .describe(`how long the secret so far signs as well: ${DAY_SECONDS} (a day) when absent, 0 for not at all`),
  })
  .meta({ id: 'RotateWebhookSecret' });
export type RotateWebhookSecret = z.input<typeof RotateWebhookSecret>;

export const WebhookEndpoint = z
  .object({
    id: uuid,
    url: z.string(),
    description: z.string().optional(),
    eventTypes: z.array(z.enum(eventTypes)),
    enabled: z.boolean(),
    disabledReason: z.string().optional().describe('why it was disabled, when not by you'),
    failingSince: instant.optional().describe('the first failure since the last success'),
    previousSecretUntil: instant.optional().describe('until then the secret before signs as well'),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'WebhookEndpoint' });
export type WebhookEndpoint = z.infer<typeof WebhookEndpoint>;

export const WebhookEndpointWithSecret = z
  .object({
    ...WebhookEndpoint.shape,
    secret: z.string().describe('Standard Webhooks: `whsec_` and base64. Keep it; it is shown this once'),
  })
  .meta({ id: 'WebhookEndpointWithSecret' });
export type WebhookEndpointWithSecret = z.infer<typeof WebhookEndpointWithSecret>;

export const WebhookEndpointList = z
  .object({ endpoints: z.array(WebhookEndpoint) })
  .meta({ id: 'WebhookEndpointList' });
export type WebhookEndpointList = z.infer<typeof WebhookEndpointList>;

export const deliveryStatuses = ['pending', 'delivered', 'failed'] as const;

export const WebhookDelivery = z
  .object({
    id: uuid,
    status: z.enum(deliveryStatuses),
    eventId: uuid.describe('the `webhook-id` that its receiver sees'),
    eventType: z.enum(eventTypes),
    invoiceId: uuid,
    generation: z.int().describe('1, and one more with every time that it was sent again on request'),
    attempts: z.int().describe('of this generation'),
    nextAttemptAt: instant.optional().describe('while it is pending; no earlier'),
    createdAt: instant,
    finishedAt: instant.optional(),
  })
  .meta({ id: 'WebhookDelivery' });
export type WebhookDelivery = z.infer<typeof WebhookDelivery>;

export const WebhookAttempt = z.object({
  generation: z.int(),
  number: z.int().describe('from 1 in each generation'),
  startedAt: instant,
  durationMs: z.int(),
  statusCode: z.int().optional().describe('absent when no answer came'),
  error: z.string().optional().describe('why no answer came'),
  responseExcerpt: z.string().optional().describe('the beginning of the answer'),
});

export const WebhookDeliveryWithLog = z
  .object({ ...WebhookDelivery.shape, log: z.array(WebhookAttempt).describe('oldest first; the last 100') })
  .meta({ id: 'WebhookDeliveryWithLog' });
export type WebhookDeliveryWithLog = z.infer<typeof WebhookDeliveryWithLog>;

export const WebhookDeliveryPage = z
  .object({
    deliveries: z.array(WebhookDelivery),
    nextCursor: z.string().optional().describe('absent on the last page'),
  })
  .meta({ id: 'WebhookDeliveryPage' });
export type WebhookDeliveryPage = z.infer<typeof WebhookDeliveryPage>;

/** The query of `GET /v1/webhook-endpoints/{id}/deliveries`. */
export const ListWebhookDeliveries = z
  .strictObject({
    status: z.enum(deliveryStatuses, { error: `is none of ${deliveryStatuses.join(', ')}` }).optional(),
    limit: wholeNumber(MAX_PAGE).optional().describe(`50 when absent, ${MAX_PAGE} at most`),
    cursor: z.string().max(200, 'is no cursor of ours').optional().describe('the nextCursor of the page before'),
  })
  .meta({ id: 'ListWebhookDeliveries' });
export type ListWebhookDeliveries = z.input<typeof ListWebhookDeliveries>;
