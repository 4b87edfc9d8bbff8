import type { Chapter } from '../requirement.ts';
import { access } from './access.ts';
import { containment } from './containment.ts';
import { cryptography } from './cryptography.ts';
import { input } from './input.ts';
import { integrity } from './integrity.ts';
import { operations } from './operations.ts';
import { outbound } from './outbound.ts';
import { people } from './people.ts';
import { privacy } from './privacy.ts';
import { resources } from './resources.ts';
import { tokens } from './tokens.ts';
import { traces } from './traces.ts';
import { trail } from './trail.ts';
import { transit } from './transit.ts';
import { web } from './web.ts';

export const chapters: Chapter[] = [
  tokens,
  people,
  access,
  input,
  resources,
  web,
  outbound,
  containment,
  transit,
  cryptography,
  integrity,
  traces,
  trail,
  privacy,
  operations,
];
