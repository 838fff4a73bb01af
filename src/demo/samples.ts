import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AWARDS, type Award, TRAINING_CENTRE } from './awards.ts';
import { type BadgeIssuer, type Grant, grantAddresses, issuedAt } from './badge-issuer.ts';
import { drawBadge } from './badge-picture.ts';
import { LOCALES } from './locale.ts';
import { assertion } from './open-badge-2.ts';
import { forge, signOpenBadge3 } from './open-badge-3.ts';
import { pdfCertificate } from './pdf-certificate.ts';
import { fullName, type Person } from './people.ts';
import { bakePng } from './png.ts';

/** A file that a student could send in. */
export type Sample = Grant & {
  readonly fileName: string;
  readonly contentType: string;
  readonly bytes: Buffer;
  /** Where the badge is hosted, for one that can be sent in as an address. */
  readonly address: string | null;
};

export type Samples = { readonly files: readonly Sample[]; readonly pictures: ReadonlyMap<string, Buffer> };

/** Makes and signs every award for the given students, in both languages. */
export async function makeSamples(issuer: BadgeIssuer, students: readonly Person[]): Promise<Samples> {
  const pictures = new Map(AWARDS.map((award) => [award.id, drawBadge(award.colour, award.symbol)]));
  const grants = LOCALES.flatMap((locale) =>
    students.flatMap((person) => AWARDS.map((award): Grant => ({ award, person, locale }))),
  );
  const files = await Promise.all(
    grants.map(async (grant) => {
      const other = students.find((student) => student.id !== grant.person.id) ?? grant.person;
      return makeSample(issuer, grant, other, pictures.get(grant.award.id) ?? Buffer.alloc(0));
    }),
  );
  return { files, pictures };
}

/** Writes `<folder>/<language>/<person>/<file>`, for people who would rather pick a file than download it. */
export async function writeSamples(folder: string, { files }: Samples): Promise<void> {
  for (const { locale, person, fileName, bytes } of files) {
    const at = join(folder, locale, person.id);
    await mkdir(at, { recursive: true });
    await writeFile(join(at, fileName), bytes);
  }
}

async function makeSample(
  issuer: BadgeIssuer,
  grant: Grant,
  other: Person,
  picture: Buffer,
): Promise<Sample> {
  const { award } = grant;
  switch (award.form) {
    case 'open-badge-3':
      return file(grant, 'png', 'image/png', bakePng(picture, await credentialOf(issuer, grant, other)));
    case 'open-badge-2': {
      const json = Buffer.from(`${JSON.stringify(assertion(issuer, grant), null, 2)}\n`);
      return {
        ...file(grant, 'json', 'application/json', json),
        address: grantAddresses(issuer, grant).assertion,
      };
    }
    case 'picture':
      return file(grant, 'png', 'image/png', picture);
    case 'pdf':
      return file(grant, 'pdf', 'application/pdf', pdfCertificate(certificate(issuer, grant)));
  }
}

async function credentialOf(issuer: BadgeIssuer, grant: Grant, other: Person): Promise<string> {
  const own = await signOpenBadge3(issuer, grant);
  if (grant.award.flaw !== 'altered') return own;
  // Somebody put their own name on the badge of somebody else.
  return forge(own, await signOpenBadge3(issuer, { ...grant, person: other }));
}

function file(grant: Grant, extension: string, contentType: string, bytes: Buffer): Sample {
  return { ...grant, fileName: fileName(grant.award, extension), contentType, bytes, address: null };
}

function fileName(award: Award, extension: string): string {
  return `${award.id}.${extension}`;
}

function certificate(issuer: BadgeIssuer, grant: Grant) {
  const { award, person, locale } = grant;
  const day = issuedAt(issuer, grant).toISOString().slice(0, 10);
  const words = {
    en: { heading: 'Certificate of Completion', on: 'Date issued:', by: 'Issued by' },
    fr: { heading: 'Certificat de réussite', on: 'Date de délivrance :', by: 'Délivré par :' },
  }[locale];
  return {
    heading: words.heading,
    awardedTo: fullName(person, locale),
    title: award.title[locale],
    details: [award.criteria[locale], `${words.on} ${day}`, `${words.by} ${TRAINING_CENTRE[locale]}`],
  };
}
