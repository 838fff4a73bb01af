import { z } from 'zod';
import { AppError } from '../domain/errors.ts';

/** A text field; one that is missing is empty, one that comes twice is no form of ours. Line ends are as the browser shows them. */
export const textField = z
  .string()
  .default('')
  .transform((text) => text.replaceAll('\r\n', '\n'));

/** Understands a posted form, or refuses it: only a form that was tampered with does not fit. */
export function readBody<T extends z.ZodType>(schema: T, body: unknown): z.output<T> {
  const read = schema.safeParse(body ?? {});
  if (!read.success) throw new AppError('invalid', 'errors.invalid');
  return read.data;
}
