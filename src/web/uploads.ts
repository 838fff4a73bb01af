import type { RequestHandler, Response } from 'express';
import multer from 'multer';
import { AppError } from '../domain/errors.ts';

export const FILE_LIMIT_BYTES = 10 * 1024 * 1024;

export type Upload = {
  /** null where no file was chosen, or where it was bigger than the limit. */
  readonly file: { readonly fileName: string; readonly bytes: Uint8Array } | null;
  readonly tooBig: boolean;
};

/** Beyond this the upload is cut off; between the two limits the words around the file are still read. */
const CUT_OFF_BYTES = 64 * 1024 * 1024;

const uploads = new WeakMap<Response, Upload>();

/** Keeps up to the limit in memory and lets the rest run through, so that a big photo does not take the student's words along. */
const boundedMemory: multer.StorageEngine = {
  _handleFile(_req, file, done) {
    const chunks: Buffer[] = [];
    let size = 0;
    file.stream.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= FILE_LIMIT_BYTES) chunks.push(chunk);
      else chunks.length = 0;
    });
    file.stream.once('error', done);
    file.stream.once('end', () => done(null, { buffer: Buffer.concat(chunks), size }));
  },
  _removeFile(_req, _file, done) {
    done(null);
  },
};

const parse = multer({
  storage: boundedMemory,
  defParamCharset: 'utf8',
  limits: { fileSize: CUT_OFF_BYTES, files: 1, fields: 40, fieldSize: 256 * 1024, fieldNameSize: 100 },
}).single('file');

/** Reads a form that may carry one file named `file`. A file that is too big is a value: the rest of the form is in `req.body`. */
export const acceptUpload: RequestHandler = (req, res, next) => {
  parse(req, res, (thrown: unknown) => {
    if (thrown) return next(refused(thrown));
    const file = req.file;
    const tooBig = file !== undefined && file.size > FILE_LIMIT_BYTES;
    const usable = file !== undefined && file.size > 0 && !tooBig;
    uploads.set(res, {
      file: usable ? { fileName: file.originalname, bytes: file.buffer } : null,
      tooBig,
    });
    next();
  });
};

/** Besides its limits, whatever the parser throws is about a body that is cut off or malformed. */
function refused(thrown: unknown): AppError {
  const limit = thrown instanceof multer.MulterError && thrown.code !== 'LIMIT_UNEXPECTED_FILE';
  const code = limit ? 'too_large' : 'invalid';
  return new AppError(code, `errors.${code}`, {}, { cause: thrown });
}

export function uploadOf(res: Response): Upload {
  return uploads.get(res) ?? { file: null, tooBig: false };
}
