/**
 * The seeded defects: each a mistake that a hasty change could make, and that would lose a secret, delete one in use, or show
 * a value; with the test that goes red. `title` is a part of the test's full name.
 *
 * @typedef {object} Defect
 * @property {string} name what the defect does
 * @property {readonly { file: string, find: string, replace: string }[]} edits each `find` stands once in its file
 * @property {{ file: string, title: string }} test
 */

/** @type {readonly Defect[]} */
export const DEFECTS = [];
