/**
 * How much of one mail is read. Each bound says what happens beyond it; all but the header's are told of in a
 * warning of the mail. Processor time and memory are bounded from outside, by the pool.
 */

export type ReadLimits = {
  /** Header bytes of one mail; what stands beyond is not read. */
  readonly headerBytesMax: number;
  /** Mailboxes of one address field; more are left out. */
  readonly addressesMax: number;
  /** Parts of one mail, containers counted; more are left out. */
  readonly partsMax: number;
  /** How deep parts may be nested; deeper ones are left out. */
  readonly nestingMax: number;
  /** Characters of text; the rest is cut off. */
  readonly textCharactersMax: number;
  /** Bytes of one text or HTML part that are looked at; the rest is cut off. */
  readonly htmlBytesMax: number;
  /** Attachments; more are left out. */
  readonly attachmentsMax: number;
  /** A larger winmail.dat, or S/MIME envelope of a signed mail, stays the file that it is. */
  readonly containerBytesMax: number;
  /** A larger calendar part stays a file and gets no summary. */
  readonly calendarBytesMax: number;
};

export const DefaultReadLimits: ReadLimits = {
  headerBytesMax: 1024 * 1024,
  addressesMax: 1_000,
  partsMax: 1_000,
  nestingMax: 100,
  textCharactersMax: 1024 * 1024,
  htmlBytesMax: 16 * 1024 * 1024,
  attachmentsMax: 500,
  containerBytesMax: 16 * 1024 * 1024,
  calendarBytesMax: 1024 * 1024,
};
