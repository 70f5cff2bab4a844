/** Whatever was started is ended, last first, once: at the end, after an error and after Ctrl-C. */

type Ending = () => unknown;

export type Endings = {
  /** Answers how to do it now, instead of at the very end. */
  add(ending: Ending): () => Promise<void>;
  closeAll(): Promise<void>;
};

export function endings(onTrouble: (error: unknown) => void): Endings {
  const open: Ending[] = [];
  const close = async (ending: Ending) => {
    const at = open.indexOf(ending);
    if (at < 0) return;
    open.splice(at, 1);
    await ending();
  };
  return {
    add(ending) {
      open.push(ending);
      return () => close(ending);
    },
    async closeAll() {
      // One that fails must not keep the others running.
      for (let last = open.at(-1); last !== undefined; last = open.at(-1)) await close(last).catch(onTrouble);
    },
  };
}
