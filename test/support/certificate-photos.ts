import { createRequire } from 'node:module';
import { createCanvas, GlobalFonts, type SKRSContext2D } from '@napi-rs/canvas';
import sharp from 'sharp';

/** What a certificate of the photo set says, and how it was photographed. */
export type Shot = {
  readonly name: string;
  readonly facts: {
    readonly title: string;
    readonly person: string;
    readonly issuer: string;
    readonly issuedOn: string;
    readonly expiresOn: string | null;
    readonly hours: number | null;
    readonly number: string | null;
  };
  readonly language: 'en' | 'fr';
  readonly layout: 'formal' | 'plain' | 'card' | 'framed' | 'table';
  readonly font: keyof typeof FONTS;
  readonly dates: 'long' | 'iso' | 'short' | 'card';
  readonly photo: {
    /** Degrees that the page lies turned by, as no camera noted. */
    readonly turn?: 0 | 90 | 180 | 270;
    /** Degrees by which the page lies askew. */
    readonly skew?: number;
    readonly shadow?: boolean;
    readonly desk?: boolean;
    readonly blur?: number;
    /** JPEG quality; 85 unless stated. */
    readonly quality?: number;
    readonly width?: number;
    readonly noise?: boolean;
  };
};

const FONTS = {
  serif: ['lora', 'Lora'],
  classic: ['eb-garamond', 'EB Garamond'],
  sans: ['roboto', 'Roboto'],
  modern: ['montserrat', 'Montserrat'],
  narrow: ['oswald', 'Oswald'],
  typed: ['courier-prime', 'Courier Prime'],
} as const;
const SCRIPT = ['great-vibes', 'Great Vibes'] as const;
const MONTHS = {
  en: 'January February March April May June July August September October November December'.split(' '),
  fr: 'janvier février mars avril mai juin juillet août septembre octobre novembre décembre'.split(' '),
};
const CARD_MONTHS = 'JA FE MR AL MA JN JL AU SE OC NO DE'.split(' ');
const WORDS = {
  en: {
    heading: 'Certificate of Completion',
    certifies: 'This is to certify that',
    completed: 'has successfully completed',
    issued: 'Date of issue',
    expires: 'Expires',
    hours: (n: number) => `Course length: ${n} hours`,
    number: 'Certificate No.',
    by: 'Issued by',
    name: 'Name',
    course: 'Course',
    signature: 'Instructor',
  },
  fr: {
    heading: 'Attestation de réussite',
    certifies: 'La présente atteste que',
    completed: 'a réussi la formation',
    issued: 'Délivrée le',
    expires: 'Expire le',
    hours: (n: number) => `Durée : ${n} heures`,
    number: 'Numéro de certificat :',
    by: 'Délivré par',
    name: 'Nom',
    course: 'Cours',
    signature: 'Instructrice',
  },
};

let loaded = false;
function loadFonts(): void {
  if (loaded) return;
  loaded = true;
  const require = createRequire(import.meta.url);
  for (const [folder, family] of [...Object.values(FONTS), SCRIPT])
    for (const weight of [400, 700])
      try {
        GlobalFonts.registerFromPath(
          require.resolve(`@fontsource/${folder}/files/${folder}-latin-${weight}-normal.woff2`),
          family,
        );
      } catch {
        // Some families have one weight.
      }
}

/** A JPEG of the certificate as a student's phone or scanner would give it. */
export async function photograph(shot: Shot): Promise<Uint8Array> {
  loadFonts();
  const isCard = shot.layout === 'card';
  const [width, height] = isCard ? [1300, 820] : [1650, 1275];
  const paper = createCanvas(width, height);
  drawCertificate(paper.getContext('2d'), shot, width, height);
  return onTheDesk(await paper.encode('png'), shot, width, height);
}

function drawCertificate(pen: SKRSContext2D, shot: Shot, width: number, height: number): void {
  const { facts, language, layout } = shot;
  const words = WORDS[language];
  const family = FONTS[shot.font][1];
  pen.fillStyle = layout === 'framed' ? '#fffdf4' : layout === 'card' ? '#eef5fb' : '#ffffff';
  pen.fillRect(0, 0, width, height);
  if (layout === 'framed' || layout === 'formal') frame(pen, width, height);
  const middle = layout === 'card' || layout === 'table' ? 90 : width / 2;
  pen.textAlign = layout === 'card' || layout === 'table' ? 'left' : 'center';
  let y = layout === 'card' ? 100 : 190;
  const write = (
    text: string,
    size: number,
    options: { bold?: boolean; gap?: number; family?: string } = {},
  ) => {
    pen.font = `${options.bold ? 'bold ' : ''}${size}px "${options.family ?? family}"`;
    pen.fillStyle = '#1c2430';
    let fitting = size;
    while (pen.measureText(text).width > width - 180 && fitting > 14) {
      fitting -= 2;
      pen.font = `${options.bold ? 'bold ' : ''}${fitting}px "${options.family ?? family}"`;
    }
    pen.fillText(text, middle, y);
    y += size + (options.gap ?? 26);
  };
  const issued = `${words.issued}${language === 'fr' && !words.issued.endsWith('le') ? ' :' : ':'} ${dateIn(shot, facts.issuedOn)}`;
  const expires = facts.expiresOn === null ? null : `${words.expires}: ${dateIn(shot, facts.expiresOn)}`;
  const number = facts.number === null ? null : `${words.number} ${facts.number}`;
  const hours = facts.hours === null ? null : words.hours(facts.hours);
  if (layout === 'card' || layout === 'table') {
    write(facts.issuer, 40, { bold: true });
    write(`${words.course}: ${facts.title}`, layout === 'card' ? 42 : 46, { gap: 40 });
    write(`${words.name}: ${facts.person}`, 36);
    for (const line of [issued, expires, hours, number]) if (line !== null) write(line, 34);
    return;
  }
  write(facts.issuer, 40, { gap: 50 });
  write(words.heading, layout === 'formal' ? 76 : 60, {
    family: layout === 'formal' ? SCRIPT[1] : family,
    gap: 50,
  });
  write(words.certifies, 32);
  write(facts.person, 56, { gap: 34 });
  write(words.completed, 32, { gap: 40 });
  write(facts.title, 70, { bold: true, gap: 60 });
  for (const line of [issued, expires, hours, number]) if (line !== null) write(line, 32, { gap: 20 });
  pen.fillStyle = '#445';
  pen.fillRect(width - 520, height - 150, 360, 3);
  pen.font = `26px "${family}"`;
  pen.textAlign = 'left';
  pen.fillText(words.signature, width - 500, height - 115);
}

function frame(pen: SKRSContext2D, width: number, height: number): void {
  pen.strokeStyle = '#8a6d1f';
  pen.lineWidth = 10;
  pen.strokeRect(40, 40, width - 80, height - 80);
  pen.lineWidth = 3;
  pen.strokeRect(62, 62, width - 124, height - 124);
  pen.beginPath();
  pen.arc(190, height - 180, 80, 0, Math.PI * 2);
  pen.fillStyle = '#c9a227';
  pen.fill();
}

function dateIn(shot: Shot, day: string): string {
  const [year = '', month = '', date = ''] = day.split('-');
  const name = MONTHS[shot.language][Number(month) - 1] ?? '';
  if (shot.dates === 'iso') return day;
  if (shot.dates === 'card') return `${year} ${CARD_MONTHS[Number(month) - 1]} ${date}`;
  if (shot.dates === 'short')
    return shot.language === 'fr'
      ? `${Number(date)} ${name.slice(0, name.startsWith('jui') ? 5 : 4).replace(/e$/, '')} ${year}`
      : `${name.slice(0, 3)} ${Number(date)}, ${year}`;
  return shot.language === 'fr'
    ? `${Number(date) === 1 ? '1er' : Number(date)} ${name} ${year}`
    : `${name} ${Number(date)}, ${year}`;
}

async function onTheDesk(paper: Uint8Array, shot: Shot, width: number, height: number): Promise<Uint8Array> {
  const { turn = 0, skew = 0, shadow, desk, blur, quality = 85, noise, width: wanted } = shot.photo;
  const margin = desk === true ? 220 : skew === 0 ? 0 : 60;
  const canvas = createCanvas(width + margin * 2, height + margin * 2);
  const pen = canvas.getContext('2d');
  pen.fillStyle = desk === true ? '#5b4636' : '#f2f2f0';
  pen.fillRect(0, 0, canvas.width, canvas.height);
  if (desk === true)
    for (let y = 0; y < canvas.height; y += 14) {
      pen.fillStyle = `rgba(20, 12, 6, ${0.05 + 0.08 * Math.abs(Math.sin(y))})`;
      pen.fillRect(0, y, canvas.width, 6);
    }
  pen.save();
  pen.translate(canvas.width / 2, canvas.height / 2);
  pen.rotate((skew * Math.PI) / 180);
  const { loadImage } = await import('@napi-rs/canvas');
  pen.drawImage(await loadImage(Buffer.from(paper)), -width / 2, -height / 2);
  pen.restore();
  if (shadow === true) {
    const dark = pen.createLinearGradient(0, 0, canvas.width, canvas.height);
    dark.addColorStop(0, 'rgba(0, 0, 0, 0.05)');
    dark.addColorStop(0.55, 'rgba(0, 0, 0, 0.15)');
    dark.addColorStop(0.6, 'rgba(0, 0, 0, 0.55)');
    dark.addColorStop(1, 'rgba(0, 0, 0, 0.62)');
    pen.fillStyle = dark;
    pen.fillRect(0, 0, canvas.width, canvas.height);
  }
  let image = sharp(await canvas.encode('png')).rotate(turn);
  if (wanted !== undefined) image = sharp(await image.png().toBuffer()).resize({ width: wanted });
  if (noise === true) {
    const { data, info } = await image.removeAlpha().raw().toBuffer({ resolveWithObject: true });
    let seed = 12_345;
    for (let at = 0; at < data.length; at += 1) {
      seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff;
      data[at] = Math.max(0, Math.min(255, (data[at] ?? 0) + ((seed >> 16) % 37) - 18));
    }
    image = sharp(data, { raw: { width: info.width, height: info.height, channels: 3 } });
  }
  if (blur !== undefined) image = image.blur(blur);
  return new Uint8Array(await image.removeAlpha().jpeg({ quality }).toBuffer());
}

const fact = (
  title: string,
  person: string,
  issuer: string,
  issuedOn: string,
  expiresOn: string | null,
  hours: number | null,
  number: string | null,
) => ({ title, person, issuer, issuedOn, expiresOn, hours, number });
const shot = (
  name: string,
  facts: Shot['facts'],
  [language, layout, font, dates]: readonly [Shot['language'], Shot['layout'], Shot['font'], Shot['dates']],
  photo: Shot['photo'] = {},
): Shot => ({ name, facts, language, layout, font, dates, photo });

const HEIGHTS = fact(
  'Working at Heights',
  'Student One',
  'Safety Training Centre',
  '2026-05-01',
  '2029-05-01',
  8,
  'WAH-20426',
);
const FIRST_AID = fact(
  'Standard First Aid with CPR Level C',
  'Student Two',
  'Training Centre One',
  '2026-03-02',
  '2029-03-02',
  16,
  'SFA-88213',
);
const WHMIS = fact(
  'WHMIS 2015',
  'Student Three',
  'Workplace Safety School',
  '2026-10-14',
  null,
  3,
  'W-558120',
);
const FOOD = fact(
  'Safe Food Handling',
  'Student Four',
  'Food Safety School',
  '2025-11-30',
  '2030-11-30',
  6,
  null,
);
const SERVICE = fact(
  'Customer Service',
  'Student Five',
  'Retail Council School',
  '2026-02-19',
  null,
  10,
  'CS-2026-19',
);
const CHAINSAW = fact('Chainsaw Safety', 'Student Six', 'Forest Skills Centre', '2026-09-08', null, 16, null);
const SECOURISME = fact(
  'Secourisme général et RCR niveau C',
  'Élève Un',
  'Centre de formation Un',
  '2026-03-02',
  '2029-03-02',
  16,
  'SG-44210',
);
const SIMDUT = fact('SIMDUT 2015', 'Élève Deux', 'École de sécurité', '2026-10-14', null, 3, 'S-558121');
const HAUTEUR = fact(
  'Travail en hauteur',
  'Élève Trois',
  'Centre de sécurité',
  '2026-08-01',
  '2029-08-01',
  8,
  'TH-20427',
);
const ALIMENTS = fact(
  'Manipulation sécuritaire des aliments',
  'Élève Quatre',
  'École de cuisine',
  '2025-12-05',
  '2030-12-05',
  6,
  null,
);

/** The photo set: layouts, fonts, both languages, turned, skewed, shadowed, compressed. */
export const SHOTS: readonly Shot[] = [
  shot('a clean scan', HEIGHTS, ['en', 'plain', 'sans', 'long']),
  shot('a formal certificate with a script heading', FIRST_AID, ['en', 'formal', 'classic', 'long']),
  shot('a framed certificate', WHMIS, ['en', 'framed', 'serif', 'long']),
  shot('a wallet card', HEIGHTS, ['en', 'card', 'sans', 'card']),
  shot('a record as a table', FOOD, ['en', 'table', 'typed', 'iso']),
  shot('narrow letters', SERVICE, ['en', 'plain', 'narrow', 'short']),
  shot('modern letters', CHAINSAW, ['en', 'plain', 'modern', 'long']),
  shot('French, clean', SECOURISME, ['fr', 'plain', 'sans', 'long']),
  shot('French, formal', HAUTEUR, ['fr', 'formal', 'classic', 'long']),
  shot('French, framed', ALIMENTS, ['fr', 'framed', 'serif', 'long']),
  shot('French wallet card', SIMDUT, ['fr', 'card', 'sans', 'iso']),
  shot('French, typed', SECOURISME, ['fr', 'table', 'typed', 'long']),
  shot('lying on its left side', HEIGHTS, ['en', 'plain', 'serif', 'long'], { turn: 90 }),
  shot('lying on its right side', FIRST_AID, ['en', 'framed', 'sans', 'long'], { turn: 270 }),
  shot('upside down', WHMIS, ['en', 'plain', 'modern', 'long'], { turn: 180 }),
  shot('French, on its side', HAUTEUR, ['fr', 'plain', 'sans', 'long'], { turn: 90 }),
  shot('French, upside down', ALIMENTS, ['fr', 'plain', 'serif', 'long'], { turn: 180 }),
  shot('a little askew', FOOD, ['en', 'plain', 'sans', 'long'], { skew: 3 }),
  shot('clearly askew', SERVICE, ['en', 'framed', 'serif', 'short'], { skew: -7 }),
  shot('askew on a desk', HEIGHTS, ['en', 'plain', 'sans', 'long'], { skew: 5, desk: true }),
  shot('French, askew on a desk', SECOURISME, ['fr', 'formal', 'serif', 'long'], { skew: -4, desk: true }),
  shot('half in shadow', FIRST_AID, ['en', 'plain', 'sans', 'long'], { shadow: true }),
  shot('on a desk, half in shadow', CHAINSAW, ['en', 'framed', 'modern', 'long'], {
    shadow: true,
    desk: true,
  }),
  shot('French, half in shadow', SIMDUT, ['fr', 'plain', 'serif', 'long'], { shadow: true }),
  shot('a wallet card in shadow, askew', FIRST_AID, ['en', 'card', 'sans', 'card'], {
    shadow: true,
    skew: 4,
    desk: true,
  }),
  shot('strongly compressed', WHMIS, ['en', 'plain', 'serif', 'long'], { quality: 25 }),
  shot('French, strongly compressed', HAUTEUR, ['fr', 'framed', 'sans', 'long'], { quality: 20 }),
  shot('sent small through a chat', SERVICE, ['en', 'plain', 'sans', 'long'], { width: 1000, quality: 60 }),
  shot('a bit out of focus', FOOD, ['en', 'plain', 'sans', 'iso'], { blur: 1.4 }),
  shot('noisy, in poor light', CHAINSAW, ['en', 'plain', 'serif', 'long'], { noise: true, shadow: true }),
  shot('French, small and compressed', ALIMENTS, ['fr', 'plain', 'modern', 'iso'], {
    width: 1100,
    quality: 45,
  }),
  shot('on its side, askew, in shadow', HEIGHTS, ['en', 'plain', 'sans', 'long'], {
    turn: 270,
    skew: 3,
    shadow: true,
    desk: true,
  }),
  shot('upside down and compressed', SERVICE, ['en', 'framed', 'sans', 'long'], { turn: 180, quality: 35 }),
  shot('a wallet card on its side', WHMIS, ['en', 'card', 'modern', 'iso'], { turn: 90, desk: true }),
];
