/** A list that all but ends with its first page is shown whole, not twice. */
const A_MOMENT_MS = 50;

/** What a reading of a class list in the background tells those who wait for it. */
export type RosterNews = {
  readonly more: (people: number) => void;
  readonly end: () => void;
  /** Resolves when the reading has ended. */
  readonly ended: Promise<void>;
  /** How many people have come; null once the reading has ended. */
  readonly arrived: () => number | null;
  /** Resolves when there are more than `known`, or the reading has ended, or after `ms`. */
  readonly beyond: (known: number, ms: number) => Promise<void>;
};

export function createRosterNews(): RosterNews {
  const ended = Promise.withResolvers<void>();
  let arrived = 0;
  let isOver = false;
  let next = Promise.withResolvers<void>();

  /** Whether it happened within `ms`. */
  async function within(ms: number, event: Promise<void>): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const patience = setTimeout(resolve, ms, false);
    void event.then(() => resolve(true));
    return promise.finally(() => clearTimeout(patience));
  }

  return {
    more: (people) => {
      arrived += people;
      next.resolve();
      next = Promise.withResolvers();
    },
    end: () => {
      isOver = true;
      next.resolve();
      ended.resolve();
    },
    ended: ended.promise,
    arrived: () => (isOver ? null : arrived),
    beyond: async (known, ms) => {
      const until = Date.now() + ms;
      while (!isOver && arrived <= known) if (!(await within(until - Date.now(), next.promise))) return;
      await within(A_MOMENT_MS, ended.promise);
    },
  };
}
