/** A reporter of node:test: one line of JSON for each test that has ended, and nothing else. */
import type { TestEvent } from 'node:test/reporters';

export interface TestResult {
  name: string;
  outcome: 'passed' | 'failed' | 'skipped';
  /** What a failed one says. */
  error?: string;
}

export default async function* report(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  for await (const { type, data } of source) {
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    const left = data.skip !== undefined || data.todo !== undefined;
    const outcome = left ? 'skipped' : type === 'test:pass' ? 'passed' : 'failed';
    const error = type === 'test:fail' ? { error: String(data.details.error.cause ?? data.details.error.message) } : {};
    yield `${JSON.stringify({ name: data.name, outcome, ...error } satisfies TestResult)}\n`;
  }
}
