import { createRequire } from 'node:module';
import { stepAside } from './step-aside.ts';

// The thread that recognizes letters is the library's own, but for its place behind the pages.
stepAside();
createRequire(import.meta.url)('tesseract.js/src/worker-script/node/index.js');
