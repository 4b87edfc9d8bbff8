import { NumberSeries, NumberSeriesList } from '../number-series.ts';
import { twin, unauthenticated, type Operation } from './operation.ts';

export const numberSeriesOperations = {
  createNumberSeries: {
    method: 'post',
    path: '/v1/number-series',
    summary: 'Define a gapless number series',
    scope: 'invoices:write',
    idempotent: true,
    body: NumberSeries,
    answer: { status: 201, schema: NumberSeries, description: 'defined' },
    problems: {
      ...unauthenticated,
      400: 'not JSON, or the Idempotency-Key is malformed',
      409: `the name is taken, or ${twin}`,
      422: 'invalid, or the Idempotency-Key came with another body before',
    },
  },
  listNumberSeries: {
    method: 'get',
    path: '/v1/number-series',
    summary: 'List number series',
    scope: 'invoices:read',
    answer: { status: 200, schema: NumberSeriesList, description: 'all of them, by name' },
    problems: unauthenticated,
  },
} as const satisfies Record<string, Operation>;
