import { mongo } from 'mongoose';
import { AppError } from '../../domain/errors.ts';

/** A unique index said no. */
export function isDuplicate(error: unknown): boolean {
  return error instanceof mongo.MongoServerError && error.code === 11_000;
}

const { MongoServerSelectionError, MongoNetworkError, MongoNotConnectedError, MongoTopologyClosedError } =
  mongo;

/**
 * What a server answers that cannot serve for now: stepping down, shutting down, catching up, too slow, disk full
 * (github.com/mongodb/mongo, src/mongo/base/error_codes.yml).
 */
const AWAY = new Set([50, 64, 91, 189, 262, 10_058, 10_107, 11_600, 11_602, 13_435, 13_436, 14_031]);
const AWAY_LABELS = ['RetryableWriteError', 'TransientTransactionError', 'UnknownTransactionCommitResult'];

/** True when the storage cannot be reached or has no primary right now; false for a mistake of ours. */
export function isAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.name === 'MongooseServerSelectionError') return true;
  if (error instanceof MongoServerSelectionError || error instanceof MongoNetworkError) return true;
  if (error instanceof MongoNotConnectedError || error instanceof MongoTopologyClosedError) return true;
  if (!(error instanceof mongo.MongoError)) return false;
  if (AWAY_LABELS.some((label) => error.hasErrorLabel(label))) return true;
  return error instanceof mongo.MongoServerError && AWAY.has(Number(error.code));
}

/** The same methods; while the storage is away each says `unavailable`, and works again as soon as it is back. */
export function guarded<T extends object>(methods: T): T {
  return new Proxy(methods, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== 'function') return method;
      return async (...args: readonly unknown[]): Promise<unknown> => {
        try {
          return await Reflect.apply(method, target, args);
        } catch (error) {
          if (!isAway(error)) throw error;
          throw new AppError('unavailable', 'errors.unavailable', {}, { cause: error });
        }
      };
    },
  });
}
