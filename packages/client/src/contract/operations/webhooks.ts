import {
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
} from '../webhook.ts';
import { malformedKey, twin, unauthenticated, type Operation } from './operation.ts';

const unknownEndpoint = { 404: 'no such endpoint' };
const unknownDelivery = { 404: 'no such endpoint or delivery' };

export const webhookOperations = {
  createWebhookEndpoint: {
    method: 'post',
    path: '/v1/webhook-endpoints',
    summary: 'Hear of events at a URL of yours',
    description:
      'From now on events of these types are posted there, signed as Standard Webhooks says. The answer has the ' +
      'secret to verify them with: keep it, for it is not shown again.',
    scope: 'webhooks:manage',
    idempotent: true,
    body: CreateWebhookEndpoint,
    answer: { status: 201, schema: WebhookEndpointWithSecret, description: 'created, with its secret' },
    problems: {
      ...unauthenticated,
      400: 'not JSON, or the Idempotency-Key is malformed',
      409: `there are as many endpoints as there may be, or ${twin}`,
      422: 'invalid, or the Idempotency-Key came with another body before',
    },
  },
  listWebhookEndpoints: {
    method: 'get',
    path: '/v1/webhook-endpoints',
    summary: 'List webhook endpoints',
    scope: 'webhooks:manage',
    answer: { status: 200, schema: WebhookEndpointList, description: 'all of them, oldest first' },
    problems: unauthenticated,
  },
  getWebhookEndpoint: {
    method: 'get',
    path: '/v1/webhook-endpoints/{id}',
    summary: 'Read a webhook endpoint',
    scope: 'webhooks:manage',
    answer: { status: 200, schema: WebhookEndpoint, description: 'the endpoint, without its secret' },
    problems: { ...unauthenticated, ...unknownEndpoint },
  },
  updateWebhookEndpoint: {
    method: 'patch',
    path: '/v1/webhook-endpoints/{id}',
    summary: 'Change, disable or enable a webhook endpoint',
    scope: 'webhooks:manage',
    body: UpdateWebhookEndpoint,
    answer: { status: 200, schema: WebhookEndpoint, description: 'the endpoint as it is now' },
    problems: { ...unauthenticated, ...unknownEndpoint, 400: 'not JSON', 422: 'invalid' },
  },
  deleteWebhookEndpoint: {
    method: 'delete',
    path: '/v1/webhook-endpoints/{id}',
    summary: 'Delete a webhook endpoint and its deliveries',
    scope: 'webhooks:manage',
    answer: { status: 200, schema: WebhookEndpoint, description: 'deleted; the endpoint as it was' },
    problems: { ...unauthenticated, ...unknownEndpoint },
  },
  rotateWebhookSecret: {
    method: 'post',
    path: '/v1/webhook-endpoints/{id}/rotate-secret',
    summary: 'Give a webhook endpoint a new secret',
    description: 'Until the time of the secret before is over, webhooks are signed with both.',
    scope: 'webhooks:manage',
    idempotent: true,
    body: RotateWebhookSecret,
    answer: { status: 200, schema: WebhookEndpointWithSecret, description: 'the endpoint with its new secret' },
    problems: {
      ...unauthenticated,
      ...unknownEndpoint,
      400: 'not JSON, or the Idempotency-Key is malformed',
      409: twin,
      422: 'invalid, or the Idempotency-Key came with another body before',
    },
  },
  listWebhookDeliveries: {
    method: 'get',
    path: '/v1/webhook-endpoints/{id}/deliveries',
    summary: 'List what was sent to a webhook endpoint, newest first',
    scope: 'webhooks:manage',
    query: ListWebhookDeliveries,
    answer: { status: 200, schema: WebhookDeliveryPage, description: 'a page, and the cursor of the next one' },
    problems: { ...unauthenticated, ...unknownEndpoint, 400: 'a filter or the cursor is invalid' },
  },
  getWebhookDelivery: {
    method: 'get',
    path: '/v1/webhook-endpoints/{id}/deliveries/{deliveryId}',
    summary: 'Read a delivery with every attempt at it',
    scope: 'webhooks:manage',
    answer: { status: 200, schema: WebhookDeliveryWithLog, description: 'the delivery and its log' },
    problems: { ...unauthenticated, ...unknownDelivery },
  },
  resendWebhookDelivery: {
    method: 'post',
    path: '/v1/webhook-endpoints/{id}/deliveries/{deliveryId}/resend',
    summary: 'Send a delivery again, now',
    description:
      'Whatever became of it, it is sent under the same `webhook-id`, with all its attempts before it again.',
    scope: 'webhooks:manage',
    idempotent: true,
    answer: { status: 202, schema: WebhookDelivery, description: 'it is on its way' },
    problems: { ...unauthenticated, ...malformedKey, ...unknownDelivery, 409: `its endpoint is disabled, or ${twin}` },
  },
} as const satisfies Record<string, Operation>;
