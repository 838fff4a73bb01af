import { Worker } from 'node:worker_threads';
import type { Baked } from './baked-png.ts';
import type { BakedSvg } from './baked-svg.ts';
import type { Page } from './page.ts';
import type { Pdf } from './pdf.ts';
import type { Picture } from './picture.ts';
import type { ProofResult, ProofTask } from './proof-task.ts';

/** What is done apart from the server's own thread, because a stranger chose the input: its name, input and result. */
export type Tasks = {
  readonly png: { readonly input: Uint8Array; readonly result: Baked };
  readonly svg: { readonly input: string; readonly result: BakedSvg };
  readonly pdf: { readonly input: Uint8Array; readonly result: Pdf };
  readonly pdfPages: {
    readonly input: { readonly bytes: Uint8Array; readonly count: number };
    readonly result: readonly Uint8Array[];
  };
  readonly picture: { readonly input: Uint8Array; readonly result: Picture };
  readonly turnOver: { readonly input: Uint8Array; readonly result: Uint8Array | null };
  readonly page: { readonly input: string; readonly result: Page };
  readonly proof: { readonly input: ProofTask; readonly result: ProofResult };
};
export type TaskName = keyof Tasks;
export type Job = { [N in TaskName]: { readonly task: N; readonly input: Tasks[N]['input'] } }[TaskName];

/** Runs one task. Null when it took too long, too much memory, broke, or when too many wait already. Never throws. */
export type Workshop = <N extends TaskName>(job: {
  readonly task: N;
  readonly input: Tasks[N]['input'];
}) => Promise<Tasks[N]['result'] | null>;

export type WorkshopLimits = { readonly ms: number; readonly memoryMb: number; readonly waiting: number };

/** A thread that has nothing to do for this long gives its memory back. */
const IDLE_MS = 60_000;
const QUICK: WorkshopLimits = { ms: 5_000, memoryMb: 256, waiting: 200 };
const SLOW: WorkshopLimits = { ms: 15_000, memoryMb: 256, waiting: 50 };
/** Work of seconds, which must not hold up that of milliseconds. */
const SLOW_TASKS: ReadonlySet<TaskName> = new Set<TaskName>(['pdf', 'pdfPages', 'picture', 'turnOver']);

type Answer = { readonly ok: true; readonly result: unknown } | { readonly ok: false };
type Waiting = { readonly job: Job; readonly settle: (answer: Answer) => void };

/** Badges in one thread, photos and PDFs in another; `limits` stand for both, for tests. */
export function createWorkshop(limits?: WorkshopLimits): Workshop {
  const quick = createLane(limits ?? QUICK);
  const slow = createLane(limits ?? SLOW);
  return (job) => (SLOW_TASKS.has(job.task) ? slow(job) : quick(job));
}

/**
 * One worker thread that takes jobs in turn. A job that exceeds its time or memory ends with the thread, which is then
 * started anew; an idle thread does not keep the process alive.
 */
function createLane(limits: WorkshopLimits): Workshop {
  const queue: Waiting[] = [];
  let worker: Worker | null = null;
  let current: Waiting | null = null;
  let timer: NodeJS.Timeout | undefined;
  let idle: NodeJS.Timeout | undefined;

  const finish = (answer: Answer): void => {
    clearTimeout(timer);
    const done = current;
    current = null;
    worker?.unref();
    idle = setTimeout(retire, IDLE_MS).unref();
    done?.settle(answer);
    next();
  };
  const retire = (): void => {
    const old = worker;
    worker = null;
    old?.removeAllListeners();
    // A dying thread may still report an error, which must not become an uncaught one.
    old?.on('error', () => undefined);
    void old?.terminate();
  };
  const discard = (): void => {
    retire();
    finish({ ok: false });
  };
  const start = (): Worker => {
    const fresh = new Worker(new URL('./worker.ts', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: limits.memoryMb, maxYoungGenerationSizeMb: 16 },
      stdout: true,
      stderr: true,
      env: {},
    });
    fresh.on('message', (answer: Answer) => finish(answer));
    fresh.on('error', discard);
    fresh.on('exit', () => {
      if (worker === fresh) discard();
    });
    return fresh;
  };
  const next = (): void => {
    if (current !== null) return;
    const waiting = queue.shift();
    if (waiting === undefined) return;
    current = waiting;
    clearTimeout(idle);
    worker ??= start();
    worker.ref();
    timer = setTimeout(discard, limits.ms);
    worker.postMessage(waiting.job);
  };

  return async (job) => {
    if (queue.length >= limits.waiting) return null;
    const answer = await new Promise<Answer>((settle) => {
      queue.push({ job: job as Job, settle });
      next();
    });
    return answer.ok ? (answer.result as Tasks[(typeof job)['task']]['result']) : null;
  };
}
