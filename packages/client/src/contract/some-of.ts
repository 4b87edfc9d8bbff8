import { z } from 'zod';

/** Names out of a list, each once. */
export const someOf = <const T extends readonly string[]>(names: T) =>
  z
    .array(z.enum(names))
    .min(1, 'is empty; leave the field out instead')
    .max(names.length, `names more than there are: ${names.join(', ')}`)
    .refine((chosen) => new Set(chosen).size === chosen.length, 'names one of them twice')
    .meta({ uniqueItems: true });
