import { expect, test } from 'vitest';
import { byKey, gather } from '../../src/storage/mongo/gather.ts';

/** A server that answers when it is told to, and the questions it was sent. */
function aServer() {
  const sent: (readonly number[])[] = [];
  const answers: PromiseWithResolvers<void>[] = [];
  const ask = gather(async (questions: readonly number[]) => {
    sent.push(questions);
    const answer = Promise.withResolvers<void>();
    answers.push(answer);
    await answer.promise;
    return questions.map((question) => question * 10);
  });
  return { ask, sent, answers };
}
const aTurn = () => new Promise((resolve) => setImmediate(resolve));

test('who asks at the same moment shares a question, who asks while it is under way shares the next', async () => {
  const { ask, sent, answers } = aServer();
  const first = [ask(1), ask(2)];
  await aTurn();
  const second = [ask(3), ask(1)];
  await aTurn();
  expect(sent).toEqual([[1, 2]]);
  answers[0]?.resolve();
  expect(await Promise.all(first)).toEqual([10, 20]);
  expect(sent).toEqual([
    [1, 2],
    [3, 1],
  ]);
  answers[1]?.resolve();
  expect(await Promise.all(second)).toEqual([30, 10]);
});

test('a question that fails fails for those who shared it, and the next is asked again', async () => {
  const { ask, answers } = aServer();
  const shared = Promise.allSettled([ask(1), ask(2)]);
  await aTurn();
  answers[0]?.reject(new Error('away'));
  expect((await shared).map((one) => one.status)).toEqual(['rejected', 'rejected']);
  const later = ask(3);
  await aTurn();
  answers[1]?.resolve();
  expect(await later).toBe(30);
});

test('answers stand in the order of their keys, and null where there is none', () => {
  const found = [{ id: 'b' }, { id: 'a' }];
  expect(byKey(['a', 'c', 'b', 'a'], found, (one) => one.id)).toEqual([found[1], null, found[0], found[1]]);
});
