import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { typedReport } from '../../src/cli/typed-facts.ts';
import { catalogue, placeCredential, placeTyped, TODAY } from '../support/placing.ts';

test('a proposal names its line, its reasons in both languages and the rules it was made by', () => {
  const report = placeTyped('health-wellness', {
    name: 'Standard First Aid & CPR C',
    issuer: 'Canadian Red Cross',
    issuedOn: '2026-03-02',
    expiresOn: '2029-03-02',
    hours: 16,
  });
  expect(report).toMatchObject({
    sector: 'health-wellness',
    rulesVersion: catalogue.rules.version,
    placement: 'compulsory',
    certification: 'standard-first-aid',
    also: ['cpr-c-aed'],
    match: 'named',
    needsConfirmation: false,
    confidence: 0.98,
    quality: [],
  });
  expect(report.reasons[0]).toEqual({
    key: 'match.title',
    en: 'The title is “Standard First Aid”.',
    fr: 'Le titre est « Secourisme général ».',
  });
  expect(report.reasons.map((reason) => reason.key)).toEqual([
    'match.title',
    'match.also',
    'equivalence.combined-first-aid',
    'line.compulsory',
    'line.source',
  ]);
  expect(Object.fromEntries(report.checks.map(({ id, result }) => [id, result]))).toEqual({
    verified: 'unknown',
    recipient: 'unknown',
    issuer: 'pass',
    assessed: 'unknown',
    hours: 'pass',
    dates: 'pass',
    expiry: 'pass',
    duplicate: 'unknown',
    'earned-before': 'unknown',
  });
});

test('an expired certificate keeps its line, and the check says that it has lapsed', () => {
  const report = placeTyped('business', { name: 'Standard First Aid', expiresOn: '2025-01-31' });
  expect([report.placement, report.certification]).toEqual(['compulsory', 'standard-first-aid']);
  expect(report.checks.find(({ id }) => id === 'expiry')).toEqual({
    id: 'expiry',
    result: 'fail',
    en: 'It ended on 2025-01-31. No SHSM rule on expiry was found; the school decides.',
    fr: 'Il a pris fin le 2025-01-31. Aucune règle de la MHS sur l’expiration n’a été trouvée ; l’école décide.',
  });
});

test('what is on no list is supplementary, with the checklist and the sentence that it replaces nothing', () => {
  const report = placeTyped('construction', { name: 'Beekeeping', issuer: 'A farm' });
  expect(report.placement).toBe('supplementary');
  expect(report.certification).toBeNull();
  expect(report.reasons.map((reason) => reason.key)).toEqual(['unknown-title', 'complements']);
  expect(report.quality).toHaveLength(12);
});

describe('what cannot be believed is not placed', () => {
  test.each(['invalid', 'not-a-badge', 'unreadable', 'no-badge-data'] as const)('%s', (outcome) => {
    const report = placeTyped('construction', { name: 'Standard First Aid' }, { outcome });
    expect([report.placement, report.certification]).toEqual(['undetermined', null]);
  });
});

test.each(['revoked', 'not-yet-valid'] as const)(
  'a %s badge keeps its line, but only with a person',
  (outcome) => {
    const report = placeTyped('construction', { name: 'Standard First Aid' }, { outcome });
    expect([report.certification, report.needsConfirmation]).toEqual(['standard-first-aid', true]);
    expect(report.checks.find(({ id }) => id === 'verified')?.result).toBe('fail');
  },
);

test.each([
  ['another person’s', { recipient: { matches: false } }],
  ['one dated in the future', { issuedOn: '2027-01-01' }],
  ['one that was too short', { hours: 3 }],
  ['one that was only attended', { criteria: 'Attended the session' }],
])('%s keeps its line, but only with a person', (_name, facts) => {
  const report = placeTyped('construction', { name: 'Standard First Aid', ...facts });
  expect([report.certification, report.needsConfirmation]).toEqual(['standard-first-aid', true]);
  expect(report.reasons.at(-1)?.key).toBe('check-failed');
});

test('a sector that the rules no longer have gives no proposal', () => {
  const report = placeTyped('witchcraft', { name: 'Standard First Aid' });
  expect([report.placement, report.reasons[0]?.key]).toEqual(['undetermined', 'sector-unknown']);
});

describe('the source of a line is said beside it', () => {
  test.each([
    ['construction', 'Working at Heights', 'line.compulsory'],
    ['construction', 'Chainsaw Safety', 'line.elective'],
    ['environment', 'Map and Compass', 'line.compulsory-doubtful'],
    ['sports', 'Event Planning', 'line.elective-doubtful'],
    ['mining', 'Working at Heights', 'line.role-unknown'],
    ['aviation-aerospace', 'Drone Pilot', 'line.candidate'],
  ])('%s: %s', (sector, name, key) => {
    expect(placeTyped(sector, { name }).reasons.map((reason) => reason.key)).toContain(key);
  });
});

test('what else a title names is said: another certification, and what it takes back', () => {
  const keys = (name: string) => placeTyped('construction', { name }).reasons.map((reason) => reason.key);
  expect(keys('Standard First Aid and National Lifeguard')).toContain('also-named');
  expect(keys('Standard First Aid (CPR not included)')).toContain('taken-back.negation');
  expect(keys('WHMIS and Fall Protection')).toContain('also-possible');
  expect(keys('Emergency First Aid & CPR C')).toContain('not-equivalent.emergency-first-aid');
});

test('every word that changes what a title proves has its reason in both languages', () => {
  const { titleWords } = catalogue.rules;
  const keys = titleWords.qualifiers.flatMap(({ id, effect }) =>
    effect === 'unfinished'
      ? ['reasons.not-finished']
      : effect === 'confirm'
        ? [`reasons.qualifier.${id}`]
        : effect === 'negate'
          ? [`reasons.qualifier.${id}`, `reasons.taken-back.${id}`]
          : [`reasons.taken-back.${id}`],
  );
  expect(keys.filter((key) => !catalogue.messages.has(key))).toEqual([]);
});

const sectorId = fc.constantFrom(...catalogue.rules.sectors.map((sector) => sector.id));
const phrase = fc.oneof(
  fc.string({ maxLength: 60 }),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom(
    'Standard First Aid',
    'CPR',
    'Level C',
    'WHMIS',
    'Working at Heights',
    'not',
    'without',
    'refresher',
    '<b hidden>',
    '</b>',
    '<!--',
    '{',
    'ICE',
    'awareness',
    'Secourisme général',
    ', ',
    '.',
    '2015',
  ),
);
const title = fc.array(phrase, { maxLength: 6 }).map((parts) => parts.join(' '));

test('whatever strangers write, there is an answer, and its parts agree', () => {
  fc.assert(
    fc.property(sectorId, title, fc.option(title), fc.option(title), (sector, name, issuer, description) => {
      const report = placeTyped(sector, { name, issuer, description });
      const claims = report.placement === 'compulsory' || report.placement === 'elective';
      expect(report.certification !== null).toBe(claims);
      expect(report.match === 'none').toBe(!claims);
      if (!claims) expect(report.also).toEqual([]);
      if (!report.needsConfirmation) expect(report.match).toBe('named');
      const onList = catalogue.rules.sectors
        .find((candidate) => candidate.id === sector)
        ?.lines.map((line) => line.certificationId);
      for (const id of [report.certification, ...report.also]) if (id !== null) expect(onList).toContain(id);
      expect(report.reasons.length).toBeGreaterThan(0);
      for (const { en, fr } of [...report.reasons, ...report.checks])
        expect(`${en} ${fr}`).not.toMatch(/^ | $|reasons\.|placement-checks\./);
      for (const { en, fr } of report.reasons) expect(`${en} ${fr}`).not.toMatch(/[{}]/);
    }),
    { numRuns: 400 },
  );
});

test.each([
  ['a megabyte of one word', { name: 'x'.repeat(1_000_000) }],
  ['a megabyte of description', { name: 'Certificate', description: 'is able to '.repeat(100_000) }],
  ['ten thousand words', { name: Array.from({ length: 10_000 }, (_, at) => `word${at}`).join(' ') }],
  ['an endless issuer', { name: 'Basket weaving', issuer: 'Canadian Red '.repeat(80_000) }],
  ['nothing', { name: '' }],
  ['emoji', { name: '🥋'.repeat(400) }],
  ['text from right to left', { name: '\u202Edia tsrif dradnats\u202C' }],
  ['control characters', { name: '\u0000\u0007\u001b[31m' }],
  ['half of a letter', { name: '\ud83e' }],
  ['tags without an end', { name: '<b style='.repeat(5_000) }],
  ['links without an end', { name: '[a]('.repeat(5_000) }],
] as const)('%s: an answer that claims nothing', (_name, facts) => {
  expect(placeTyped('construction', facts).certification).toBeNull();
});

describe('a title that is mostly about something else is left to a person', () => {
  test.each([
    'Cake and balloons for the WHMIS gala',
    'Zorblax the Species Identification Wizard of Kantolia Prime',
  ])('%s', (name) => {
    const report = placeTyped('environment', { name });
    expect([report.placement, report.certification, report.needsConfirmation]).toEqual([
      'undetermined',
      null,
      true,
    ]);
    expect(report.reasons.map(({ key }) => key)).toEqual(['title-is-about-more']);
  });

  test('one word that nothing explains leaves the line', () => {
    expect(placeTyped('environment', { name: 'WHMIS Kantolia' })).toMatchObject({
      certification: 'whmis-generic',
      needsConfirmation: true,
    });
  });

  test.each([
    [
      'words of its own names',
      'mining',
      'Tronc commun - mineur de fond (mine souterraine)',
      'common-core-mining',
    ],
    [
      'what follows a colon',
      'information-communications-technology',
      'Soldering Workshop: Build Your Own Radio',
      'electronics-soldering',
    ],
  ])('%s do not count', (_name, sector, name, id) => {
    expect(placeTyped(sector, { name }).certification).toBe(id);
  });
});

describe('an instructor of a course is certified to teach, where a source lists that', () => {
  test.each([
    ['sports', 'Standard First Aid Instructor', 'instructor-certification'],
    ['sports', 'Moniteur de secourisme', 'instructor-certification'],
    ['sports', 'Swim for Life Instructor', 'instructor-certification'],
    ['sports', 'Lifesaving Society - Assistant Instructors', 'instructor-certification'],
    ['sports', 'WHMIS – Instructor: Mark Lafleur', 'whmis-generic'],
    ['sports', 'Ski Instructor & WHMIS', 'whmis-generic'],
    ['construction', 'Standard First Aid Instructor', 'standard-first-aid'],
  ])('%s: %s', (sector, name, id) => {
    expect(placeTyped(sector, { name })).toMatchObject({ certification: id, needsConfirmation: true });
  });
});

test('what an instructor’s certificate may be besides is said', () => {
  const { reasons } = placeTyped('sports', { name: 'Standard First Aid Instructor' });
  expect(reasons.map(({ key }) => key)).toContain('also-possible');
});

test('a course that an instructor led is no instructor’s certificate', () => {
  for (const name of ['Standard First Aid, Instructor-Led', 'Standard First Aid Instructor-Led Training'])
    expect(placeTyped('sports', { name }).certification).toBe('standard-first-aid');
});

test('a mark is no proof: a person looks', () => {
  expect(placeTyped('business', { name: 'WHMIS 2015, mark 45 %' }).needsConfirmation).toBe(true);
});

describe('what only mentions a course fills no line', () => {
  test.each([
    ['food-processing', 'WHMIS Quiz #3: 7/15'],
    ['environment', 'GIS Applications Clinic – Volunteer'],
    ['environment', 'Leave No Digital Trace'],
    ['manufacturing', 'CNC – Certified Nutrition Coach'],
    ['manufacturing', 'WHMIS/SIMDUT propre au lieu de travail'],
    ['construction', 'Traffic Control 101: Drive Web Traffic'],
    ['food-processing', 'Scaffolding for Young Readers'],
    ['agriculture', 'Farm Safety Quiz – You scored 8/10!'],
    ['business', 'Part-time Customer Service Representative'],
    ['environment', 'Conducteur d’embarcation de plaisance – examen de pratique : 41/50'],
    ['horticulture-landscaping', 'WHMIS Site-Specific Training – Greenhouse 4 chemical storage'],
  ])('%s: %s', (sector, name) => {
    expect(placeTyped(sector, { name }).certification).toBeNull();
  });
});

test('letters that stand for what the title spells out beside them are not another course', () => {
  const placed = (name: string) => placeTyped('manufacturing', { name }).certification;
  expect(placed('CNC (Computer Numerical Control)')).toBe('cnc-machining');
  expect(placed('CNC (Certified Nutrition Coach)')).toBeNull();
});

test('words that no rule knows never make a title certain', () => {
  const nonsense = fc.stringMatching(/^[bcdfghjklmnpqrstvwxz]{6,12}$/);
  fc.assert(
    fc.property(
      nonsense,
      fc.constantFrom('Standard First Aid', 'CPR Level C', 'WHMIS', 'SIMDUT 2015'),
      (word, name) => {
        expect(placeTyped('construction', { name: `${word} ${name}` }).needsConfirmation).toBe(true);
        expect(placeTyped('construction', { name: `${name} ${word}` }).needsConfirmation).toBe(true);
      },
    ),
  );
});

test.each(['Standard First Aid', 'WHMIS 2015', 'completed CPR Level C'])(
  'an unknown title claims no line, though its description and issuer say %s',
  (said) => {
    const report = placeTyped('construction', { name: 'Basket weaving', description: said, issuer: said });
    expect(report.certification).toBeNull();
  },
);

test('the same question has the same answer', () => {
  const question = {
    sectorId: 'construction',
    credential: typedReport({ name: 'Forklift Operator' }, 0),
    expected: null,
    today: TODAY,
    duplicates: null,
  };
  expect(placeCredential(question)).toEqual(placeCredential(question));
});
