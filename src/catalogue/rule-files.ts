import { z } from 'zod';

/** The shapes of the files in `config/`. Fields that only people read (`legend`, `unsourced`, …) pass unchecked. */
export const id = z
  .string()
  .regex(/^[a-z0-9]+([-_][a-z0-9]+)*$/, 'is not an id: lower-case words joined by hyphens');
export const words = z.string().trim().min(1, 'is empty');
const text = z.object({ en: words, fr: words });
const status = z.enum(['sourced', 'partly', 'unverified']);
const count = z.number().int().nonnegative().nullable();
const sourceIds = z.array(id);

const line = z.object({
  id,
  status,
  countsAlone: z.boolean(),
  evidence: z.string().optional(),
  sourceIds: sourceIds.default([]),
});

export const sectorFile = z.object({
  id,
  name: text,
  keywords: z.object({ en: z.array(words).min(1), fr: z.array(words).min(1) }),
  status,
  officialUrl: z.url({ protocol: /^https$/ }),
  certifications: z.object({
    total: count,
    compulsoryCount: count,
    compulsory: z.array(line),
    compulsoryListComplete: z.boolean(),
    electives: z.object({
      choose: count,
      of: z.array(line.extend({ role: z.enum(['elective', 'unknown']) })),
      listComplete: z.boolean(),
    }),
  }),
  candidates: z.object({ compulsory: z.array(line), electives: z.array(line) }),
  note: z.string().nullable(),
});

const certification = z.object({
  id,
  name: text,
  titles: z.array(words),
  aliases: z.array(words),
  weak: z.array(words),
  kind: z.enum(['certification', 'training']),
  nameType: z.enum(['named', 'category']),
  broad: z.boolean(),
  issuers: z.array(z.object({ name: words })),
  validityMonths: z.number().int().positive().nullable(),
  minHours: z.number().positive().nullable(),
  typicalHours: z.number().positive().nullable(),
  status,
  sourceIds,
  note: z.string().nullable(),
});
export const certificationsFile = z.array(certification);

export const equivalencesFile = z.object({
  others: z.array(
    z.object({
      id,
      name: text,
      titles: z.array(words),
      weak: z.array(words),
      treatAs: z.enum(['other-component', 'not-equivalent']),
      notEquivalentTo: z.array(id),
      reason: text,
    }),
  ),
  equivalences: z.array(
    z.object({
      id,
      titles: z.array(words),
      satisfies: z.array(id).min(1),
      stated: z.array(id).default([]),
      level: z.enum(['sourced', 'inference']),
      reason: text,
    }),
  ),
  ambiguousAliases: z.record(z.string(), z.array(id).min(2)),
});

const expression = words.refine(isExpression, 'is not a regular expression');

export const titleWordsFile = z.object({
  skip: z.array(words),
  neutral: z.array(words),
  soft: z.array(words),
  course: z.array(words),
  qualifiers: z.array(
    z.object({
      id,
      effect: z.enum(['confirm', 'block', 'block-hint', 'unfinished', 'negate']),
      words: z.array(words).min(1),
      certifications: z.array(id),
      kinds: z.array(z.enum(['certification', 'training', 'named', 'category'])),
      unless: z.array(words),
      namesAnEvent: z.boolean().default(false),
      names: id.nullable().default(null),
    }),
  ),
  addressed: z.array(expression),
  completed: z.array(expression),
});

export const issuersFile = z.array(
  z.object({
    id,
    names: z.array(words).min(1),
    hosts: z.array(z.hostname()),
    /** Read by `src/badges/issuer-list.ts`. */
    keys: z.array(z.string().startsWith('did:')).default([]),
    certificationIds: z.array(id),
    status,
    /** A public page that says what it is known for. */
    source: z.url().nullable().default(null),
  }),
);

export const qualityFile = z.array(z.object({ id, question: text, basis: words }));

export const rubricFile = z.object({
  id,
  criteria: z
    .array(
      z.object({
        id,
        name: text,
        levels: z
          .array(z.object({ points: z.number().int().nonnegative(), name: text, description: text }))
          .min(2),
      }),
    )
    .min(1),
});

export const sourcesFile = z.array(
  z.object({
    id,
    title: words,
    publisher: words,
    year: z.number().int().nullable(),
    url: z.url().nullable(),
  }),
);

export const programFile = z.object({
  edition: z.string().regex(/^\d{4}\.\d+$/, 'is not an edition such as 2026.1'),
});

export type SectorFile = z.infer<typeof sectorFile>;

function isExpression(source: string): boolean {
  try {
    return new RegExp(source, 'iu').flags === 'iu';
  } catch {
    return false;
  }
}
