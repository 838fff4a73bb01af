import { expect, test } from 'vitest';
import { createFormTokens } from '../../src/web/form-token.ts';
import { aViewer, NOW } from '../support/build.ts';

const OLD = 'the secret of before, 32 bytes long';
const NEW = 'the secret from now on, 32 bytes long';

test('a form that was open when the secret changed is still believed while the old secret is given', () => {
  const token = createFormTokens([OLD]).issue(aViewer(), NOW);
  expect(createFormTokens([NEW, OLD]).belongsTo(token, aViewer(), NOW)).toBe(true);
  expect(createFormTokens([NEW]).belongsTo(token, aViewer(), NOW)).toBe(false);
  expect(createFormTokens([NEW, OLD]).belongsTo(token, aViewer({ userId: 'student-2' }), NOW)).toBe(false);
});

test('new forms are sealed with the new secret', () => {
  const token = createFormTokens([NEW, OLD]).issue(aViewer(), NOW);
  expect(createFormTokens([NEW]).belongsTo(token, aViewer(), NOW)).toBe(true);
});
