declare module 'libmime' {
  const libmime: {
    /** Decodes RFC 2047 encoded-words in a header value. */
    decodeWords(value: string): string;
    /** Decodes the inside of one encoded-word; a charset that it does not know counts as UTF-8. */
    decodeWord(charset: string, encoding: 'B' | 'Q', value: string): string;
    /** The media type that a file's name speaks of, application/octet-stream when it speaks of none. */
    detectMimeType(filename: string): string;
  };
  export default libmime;
}
