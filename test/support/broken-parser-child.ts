/** A parser's child that never comes up. */
process.exit(3);
