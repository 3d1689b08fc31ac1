/**
 * What failed calls of this run saved. With `hooks.onError` the engine tries a call again in the same run: an update then gets
 * the outputs from before the first try, and a try that fails without saving makes the engine forget what the last one saved. So
 * a try begins with what the last one saved, and saves it again.
 *
 * @see pkg/resource/deploy/step.go of pulumi/pulumi, `withRetries`
 */
import { PartialFailure } from "../errors.js";
import { mapSecretOutputs, type Properties } from "../protocol.js";

/** What was saved, by the resource's id, until a try succeeds. */
export class Retries {
  readonly #byId = new Map<string, Properties>();

  /** Notes what a call saves that fails in part. */
  async keep<T>(call: Promise<T>, id?: string): Promise<T> {
    return call.catch((error: unknown) => {
      if (error instanceof PartialFailure) this.#byId.set(id ?? error.id, error.properties);
      throw error;
    });
  }

  /** Calls with what the last try on the resource saved, if there was one; else with these outputs. */
  async resume<T>(id: string, olds: Properties, call: (olds: Properties) => Promise<T>): Promise<T> {
    const saved = this.#byId.get(id);
    const tried = call(saved ? mapSecretOutputs(saved, (value) => value) : olds).catch((error: unknown) => {
      if (!saved || error instanceof PartialFailure) throw error;
      throw new PartialFailure(id, saved, [error instanceof Error ? error.message : String(error)], { cause: error });
    });
    const result = await this.keep(tried, id);
    this.#byId.delete(id);
    return result;
  }
}
