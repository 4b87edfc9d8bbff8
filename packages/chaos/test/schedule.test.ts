import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cellName, cellsFor } from '../src/cells.ts';
import { dealAgain, makeSchedule } from '../src/schedule.ts';

const options = { seed: 42, rounds: 200, queue: 'redis', storage: 's3', only: [] as string[] } as const;
const cells = cellsFor({ ...options, only: [] });

test('200 rounds deal every cell at least five times, evenly', () => {
  const { rounds } = makeSchedule(options, cells);
  const dealt = Map.groupBy(
    rounds.flatMap(({ faults }) => faults),
    ({ cell }) => cell,
  );
  const counts = cells.map((cell) => dealt.get(cellName(cell))?.length ?? 0);
  assert.ok(Math.min(...counts) >= 5, `some cell was dealt ${Math.min(...counts)} times`);
  assert.ok(Math.max(...counts) - Math.min(...counts) <= 1);
});

test('the same seed gives the same schedule, and another one another', () => {
  assert.deepEqual(makeSchedule(options, cells), makeSchedule(options, cells));
  assert.notDeepEqual(makeSchedule(options, cells), makeSchedule({ ...options, seed: 43 }, cells));
});

test('the names of cells are unique', () => {
  assert.equal(new Set(cells.map(cellName)).size, cells.length);
});

test('what did not come to pass gets another round, up to a tenth of all', () => {
  const schedule = makeSchedule({ ...options, rounds: 20 }, cells);
  const [fault] = schedule.rounds[0]!.faults;
  dealAgain(schedule, 20, { ...fault!, skip: 1 });
  const last = schedule.rounds.at(-1)!;
  assert.deepEqual([last.number, last.faults], [21, [{ ...fault!, skip: 0 }]]);
  for (let i = 0; i < 50; i++) dealAgain(schedule, 20, fault!);
  assert.equal(schedule.rounds.length, 22);
});
