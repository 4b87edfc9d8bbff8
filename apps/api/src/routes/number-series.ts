import { NumberSeries } from '@invoicepress/client';
import { createNumberSeries as create, listNumberSeries as list, withTenant } from '@invoicepress/database';
import type { RequestHandler } from 'express';
import { callerOf } from '../auth/authenticate.ts';
import type { Context } from '../context.ts';
import { answerOnce, sendAnswer } from '../idempotent.ts';
import { RequestProblem } from '../problems.ts';

/** `POST /v1/number-series`. A series never changes once it is defined: its numbers are out in the world. */
export const createNumberSeries =
  (context: Pick<Context, 'database'>): RequestHandler =>
  async (req, res) => {
    const series = NumberSeries.parse(req.body);
    const answer = await answerOnce(context, req, async (tx) => {
      if (!(await create(tx, series)))
        throw new RequestProblem(
          'series-taken',
          `the series "${series.name}" is defined already and cannot be changed; use it, or choose another name`,
        );
      return { status: 201, body: JSON.stringify(series) };
    });
    sendAnswer(res, answer);
  };

/** `GET /v1/number-series`. */
export const listNumberSeries =
  ({ database }: Pick<Context, 'database'>): RequestHandler =>
  async (req, res) => {
    res.json({ series: await withTenant(database, callerOf(req).tenantId, list) });
  };
