type Waiting<Q, A> = {
  readonly question: Q;
  readonly resolve: (answer: A) => void;
  readonly reject: (error: unknown) => void;
};

/**
 * Many callers, one question to the server at a time: those who ask while it is under way share the next one. A class that
 * opens an activity at the bell asks the same things at the same moment, and each trip costs more than its answer. Nobody is
 * told anything older than their question: it is sent after they asked.
 * @param run answers each question, in their order
 * @param most what one question to the server may hold
 */
export function gather<Q, A>(
  run: (questions: readonly Q[]) => Promise<readonly A[]>,
  most = Number.POSITIVE_INFINITY,
): (question: Q) => Promise<A> {
  const waiting: Waiting<Q, A>[] = [];
  let isUnderWay = false;

  async function ask(): Promise<void> {
    while (waiting.length > 0) {
      const all = waiting.splice(0, most);
      try {
        const answers = await run(all.map((one) => one.question));
        all.forEach((one, at) => {
          one.resolve(answers[at] as A);
        });
      } catch (error) {
        for (const one of all) one.reject(error);
      }
    }
    isUnderWay = false;
  }

  return (question) =>
    new Promise((resolve, reject) => {
      waiting.push({ question, resolve, reject });
      if (isUnderWay) return;
      isUnderWay = true;
      setImmediate(ask);
    });
}

/** Answers by key, in the order of the keys; null where there is none. */
export function byKey<K, V>(
  keys: readonly K[],
  found: readonly V[],
  keyOf: (value: V) => K,
): readonly (V | null)[] {
  const values = new Map(found.map((value) => [keyOf(value), value]));
  return keys.map((key) => values.get(key) ?? null);
}
