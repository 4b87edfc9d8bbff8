import type { Component } from './components.ts';

/** SPDX names of licences that ask for their text and a notice, and no more of who uses the package as it is. */
const welcome = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
  'MPL-2.0', // of its own files alone
]);

/** Others, each with the reason why it may stay; a name that ends in "*" stands for all that begin so. */
const exceptions: { name: string; licence: string | undefined; why: string }[] = [
  {
    name: '@expo-google-fonts/*',
    licence: 'MIT AND OFL-1.1',
    why: 'fonts; the OFL lets them be embedded and passed on',
  },
  { name: '@visx/vendor', licence: 'MIT and ISC', why: 'both are welcome; the expression is no SPDX' },
  { name: 'pause', licence: undefined, why: 'MIT by its Readme; its package.json says nothing' },
  { name: 'seq-queue', licence: undefined, why: 'MIT by its LICENSE file; its package.json says nothing' },
  {
    name: 'elkjs',
    licence: 'EPL-2.0',
    why: "comes with Prisma's CLI, which images leave out; unchanged, in files of its own",
  },
  { name: 'fast-sha256', licence: 'Unlicense', why: 'public domain' },
  { name: 'postgres', licence: 'Unlicense', why: "public domain; comes with Prisma's CLI" },
  { name: 'robust-predicates', licence: 'Unlicense', why: "public domain; comes with Prisma's CLI" },
  { name: 'graceful-fs', licence: 'BlueOak-1.0.0', why: 'as permissive as MIT, with a grant of patents' },
];

/** Of an SPDX expression without exceptions (WITH): one alternative suffices, and all that is joined has to do. */
const isWelcome = (licence: string): boolean =>
  licence
    .replaceAll(/[()]/g, ' ')
    .split(/\sOR\s/)
    .some((each) => each.split(/\sAND\s/).every((name) => welcome.has(name.trim())));

const isExcepted = ({ name, licence }: Component): boolean =>
  exceptions.some(
    (each) =>
      each.licence === licence &&
      (each.name.endsWith('*') ? name.startsWith(each.name.slice(0, -1)) : each.name === name),
  );

/** A package for another platform is not here to be read: its twin for this one is. */
export const faultsOfLicences = (components: readonly Component[]): string[] =>
  components
    .filter((component) => !component.elsewhere && !isWelcome(component.licence ?? '') && !isExcepted(component))
    .map(
      ({ name, version, licence }) =>
        `${name} ${version} has the licence ${licence ?? '(none)'}; replace it, or say in src/licences.ts why it may stay`,
    );
