import { expect, test } from 'vitest';
import { createWorkshop } from '../../src/badges/workshop.ts';

const limits = { ms: 10_000, memoryMb: 256, waiting: 10 };
const svg = (inside: string) => `<svg xmlns="http://www.w3.org/2000/svg">${inside}</svg>`;

test('jobs are done in turn, each with its own answer', async () => {
  const workshop = createWorkshop(limits);
  const answers = await Promise.all([
    workshop({ task: 'svg', input: svg('') }),
    workshop({ task: 'svg', input: 'no svg' }),
    workshop({ task: 'page', input: '<title>One</title>' }),
  ]);
  expect(answers).toEqual([
    { text: null, notes: [] },
    { refused: 'broken' },
    { title: 'One', meta: {}, alternates: [], data: [] },
  ]);
});

test('a job that takes too long ends, and the next one is not harmed', async () => {
  const workshop = createWorkshop({ ...limits, ms: 1 });
  const answers = await Promise.all([
    workshop({ task: 'pdf', input: new Uint8Array(10) }),
    workshop({ task: 'pdf', input: new Uint8Array(10) }),
  ]);
  expect(answers).toEqual([null, null]);
});

test('a job that eats the memory ends, and the next one is done', async () => {
  const workshop = createWorkshop({ ...limits, memoryMb: 48 });
  const credential = { name: Array.from({ length: 1_500_000 }, (_, at) => ({ at })) };
  const input = { credential, suite: 'ecdsa-sd-2023', method: 'did:key:z#z', multibase: 'z' } as const;
  expect(await workshop({ task: 'proof', input })).toBe(null);
  expect(await workshop({ task: 'svg', input: svg('') })).toEqual({ text: null, notes: [] });
});

test('when too many wait, the last is turned away', async () => {
  const workshop = createWorkshop({ ...limits, waiting: 1 });
  const answers = await Promise.all([1, 2, 3].map(() => workshop({ task: 'svg', input: svg('') })));
  expect(answers.map((answer) => answer !== null)).toEqual([true, true, false]);
});
