import type { Chapter } from '../requirement.ts';
import { access } from './access.ts';
import { containment } from './containment.ts';
import { cryptography } from './cryptography.ts';
import { input } from './input.ts';
import { integrity } from './integrity.ts';
import { operations } from './operations.ts';
import { outbound } from './outbound.ts';
import { resources } from './resources.ts';
import { tokens } from './tokens.ts';
import { traces } from './traces.ts';
import { web } from './web.ts';

export const chapters: Chapter[] = [
  tokens,
  access,
  input,
  resources,
  web,
  outbound,
  containment,
  cryptography,
  integrity,
  traces,
  operations,
];
