/**
 * Reads by one key that begin while the same read is under way share its answer: sixteen scores of one class look up its
 * activity once. Nothing is kept after the answer, so a change is seen by whoever asks next.
 */
export function sharedRead<T>(read: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const underWay = new Map<string, Promise<T>>();
  return (key) => {
    const known = underWay.get(key);
    if (known !== undefined) return known;
    const reading = read(key).finally(() => underWay.delete(key));
    underWay.set(key, reading);
    return reading;
  };
}
