/**
 * Entry `pulumi-atlas-secrets/records`: states in, records out, and back. Pure: nothing is sent, decrypted or decided here.
 */
export {
  type AdoptedResource,
  type AdoptionInputs,
  type Ciphertext,
  type ExistingSecret,
  type NextUp,
  Sensitive,
  toAdoptedResource,
} from "./adopted.js";
