import { branded } from './branded.ts';
import { dutch } from './dutch.ts';
import { eastAsian } from './east-asian.ts';
import { english } from './english.ts';
import { french } from './french.ts';
import { german } from './german.ts';
import { greekAndCyrillic } from './greek-and-cyrillic.ts';
import { italian } from './italian.ts';
import { manyLines } from './many-lines.ts';
import { polish } from './polish.ts';
import { rightToLeft } from './right-to-left.ts';
import type { Sample } from './sample.ts';
import { spanish } from './spanish.ts';

export { brandedSellers } from './branded-sellers.ts';
export { draftOf } from './draft-of.ts';
export { demoSeries, type Sample } from './sample.ts';

/** What the demo submits: many languages, scripts, taxes and paper sizes, all of them valid. */
export const samples: Sample[] = [
  ...english,
  ...german,
  ...manyLines,
  ...french,
  ...spanish,
  ...italian,
  ...dutch,
  ...polish,
  ...greekAndCyrillic,
  ...rightToLeft,
  ...eastAsian,
  ...branded,
];
