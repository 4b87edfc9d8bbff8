import assert from 'node:assert/strict';
import { execFile, type ExecFileException } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

interface Figure {
  name: string;
  value: unknown;
  unit: string;
  met?: boolean;
}
interface Report {
  quick: boolean;
  machine: { cores: number; node: string; memoryGb: number; commit: string };
  sections: { section: string; figures: Figure[]; error?: string }[];
}

const RUN_TIMEOUT_MS = 240_000;

const bench = (...argv: string[]) =>
  new Promise<{ code: unknown; stdout: string; stderr: string }>((resolve) => {
    const done = (error: ExecFileException | null, stdout: string, stderr: string) =>
      resolve({ code: error?.code ?? 0, stdout, stderr });
    execFile(
      process.execPath,
      [join(import.meta.dirname, '../src/main.ts'), ...argv],
      { timeout: RUN_TIMEOUT_MS },
      done,
    );
  });

const outFolder = async () => {
  const path = await mkdtemp(join(tmpdir(), 'invoicepress-bench-test-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
};

const figuresOf = (report: Report, section: string) => {
  const found = report.sections.find((each) => each.section === section);
  assert.equal(found?.error, undefined);
  return (name: string) => {
    const figure = found?.figures.find((each) => each.name === name);
    assert.ok(figure, `${section} has no figure "${name}"`);
    return figure;
  };
};

const assertPositive = ({ name, value }: Figure) =>
  assert.ok(typeof value === 'number' && Number.isFinite(value) && value > 0, `${name} is ${String(value)}`);

test('a quick run measures the pipeline, e-invoices and the largest invoice, prints JSON and keeps it', async () => {
  await using out = await outFolder();
  const { code, stdout, stderr } = await bench(
    '--quick',
    '--json',
    '--only',
    'pipeline-embedded',
    '--only',
    'e-invoices',
    '--only',
    'large-invoice',
    '--out',
    out.path,
  );
  assert.equal(code, 0, stderr);

  const report = JSON.parse(stdout) as Report;
  assert.equal(report.quick, true);
  assert.ok(report.machine.cores >= 1 && report.machine.memoryGb >= 1);
  assert.equal(report.machine.node, process.version);
  assert.deepEqual(
    report.sections.map(({ section }) => section),
    ['pipeline-embedded', 'e-invoices', 'large-invoice'],
  );

  const pipeline = figuresOf(report, 'pipeline-embedded');
  assertPositive(pipeline('bare loop, 2 processes'));
  assertPositive(pipeline('submitted over HTTP and ready in storage'));
  const ratio = pipeline('pipeline against bare loop');
  assertPositive(ratio);
  assert.equal(typeof ratio.met, 'boolean');

  const eInvoices = figuresOf(report, 'e-invoices');
  for (const name of ['UBL', 'CII', 'CII, @e-invoice-eu/core', 'CII, @stackforge-eu/factur-x'])
    assertPositive(eInvoices(name));
  assertPositive(eInvoices('CII faster than @stackforge-eu/factur-x'));
  assert.equal(typeof eInvoices('Factur-X against the plain PDF').met, 'boolean');

  const large = figuresOf(report, 'large-invoice');
  assert.ok(Number(large('pages').value) > 20);
  assertPositive(large('rendered alone in a fresh process'));
  assertPositive(large('peak memory of that process'));
  assert.equal(large("status under the worker's default limits").value, 'ready');
  assert.equal(large('answer to 2,001 lines').value, '422');
  assert.match(String(large('its reason').value), /\/lines has more than 2000 lines; split it/);

  const [file, ...others] = await readdir(out.path);
  assert.equal(others.length, 0);
  assert.match(file ?? '', /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}Z\.json$/);
  assert.deepEqual(JSON.parse(await readFile(join(out.path, file ?? ''), 'utf8')), report);
});

test('an unknown section or option ends with what there is to choose from, and measures nothing', async () => {
  await using out = await outFolder();
  const section = await bench('--only', 'latency', '--out', out.path);
  assert.equal(section.code, 1);
  assert.match(section.stderr, /there is no section "latency"; one of: pipeline-embedded, .*submission/);

  const option = await bench('--fast', '--out', out.path);
  assert.equal(option.code, 1);
  assert.match(option.stderr, /--fast[\s\S]*--quick/);
  assert.deepEqual(await readdir(out.path), []);
});
