import type { BadgeSymbol } from './badge-picture.ts';
import type { InBoth } from './locale.ts';

/** Something the demo's training centre hands out, and what is wrong with it where something is. */
export type Award = {
  readonly id: string;
  readonly form: 'open-badge-3' | 'open-badge-2' | 'picture' | 'pdf';
  readonly flaw: 'altered' | 'revoked' | null;
  readonly type: 'Certification' | 'MicroCredential';
  readonly title: InBoth;
  readonly description: InBoth;
  readonly criteria: InBoth;
  readonly hours: number;
  readonly issuedDaysAgo: number;
  readonly validDays: number | null;
  readonly colour: readonly [number, number, number];
  readonly symbol: BadgeSymbol;
  /** What sending it in shows. */
  readonly note: InBoth;
};

const YEAR = 365;

const FIRST_AID = {
  type: 'Certification',
  title: {
    en: 'Standard First Aid with CPR-C and AED',
    fr: 'Secourisme général avec RCR niveau C et DEA',
  },
  description: {
    en: 'First aid, CPR level C, and the use of an automated external defibrillator.',
    fr: 'Secourisme, RCR niveau C et utilisation d’un défibrillateur externe automatisé.',
  },
  criteria: {
    en: 'Took part in 16 hours of training and passed a written test and a skills test.',
    fr: 'A suivi 16 heures de formation et réussi un examen écrit et un examen pratique.',
  },
  hours: 16,
  issuedDaysAgo: 60,
  validDays: 3 * YEAR,
  colour: [196, 48, 43],
  symbol: 'cross',
} as const satisfies Partial<Award>;

export const AWARDS: readonly Award[] = [
  {
    ...FIRST_AID,
    id: 'standard-first-aid',
    form: 'open-badge-3',
    flaw: null,
    note: {
      en: 'A signed badge inside its picture (Open Badges 3.0).',
      fr: 'Un badge signé dans son image (Open Badges 3.0).',
    },
  },
  {
    id: 'whmis-2015',
    form: 'open-badge-2',
    flaw: null,
    type: 'Certification',
    title: { en: 'WHMIS 2015', fr: 'SIMDUT 2015' },
    description: {
      en: 'Labels, safety data sheets, and safe handling of hazardous products at work.',
      fr: 'Étiquettes, fiches de données de sécurité et manipulation sécuritaire des produits dangereux au travail.',
    },
    criteria: {
      en: 'Completed 3 hours of generic instruction and scored at least 80% on the test.',
      fr: 'A suivi 3 heures de formation générale et obtenu au moins 80 % au test.',
    },
    hours: 3,
    issuedDaysAgo: 30,
    validDays: null,
    colour: [178, 94, 9],
    symbol: 'diamond',
    note: {
      en: 'A badge that lives on its issuer’s site (Open Badges 2.0).',
      fr: 'Un badge hébergé sur le site de son émetteur (Open Badges 2.0).',
    },
  },
  {
    id: 'infection-control',
    form: 'pdf',
    flaw: null,
    type: 'Certification',
    title: { en: 'Infection Control', fr: 'Prévention et contrôle des infections' },
    description: {
      en: 'Routine practices for infection prevention and control.',
      fr: 'Pratiques de base en prévention et contrôle des infections.',
    },
    criteria: { en: '4 hours of training', fr: '4 heures de formation' },
    hours: 4,
    issuedDaysAgo: 14,
    validDays: null,
    colour: [32, 90, 140],
    symbol: 'drop',
    note: {
      en: 'A PDF certificate: it can be read, but nobody vouches for it.',
      fr: 'Un certificat PDF : il se lit, mais personne ne s’en porte garant.',
    },
  },
  {
    id: 'podcast-basics',
    form: 'open-badge-3',
    flaw: null,
    type: 'MicroCredential',
    title: { en: 'Podcast Production Basics', fr: 'Bases de la production d’un balado' },
    description: {
      en: 'A micro-credential on planning, recording, and editing a short podcast about health.',
      fr: 'Une microcertification sur la préparation, l’enregistrement et le montage d’un court balado sur la santé.',
    },
    criteria: {
      en: 'Completed 6 hours of learning, produced one episode, and passed a quiz marked by an instructor.',
      fr: 'A suivi 6 heures de cours, produit un épisode et réussi un test noté par une formatrice.',
    },
    hours: 6,
    issuedDaysAgo: 20,
    validDays: null,
    colour: [47, 117, 59],
    symbol: 'leaf',
    note: {
      en: 'A micro-credential that is on no list of the sector.',
      fr: 'Une microcertification qui n’est sur aucune liste du secteur.',
    },
  },
  {
    id: 'cpr-expired',
    form: 'open-badge-2',
    flaw: null,
    type: 'Certification',
    title: { en: 'CPR Level C', fr: 'RCR niveau C' },
    description: {
      en: 'Cardiopulmonary resuscitation for adults, children, and infants.',
      fr: 'Réanimation cardiorespiratoire pour adultes, enfants et nourrissons.',
    },
    criteria: { en: 'Took part in 5 hours of training.', fr: 'A suivi 5 heures de formation.' },
    hours: 5,
    issuedDaysAgo: 14 * 30,
    validDays: YEAR,
    colour: [150, 40, 90],
    symbol: 'heart',
    note: { en: 'A genuine badge that has expired.', fr: 'Un badge authentique, mais expiré.' },
  },
  {
    id: 'safe-food-handling-revoked',
    form: 'open-badge-2',
    flaw: 'revoked',
    type: 'Certification',
    title: { en: 'Safe Food Handling', fr: 'Manipulation sécuritaire des aliments' },
    description: {
      en: 'Preparing and storing food safely.',
      fr: 'Préparation et conservation sécuritaires des aliments.',
    },
    criteria: {
      en: 'Passed the food handler test.',
      fr: 'A réussi l’examen sur la manipulation des aliments.',
    },
    hours: 6,
    issuedDaysAgo: 200,
    validDays: 5 * YEAR,
    colour: [96, 74, 140],
    symbol: 'pot',
    note: {
      en: 'A badge that its issuer has withdrawn.',
      fr: 'Un badge que son émetteur a retiré.',
    },
  },
  {
    ...FIRST_AID,
    id: 'standard-first-aid-altered',
    form: 'open-badge-3',
    flaw: 'altered',
    note: {
      en: 'A forgery: someone changed a signed badge.',
      fr: 'Un faux : quelqu’un a modifié un badge signé.',
    },
  },
  {
    ...FIRST_AID,
    id: 'standard-first-aid-picture',
    form: 'picture',
    flaw: null,
    note: {
      en: 'A plain picture of a badge, like a screenshot: no badge inside.',
      fr: 'Une simple image de badge, comme une capture d’écran : aucun badge à l’intérieur.',
    },
  },
];

export const TRAINING_CENTRE: InBoth = {
  en: 'Demo Training Centre',
  fr: 'Centre de formation de démonstration',
};
