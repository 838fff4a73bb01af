/**
 * Does work that no request waits for. The promise resolves when it has ended, well or not, and never rejects; `signal`
 * breaks it off when the process ends.
 */
export type Background = (name: string, work: (signal: AbortSignal) => Promise<void>) => Promise<void>;
