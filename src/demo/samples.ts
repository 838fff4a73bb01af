import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AWARDS, type Award, TRAINING_CENTRE } from './awards.ts';
import { type BadgeIssuer, type Grant, grantAddresses, issuedAt } from './badge-issuer.ts';
import { drawBadge } from './badge-picture.ts';
import { LOCALES } from './locale.ts';
import { assertion } from './open-badge-2.ts';
import { forge, signOpenBadge3 } from './open-badge-3.ts';
import { type Certificate, pdfCertificate } from './pdf-certificate.ts';
import { fullName, type Person } from './people.ts';
import { bakePng } from './png.ts';

/** A file that a student could send in. */
export type Sample = Grant & {
  readonly fileName: string;
  readonly contentType: string;
  /** Where the badge is hosted, for one that can be sent in as an address. */
  readonly address: string | null;
  readonly bytes: () => Promise<Buffer>;
};

export type Samples = {
  readonly all: readonly Sample[];
  /** The PNG picture of an award, without a badge inside. */
  readonly picture: (award: Award) => Buffer;
};

const FORMS = {
  'open-badge-3': { extension: 'png', contentType: 'image/png' },
  'open-badge-2': { extension: 'json', contentType: 'application/json' },
  picture: { extension: 'png', contentType: 'image/png' },
  pdf: { extension: 'pdf', contentType: 'application/pdf' },
} as const;

/** Every award for the given students, in both languages. Drawing and signing wait until a file is asked for. */
export function createSamples(issuer: BadgeIssuer, students: readonly Person[]): Samples {
  const drawn = new Map<string, Buffer>();
  const picture = ({ colour, symbol }: Award): Buffer => {
    const png = drawn.get(symbol) ?? drawBadge(colour, symbol);
    drawn.set(symbol, png);
    return png;
  };
  const grants = LOCALES.flatMap((locale) =>
    students.flatMap((person) => AWARDS.map((award): Grant => ({ award, person, locale }))),
  );
  const all = grants.map((grant): Sample => {
    const { award, person } = grant;
    const other = students.find((student) => student.id !== person.id) ?? person;
    const { extension, contentType } = FORMS[award.form];
    return {
      ...grant,
      fileName: `${award.id}.${extension}`,
      contentType,
      address: award.form === 'open-badge-2' ? grantAddresses(issuer, grant).assertion : null,
      bytes: async () => {
        switch (award.form) {
          case 'open-badge-3':
            return bakePng(picture(award), await credentialOf(issuer, grant, other));
          case 'open-badge-2':
            return Buffer.from(`${JSON.stringify(assertion(issuer, grant), null, 2)}\n`);
          case 'picture':
            return picture(award);
          case 'pdf':
            return pdfCertificate(certificate(issuer, grant));
        }
      },
    };
  });
  return { all, picture };
}

/** Writes `<folder>/<language>/<person>/<file>`, for people who would rather pick a file than download it. */
export async function writeSamples(folder: string, samples: Samples): Promise<void> {
  for (const { locale, person, fileName, bytes } of samples.all) {
    const at = join(folder, locale, person.id);
    await mkdir(at, { recursive: true });
    await writeFile(join(at, fileName), await bytes());
  }
}

async function credentialOf(issuer: BadgeIssuer, grant: Grant, other: Person): Promise<string> {
  const own = await signOpenBadge3(issuer, grant);
  if (grant.award.flaw !== 'altered') return own;
  // Somebody put their own name on the badge of somebody else.
  return forge(own, await signOpenBadge3(issuer, { ...grant, person: other }));
}

function certificate(issuer: BadgeIssuer, grant: Grant): Certificate {
  const { award, person, locale } = grant;
  const day = issuedAt(issuer, grant).toISOString().slice(0, 10);
  const words = {
    en: {
      heading: 'Certificate of Completion',
      certifies: 'This is to certify that',
      completed: 'has successfully completed',
      on: 'Date issued:',
      by: 'Issued by',
    },
    fr: {
      heading: 'Certificat de réussite',
      certifies: 'Le présent document certifie que',
      completed: 'a réussi',
      on: 'Date de délivrance :',
      by: 'Délivré par :',
    },
  }[locale];
  return {
    heading: words.heading,
    certifies: words.certifies,
    awardedTo: fullName(person, locale),
    completed: words.completed,
    title: award.title[locale],
    details: [award.criteria[locale], `${words.on} ${day}`, `${words.by} ${TRAINING_CENTRE[locale]}`],
  };
}
