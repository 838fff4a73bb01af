import { expect, test } from 'vitest';
import { frenchMarks } from '../../src/web/french-marks.ts';

test.each([
  ['Proposé : oui', 'Proposé\u00a0: oui'],
  ['À 28 % de « la liste »', 'À 28\u00a0% de «\u00a0la liste\u00a0»'],
  ['Les listes sont ouvertes ; cela ne prouve rien', 'Les listes sont ouvertes; cela ne prouve rien'],
  ['Qu’avez-vous appris ? Bravo\u202f!', 'Qu’avez-vous appris? Bravo!'],
  ['23 nov. 2026, 03 h 45', '23 nov. 2026, 03\u00a0h\u00a045'],
  ['https://badges.example/a?b=c:d', 'https://badges.example/a?b=c:d'],
])('“%s” is set as “%s”', (typed, set) => {
  expect(frenchMarks(typed)).toBe(set);
});
