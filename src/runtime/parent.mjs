/**
 * Notices when whoever started this process is gone. npm passes a signal to the shell between us alone, which ends and
 * tells nobody; then nobody is left who would stop what runs here.
 *
 * Plain JavaScript, since the start of everything uses it too.
 */
const LOOK_EVERY_MS = 500;

export function whenOrphaned(then) {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    then();
  }, LOOK_EVERY_MS);
  timer.unref();
}
