/** What ends the process: a signal, or a fault that nothing in the program dealt with. */
export type StopReason = NodeJS.Signals | 'fault';

/**
 * Resolves with the first signal that asks the process to end, or with the first fault that got away: what is in hand can
 * then still be finished before the process ends. A second one ends it at once.
 */
export function untilAskedToStop(onFault: (fault: unknown) => void): Promise<StopReason> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const)
      process.once(signal, () => {
        process.once(signal, () => process.exit(1));
        resolve(signal);
      });
    let faults = 0;
    const fault = (thrown: unknown) => {
      faults += 1;
      if (faults > 1) process.exit(1);
      onFault(thrown);
      resolve('fault');
    };
    process.on('unhandledRejection', fault);
    process.on('uncaughtException', fault);
  });
}
