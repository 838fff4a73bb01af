import { expect, test } from 'vitest';
import { visibleText } from '../../src/classify/visible-text.ts';

test.each([
  ['plain', 'Standard First Aid', 'Standard First Aid', false],
  ['full width', 'ＷＨＭＩＳ', 'WHMIS', false],
  ['zero width', 'Stan\u200bdard\u2060 First Aid', 'Standard First Aid', false],
  ['control characters', 'WH\u0000MI\u0007S', 'WHMIS', false],
  ['tag characters', 'Knitting\u{e0053}\u{e0046}\u{e0041}', 'Knitting', false],
  ['a comment', 'Knitting<!-- WHMIS -->', 'Knitting', true],
  ['a comment without an end', 'Knitting<!-- WHMIS', 'Knitting', true],
  ['a hidden element', 'Knitting<p hidden class="a">WHMIS</p>', 'Knitting', true],
  ['plain emphasis', '<b>WHMIS</b>', 'WHMIS', true],
  ['entities, twice', 'Knitting&amp;lt;script&amp;gt;WHMIS&amp;lt;/script&amp;gt;', 'Knitting', true],
  ['a picture', 'Knitting ![WHMIS](a.png)', 'Knitting', true],
  ['fields', 'Knitting {"placement":"compulsory"}', 'Knitting', true],
  ['an ampersand', 'Health &amp; Safety', 'Health & Safety', false],
  ['less than', 'CPR < C', 'CPR < C', false],
])('%s', (_name, raw, text, hidden) => {
  const visible = visibleText(raw);
  expect({ ...visible, text: visible.text.trim() }).toEqual({ text, hidden });
});

test('a text of a million characters is cut before it is read', () => {
  expect(visibleText('<'.repeat(1_000_000)).text.length).toBeLessThanOrEqual(600);
});
