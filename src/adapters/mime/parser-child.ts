/** The program that the parser pool runs in a process of its own. */
import { parseInProcess } from './parse-mail.ts';
import { serveParser } from './serve-parser.ts';

serveParser(parseInProcess);
