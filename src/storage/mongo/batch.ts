/**
 * Does together what is asked for while an earlier group is still being done, so that many small writes share a round trip
 * and a wait for the majority. Each caller gets its own answer, after its group is done.
 */
export function inBatches<Item, Answer>(
  doAll: (items: readonly Item[]) => Promise<readonly Answer[]>,
): (item: Item) => Promise<Answer> {
  type Waiting = {
    readonly item: Item;
    readonly resolve: (answer: Answer) => void;
    readonly reject: (error: unknown) => void;
  };
  let waiting: Waiting[] = [];
  let isBusy = false;

  async function work(): Promise<void> {
    isBusy = true;
    while (waiting.length > 0) {
      const group = waiting;
      waiting = [];
      try {
        const answers = await doAll(group.map(({ item }) => item));
        for (const [at, { resolve }] of group.entries()) resolve(answers[at] as Answer);
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
    isBusy = false;
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      // What comes in the same moment goes together.
      if (!isBusy) {
        isBusy = true;
        setImmediate(() => void work());
      }
    });
}
