/** Counts the branches of a property: an `expect` that no run comes to tests nothing. Where there is one branch, `fc.pre` does it. */
export class Branches {
  readonly #met = new Map<string, number>();

  /** Whether the run takes the branch, whatever it is called. */
  takes(branch: string, isTaken: boolean): boolean {
    this.#met.set(branch, (this.#met.get(branch) ?? 0) + (isTaken ? 1 : 0));
    return isTaken;
  }

  /** Fails for one that no run took. */
  assertAllTaken(): void {
    const missed = [...this.#met].filter(([, count]) => count === 0).map(([branch]) => branch);
    expect(missed).toEqual([]);
  }
}
