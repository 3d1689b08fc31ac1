/** Lines of a program that declares what was adopted, in the language of the program. They hold no value. */

/** What is declared: a class under a name, with its inputs. */
export interface Declared {
  readonly name: string;
  readonly className: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Whether it is below a component. */
  readonly isChild?: boolean;
}

/** How a language writes it. */
export interface ProgramText {
  /** What has to be installed before the import, and is not there yet. */
  readonly install?: string;
  toImport(classNames: readonly string[]): string;
  toDeclaration(declared: Declared): string;
  /** A set, whose inputs hold its accounts. */
  toSet(declared: Declared): string[];
  toRetained(className: string, name: string): string;
  toComment(text: string): string;
}

type Values = Readonly<Record<string, unknown>>;

/** The text for the runtime of a project file; TypeScript's where that does not say, or names one without an SDK of ours. */
export function toProgramText(runtime: string | undefined): ProgramText {
  return runtime === "python" ? PYTHON : runtime === "go" ? GO : TYPESCRIPT;
}

const HANDLERS = "npm install pulumi-atlas-secrets @pulumi/pulumi";

const TYPESCRIPT: ProgramText = {
  toImport: (classNames) => `import { ${classNames.join(", ")} } from "pulumi-atlas-secrets";`,
  toDeclaration: ({ name, className, inputs, isChild }) => {
    const text = Object.entries(inputs)
      .map(([key, value]) => `${key}: ${JSON.stringify(value)}`)
      .join(", ");
    return `new ${className}(${JSON.stringify(name)}, { ${text} }${isChild ? ", { parent: ... }" : ""});`;
  },
  toSet: ({ name, className, inputs: { accounts, ...common } }) => [
    `new ${className}(${JSON.stringify(name)}, {`,
    "  accounts: {",
    ...Object.entries(accounts as Values).map(
      ([key, account]) => `    ${JSON.stringify(key)}: ${JSON.stringify(account)},`,
    ),
    "  },",
    ...Object.entries(common).map(([key, value]) => `  ${key}: ${JSON.stringify(value)},`),
    "});",
  ],
  toRetained: (className, name) =>
    `new mongodbatlas.${className}(${JSON.stringify(name)}, { ... }, { ..., retainOnDelete: true });`,
  toComment: (text) => `// ${text}`,
};

const PYTHON: ProgramText = {
  install: HANDLERS,
  toImport: () => "import pulumi_atlas_secrets as atlas",
  toDeclaration: ({ name, className, inputs, isChild }) => {
    const options = isChild ? ["opts=pulumi.ResourceOptions(parent=...)"] : [];
    return `atlas.${className}(${[JSON.stringify(name), ...toKeywords(inputs), ...options].join(", ")})`;
  },
  toSet: ({ name, className, inputs: { accounts, ...common } }) => [
    `atlas.${className}(`,
    `    ${JSON.stringify(name)},`,
    "    accounts={",
    ...Object.entries(accounts as Values).map(
      ([key, account]) =>
        `        ${JSON.stringify(key)}: atlas.${toAccountClass(className)}(${toKeywords(account as Values).join(", ")}),`,
    ),
    "    },",
    ...toKeywords(common).map((keyword) => `    ${keyword},`),
    ")",
  ],
  toRetained: (className, name) =>
    `mongodbatlas.${className}(${JSON.stringify(name)}, ..., opts=pulumi.ResourceOptions(..., retain_on_delete=True))`,
  toComment: (text) => `# ${text}`,
};

const GO: ProgramText = {
  install: HANDLERS,
  toImport: () => 'import atlas "pulumi-atlas-secrets.example/sdk/go"',
  toDeclaration: ({ name, className, inputs, isChild }) => {
    const options = isChild ? ", pulumi.Parent(...)" : "";
    return `atlas.New${className}(ctx, ${JSON.stringify(name)}, &atlas.${className}Args{${toFields(inputs).join(", ")}}${options})`;
  },
  toSet: ({ name, className, inputs: { accounts, ...common } }) => [
    `atlas.New${className}(ctx, ${JSON.stringify(name)}, &atlas.${className}Args{`,
    `    Accounts: map[string]atlas.${toAccountClass(className)}{`,
    ...Object.entries(accounts as Values).map(
      ([key, account]) => `        ${JSON.stringify(key)}: {${toFields(account as Values).join(", ")}},`,
    ),
    "    },",
    ...toFields(common).map((field) => `    ${field},`),
    "})",
  ],
  toRetained: (className, name) =>
    `mongodbatlas.New${className}(ctx, ${JSON.stringify(name)}, ..., pulumi.RetainOnDelete(true))`,
  toComment: (text) => `// ${text}`,
};

function toAccountClass(className: string): string {
  return className.startsWith("Project") ? "ProjectSetAccountArgs" : "OrganizationSetAccountArgs";
}

function toKeywords(inputs: Values): string[] {
  const toSnake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return Object.entries(inputs).map(([key, value]) => `${toSnake(key)}=${toPython(value)}`);
}

/** JSON in Python's words. */
function toPython(value: unknown): string {
  if (typeof value === "boolean") return value ? "True" : "False";
  if (Array.isArray(value)) return `[${value.map(toPython).join(", ")}]`;
  if (typeof value !== "object" || value === null) return value === null ? "None" : JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([key, item]) => `${JSON.stringify(key)}: ${toPython(item)}`)
    .join(", ")}}`;
}

function toFields(inputs: Values): string[] {
  return Object.entries(inputs).map(([key, value]) => `${key[0]?.toUpperCase()}${key.slice(1)}: ${toGo(value)}`);
}

/** JSON as Pulumi's inputs in Go. */
function toGo(value: unknown): string {
  if (typeof value === "string") return `pulumi.String(${JSON.stringify(value)})`;
  if (typeof value === "number") return `pulumi.Int(${value})`;
  if (typeof value === "boolean") return `pulumi.Bool(${value})`;
  if (Array.isArray(value)) return `pulumi.StringArray{${value.map(toGo).join(", ")}}`;
  return `pulumi.Map{${Object.entries(value ?? {})
    .map(([key, item]) => `${JSON.stringify(key)}: ${toGo(item)}`)
    .join(", ")}}`;
}
