// Weighs each file below a folder as it is, after gzip -9 and after brotli -11, as a host that
// compresses ahead of time would send it. All files at once: zlib works on threads of its own.
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { argv } from 'node:process';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const folder = argv.at(-1);
const entries = await readdir(folder, { recursive: true, withFileTypes: true });
const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath ?? entry.path, entry.name));

const lines = await Promise.all(
  paths.map(async (path) => {
    const raw = await readFile(path);
    const [zipped, brotlied] = await Promise.all([
      promisify(gzip)(raw, { level: 9 }),
      promisify(brotliCompress)(raw, {
        params: {
          [constants.BROTLI_PARAM_QUALITY]: 11,
          [constants.BROTLI_PARAM_LGWIN]: 24,
          [constants.BROTLI_PARAM_SIZE_HINT]: raw.length,
        },
      }),
    ]);
    const name = relative(folder, path).split(sep).join('/');
    return [name, raw.length, zipped.length, brotlied.length].join('\t');
  }),
);
console.log(lines.sort().join('\n'));
