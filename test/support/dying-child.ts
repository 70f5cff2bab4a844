/** A child process that ends as soon as it is spoken to. */
process.on('message', () => process.exit(3));
