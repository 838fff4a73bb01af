import type { LocalText } from '../../src/domain/local-text.ts';
import type { Rubric } from '../../src/domain/rubric.ts';
import type { Certification, Rules, SectorLine } from '../../src/domain/sector.ts';

const names: Readonly<Record<string, LocalText>> = {
  'standard-first-aid': { en: 'Standard First Aid', fr: 'Secourisme général' },
  'cpr-c-aed': { en: 'CPR Level C with AED', fr: 'RCR niveau C avec DEA' },
  whmis: { en: 'WHMIS (generic)', fr: 'SIMDUT (formation générale)' },
  'infection-control': { en: 'Infection control', fr: 'Prévention des infections' },
  'mental-health-first-aid': { en: 'Mental health first aid', fr: 'Premiers soins en santé mentale' },
  'medical-terminology': { en: 'Medical terminology', fr: 'Terminologie médicale' },
  'safe-lifting': { en: 'Safe lifting and transfers', fr: 'Levage et transferts sécuritaires' },
  'food-handler': { en: 'Food handler', fr: 'Manipulation des aliments' },
};

const certification = (id: string, name: LocalText): Certification => ({
  id,
  name,
  aliases: [],
  titles: [],
  weak: [],
  broad: false,
  kind: 'training',
  nameType: 'named',
  issuers: [],
  validityMonths: null,
  minHours: null,
  typicalHours: null,
  status: 'sourced',
  sourceIds: [],
  note: null,
});

const line = (certificationId: string, over: Partial<SectorLine> = {}): SectorLine => ({
  certificationId,
  status: 'sourced',
  countsAlone: true,
  role: 'compulsory',
  layer: 'list',
  sourceIds: [],
  evidence: null,
  ...over,
});

/** A small list with every kind of line: sourced, not sure, candidate; and a sector whose numbers nobody knows. */
export const RULES: Rules = {
  version: '2026.1+abc',
  others: [],
  equivalences: [],
  issuers: [],
  approvedCourses: [],
  sources: [],
  titleWords: { skip: [], neutral: [], soft: [], course: [], qualifiers: [], addressed: [], completed: [] },
  certifications: Object.entries(names).map(([id, name]) => certification(id, name)),
  sectors: [
    {
      id: 'health-wellness',
      name: { en: 'Health and Wellness', fr: 'Santé et bien-être' },
      status: 'partly',
      keywords: [],
      officialUrl: 'https://www.ontario.ca/',
      total: 6,
      compulsoryCount: 3,
      electivesToChoose: 3,
      compulsoryListComplete: true,
      electiveListComplete: false,
      lines: [
        line('standard-first-aid'),
        line('cpr-c-aed'),
        line('whmis'),
        line('infection-control', { role: 'elective', countsAlone: false, status: 'unverified' }),
        line('mental-health-first-aid', { role: 'elective' }),
        line('medical-terminology', { role: 'unknown', countsAlone: false }),
        line('safe-lifting', {
          role: 'elective',
          layer: 'candidate',
          status: 'unverified',
          countsAlone: false,
        }),
        line('food-handler', {
          role: 'elective',
          layer: 'candidate',
          status: 'unverified',
          countsAlone: false,
        }),
      ],
      note: null,
    },
    {
      id: 'energy',
      name: { en: 'Energy', fr: 'Énergie' },
      status: 'unverified',
      keywords: [],
      officialUrl: 'https://www.ontario.ca/',
      total: null,
      compulsoryCount: null,
      electivesToChoose: null,
      compulsoryListComplete: false,
      electiveListComplete: false,
      lines: [line('standard-first-aid'), line('cpr-c-aed'), line('whmis')],
      note: null,
    },
  ],
};

const level = (points: number, en: string, fr: string, enText: string, frText: string) => ({
  points,
  name: { en, fr },
  description: { en: enText, fr: frText },
});

const levels = [
  level(1, 'Level 1', 'Niveau 1', 'Says little about what was learned.', 'Dit peu de ce qui a été appris.'),
  level(2, 'Level 2', 'Niveau 2', 'Names what was learned.', 'Nomme ce qui a été appris.'),
  level(3, 'Level 3', 'Niveau 3', 'Explains it with an example.', 'L’explique avec un exemple.'),
  level(4, 'Level 4', 'Niveau 4', 'Explains it and plans its use.', 'L’explique et prévoit son utilisation.'),
];

export const RUBRIC: Rubric = {
  id: 'reflection',
  criteria: [
    { id: 'understanding', name: { en: 'Understanding', fr: 'Compréhension' }, levels },
    { id: 'connection', name: { en: 'Connection to the sector', fr: 'Lien avec le secteur' }, levels },
  ],
};
