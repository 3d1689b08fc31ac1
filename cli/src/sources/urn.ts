/**
 * The parts of a urn: `urn:pulumi:STACK::PROJECT::TYPE::NAME`.
 *
 * @see https://www.pulumi.com/docs/iac/concepts/resources/names/#urns
 */

/** Names that a urn tells. */
export interface UrnNames {
  readonly stack: string;
  readonly project: string;
  /** Of the resource; it can hold `::` itself. */
  readonly name: string;
}

/** Takes a urn apart; `undefined` for what is none, such as the name of an output. */
export function parseUrn(urn: string): UrnNames | undefined {
  const [, stack, project, name] = /^urn:pulumi:(.+?)::(.+?)::.+?::(.+)$/s.exec(urn) ?? [];
  return stack !== undefined && project !== undefined && name !== undefined ? { stack, project, name } : undefined;
}
