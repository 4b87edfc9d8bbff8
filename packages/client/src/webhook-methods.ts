import type {
  CreateWebhookEndpoint,
  ListWebhookDeliveries,
  RotateWebhookSecret,
  UpdateWebhookEndpoint,
  WebhookDelivery,
  WebhookDeliveryPage,
  WebhookDeliveryWithLog,
  WebhookEndpoint,
  WebhookEndpointList,
  WebhookEndpointWithSecret,
} from './contract/index.ts';

/** Sends a request with a token and reads whatever comes back. */
export type SendRequest = <T>(
  method: string,
  path: string,
  read: (response: Response) => Promise<T>,
  request?: { body?: unknown; headers?: Record<string, string> },
) => Promise<T>;

/** The same, where it is JSON. */
export type SendJson = <T>(
  method: string,
  path: string,
  request?: { body?: unknown; headers?: Record<string, string> },
) => Promise<T>;

interface KeyOptions {
  idempotencyKey?: string;
}

const endpoints = '/v1/webhook-endpoints';
const endpoint = (id: string): string => `${endpoints}/${encodeURIComponent(id)}`;
const delivery = (id: string, deliveryId: string): string =>
  `${endpoint(id)}/deliveries/${encodeURIComponent(deliveryId)}`;

/** The part of the client that is about webhooks. */
export const webhookMethods = (json: SendJson, keyed: (key?: string) => Record<string, string>) => ({
  /** The answer has the secret, which is shown this once. */
  createWebhookEndpoint: (given: CreateWebhookEndpoint, { idempotencyKey }: KeyOptions = {}) =>
    json<WebhookEndpointWithSecret>('POST', endpoints, { body: given, headers: keyed(idempotencyKey) }),
  listWebhookEndpoints: async (): Promise<WebhookEndpoint[]> =>
    (await json<WebhookEndpointList>('GET', endpoints)).endpoints,
  getWebhookEndpoint: (id: string) => json<WebhookEndpoint>('GET', endpoint(id)),
  updateWebhookEndpoint: (id: string, changes: UpdateWebhookEndpoint) =>
    json<WebhookEndpoint>('PATCH', endpoint(id), { body: changes }),
  /** With its deliveries; the answer is the endpoint as it was. */
  deleteWebhookEndpoint: (id: string) => json<WebhookEndpoint>('DELETE', endpoint(id)),
  /** The answer has the new secret; the one before signs as well for as long as you say. */
  rotateWebhookSecret: (id: string, given: RotateWebhookSecret = {}, { idempotencyKey }: KeyOptions = {}) =>
    json<WebhookEndpointWithSecret>('POST', `${endpoint(id)}/rotate-secret`, {
      body: given,
      headers: keyed(idempotencyKey),
    }),

  listWebhookDeliveries: (id: string, query: ListWebhookDeliveries = {}) => {
    const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
    return json<WebhookDeliveryPage>('GET', `${endpoint(id)}/deliveries?${new URLSearchParams(given)}`);
  },
  getWebhookDelivery: (id: string, deliveryId: string) => json<WebhookDeliveryWithLog>('GET', delivery(id, deliveryId)),
  resendWebhookDelivery: (id: string, deliveryId: string, { idempotencyKey }: KeyOptions = {}) =>
    json<WebhookDelivery>('POST', `${delivery(id, deliveryId)}/resend`, { headers: keyed(idempotencyKey) }),
});
