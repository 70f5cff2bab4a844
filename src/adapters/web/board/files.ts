/**
 * Files of mails, for saving and never for showing: a browser that is handed a page, a picture or a script of a stranger
 * under our address would run it as ours.
 */
import type { FastifyInstance } from 'fastify';
import type { FileAsked, FileFound } from '../../../app/board-file.ts';
import { sendError } from './errors.ts';

const FILES = { max: 60, timeWindow: '1 minute' } as const;
/** Each may take its mail's size in memory several times over. */
const AT_ONCE = 4;

export function addFiles(app: FastifyInstance, find: (asked: FileAsked) => Promise<FileFound | null>): void {
  type File = { Params: { id: string; message: string; at: string } };
  let reading = 0;
  app.get<File>(
    '/requests/:id/files/:message/:at',
    { config: { rateLimit: FILES } },
    async (request, reply) => {
      const { id, message, at } = request.params;
      if (![id, message, at].every((part) => /^\d{1,9}$/.test(part))) return sendError(reply, 404);
      if (reading >= AT_ONCE) return sendError(reply, 429);
      reading += 1;
      try {
        const { member } = request.viewer;
        const asked = { member, request: Number(id), message: Number(message), at: Number(at) };
        const file = await find(asked);
        if (file === null) return sendError(reply, 404);
        return await reply
          .header('content-disposition', dispositionOf(file.filename))
          .header('content-security-policy', "default-src 'none'; sandbox")
          .type('application/octet-stream')
          .send(Buffer.from(file.content));
      } finally {
        reading -= 1;
      }
    },
  );
}

const NAME_MAX = 120;

/** RFC 6266: the name twice, for programs that know only ASCII and for all others (RFC 8187). */
export function dispositionOf(filename: string): string {
  const name = safeName(filename);
  const ascii = name.replace(/[^\x20-\x7e]/g, '_').replace(/["\\%;]/g, '_');
  const extended = encodeURIComponent(name).replace(
    /['()*]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${ascii}"; filename*=UTF-8''${extended}`;
}

/** A name alone: no folder, no mark that turns the direction of what follows ("gpj.exe"), nothing that hides a file. */
export function safeName(filename: string): string {
  const line = filename
    .slice(0, NAME_MAX * 8)
    .toWellFormed()
    .replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, '')
    .replace(/[/\\:*?"<>|]+/g, '_')
    .replace(/^[\s.]+|[\s.]+$/g, '');
  if (line === '') return 'file';
  const name = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i.test(line) ? `_${line}` : line;
  const points = [...name];
  if (points.length <= NAME_MAX) return name;
  const ending = /\.[^.]{1,12}$/u.exec(name)?.[0] ?? '';
  const begun = points.slice(0, NAME_MAX - [...ending].length).join('');
  return `${begun.replace(/[\s.]+$/, '')}${ending}`;
}
