import { Problem } from '@invoicepress/client';
import assert from 'node:assert/strict';
import { problemTypes, type ProblemType } from '../src/problems.ts';

/** The answer is this problem, in the one form that all problems have (RFC 9457). Returns it for a closer look. */
export const assertProblem = async (
  response: Response,
  type: ProblemType,
): Promise<Problem & Record<string, unknown>> => {
  const text = await response.text();
  assert.equal(response.status, problemTypes[type].status, text);
  assert.match(response.headers.get('content-type') ?? '', /^application\/problem\+json\b/);
  const problem = JSON.parse(text) as Problem & Record<string, unknown>;
  Problem.parse(problem);
  assert.equal(new URL(problem.type).pathname, `/problems/${type}`);
  assert.equal(problem.status, response.status);
  assert.equal(problem.instance, response.headers.get('x-request-id'));
  return problem;
};

/** What an invalid invoice's problem says about each field. */
export const faultsIn = ({ errors = [] }: Problem): Record<string, string> =>
  Object.fromEntries(errors.map(({ pointer, detail }) => [pointer, detail]));
