import { z } from 'zod';
import type { SubmissionForm } from '../services/submission-form.ts';
import { readBody, textField } from './form-body.ts';
import type { Upload } from './uploads.ts';

const body = z.object({
  way: z.enum(['address', 'file', 'typed']).default('file'),
  address: textField,
  title: textField,
  issuer: textField,
  issuedOn: textField,
  expiresOn: textField,
  hours: textField,
  certificateNumber: textField,
  reflection: textField,
  anyway: textField,
});

/** The student's form as it was typed, with the file that came along. */
export function readSubmissionForm(posted: unknown, file: Upload['file']): SubmissionForm {
  const { way, address, reflection, anyway, ...typed } = readBody(body, posted);
  return { way, address, typed, reflection, file, anyway: anyway === 'yes' };
}
