import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** A part of a bench that must not share a process with what is measured. Answers one question at a time. */
export type Child<Ready, Answer> = {
  readonly ready: Ready;
  readonly ask: (question?: unknown) => Promise<Answer>;
  readonly stop: () => Promise<void>;
};

export async function startChild<Ready, Answer>(
  file: string,
  options: unknown,
): Promise<Child<Ready, Answer>> {
  const child = fork(join(import.meta.dirname, file), [JSON.stringify(options)], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    serialization: 'advanced',
  });
  const [ready] = await once(child, 'message');
  return {
    ready: ready as Ready,
    ask: async (question = null) => {
      const answered = once(child, 'message');
      child.send({ question });
      const [answer] = await answered;
      return answer as Answer;
    },
    stop: async () => {
      child.kill('SIGTERM');
      if (child.exitCode === null) await once(child, 'exit');
    },
  };
}

/** The other side: says that it is ready and answers questions for ever. */
export function serveParent(ready: unknown, answer: (question: unknown) => unknown): void {
  process.on('message', async (message: { question: unknown }) => {
    process.send?.(await answer(message.question));
  });
  process.on('disconnect', () => process.exit());
  process.send?.(ready);
}
