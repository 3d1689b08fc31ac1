/**
 * Node builds the set of its flags when it is first asked for it, and keeps it on `process`. Jest gives each test file a copy of
 * `process`, which Node does not know: there axios, which asks at each request, would have it built at each request.
 */
Object.defineProperty(process, "allowedNodeEnvironmentFlags", { value: process.allowedNodeEnvironmentFlags });
