/**
 * The one way in which a test starts a simulator: every request and every answer is checked against the official description
 * of the API, and a simulator that saw anything else does not close without an error.
 */
import { type Simulator, type SimulatorOptions, startSimulator } from "pulumi-atlas-secrets-simulator";
import { ContractLog, type ContractLogOptions } from "./contract-log.js";

/** A simulator whose exchanges are checked. */
export interface CheckedSimulator extends Simulator {
  readonly contract: ContractLog;
}

/** Starts one; `close` rejects with what was not as described. */
export async function startCheckedSimulator({
  observe,
  mayAskWrongly,
  ...options
}: SimulatorOptions & ContractLogOptions = {}): Promise<CheckedSimulator> {
  const contract = new ContractLog(mayAskWrongly === undefined ? {} : { mayAskWrongly });
  const simulator = await startSimulator({
    ...options,
    observe: (exchange) => {
      contract.note(exchange);
      observe?.(exchange);
    },
  });
  return {
    ...simulator,
    contract,
    close: async () => {
      await simulator.close();
      contract.assertClean();
    },
  };
}
