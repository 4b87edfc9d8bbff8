import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { problemTypes } from '../src/problems.ts';

const folder = join(import.meta.dirname, '../../../docs/problems');
const pages = readdirSync(folder).map((file) => basename(file, '.md'));

test('each type of problem has a page, and each page has its type', () => {
  assert.deepEqual(pages.toSorted(), Object.keys(problemTypes).toSorted());
});

test('a page shows the title and the status that the answer has, and how to mend it', () => {
  for (const [type, { status, title }] of Object.entries(problemTypes)) {
    const page = readFileSync(join(folder, `${type}.md`), 'utf8');
    assert.ok(page.startsWith(`# ${title}\n\n\`${type}\` · HTTP ${status}\n`), `${type}: heading`);
    assert.match(page, /^## How to mend it\n\n\S/m, `${type}: remedy`);
    const example = JSON.parse(/```json\n(.*?)```/s.exec(page)?.[1] ?? 'null') as Record<string, unknown>;
    assert.deepEqual(
      [example.type, example.title, example.status],
      [`https://api.example.com/problems/${type}`, title, status],
      `${type}: example`,
    );
  }
});
