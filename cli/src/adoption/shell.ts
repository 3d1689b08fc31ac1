/** A word for a shell: quoted when it holds anything else than letters, digits and a few signs. */
export function toShell(word: string): string {
  return /^[\p{L}\p{M}\p{N}_./:@=-]+$/u.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
