/**
 * Output whose reader is gone: `| tee` after Ctrl-C, a terminal that was closed. Nobody is left to be told, which is no
 * reason to break off what is in hand; unheard, Node would end the process with the first line that cannot be written.
 */
const GONE: ReadonlySet<string | undefined> = new Set(['EPIPE', 'EIO', 'ERR_STREAM_DESTROYED']);

export function outliveReaders(): void {
  process.stderr.on('error', () => {});
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (GONE.has(error.code)) return;
    // A full disk below a redirection: what was asked for is not there.
    process.exitCode = 1;
    process.stderr.write(`The answer could not be written: ${error.message}\n`);
  });
}

/** For what reads without end and only shows: with its reader gone it ends, as programs in a pipe do. */
export function endWithReader(): void {
  process.stdout.once('error', () => process.exit());
}
