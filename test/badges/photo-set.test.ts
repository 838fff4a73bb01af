import { expect, test } from 'vitest';
import { photograph, SHOTS } from '../support/certificate-photos.ts';
import { compare, FIELDS, type Field, shares } from '../support/photo-accuracy.ts';
import { file, readerWith } from './reader.ts';

/** All of them take minutes: SHSM_TEST_PHOTOS=all. The few that always run hold one of each kind of trouble. */
const FEW = [
  'a formal certificate with a script heading',
  'French, on its side',
  'a wallet card in shadow, askew',
  'upside down and compressed',
  'on its side, askew, in shadow',
];
const all = process.env['SHSM_TEST_PHOTOS'] === 'all';
const shots = all ? SHOTS : SHOTS.filter(({ name }) => FEW.includes(name));
const read = readerWith({ outbound: 'off' });

test('photographed certificates: title and dates right in nine of ten', { timeout: 900_000 }, async () => {
  const found: Readonly<Record<Field, boolean>>[] = [];
  for (const shot of shots) {
    const right = compare(shot, await read(file(await photograph(shot)), null));
    found.push(right);
    const wrong = FIELDS.filter((field) => !right[field]);
    if (wrong.length > 0) process.stdout.write(`${shot.name}: ${wrong.join(', ')} not right\n`);
  }
  const percent = shares(found);
  process.stdout.write(`${found.length} photos, percent right: ${JSON.stringify(percent)}\n`);
  expect(found.length).toBe(all ? SHOTS.length : FEW.length);
  expect(percent['title']).toBeGreaterThanOrEqual(90);
  expect(percent['dates']).toBeGreaterThanOrEqual(90);
});
