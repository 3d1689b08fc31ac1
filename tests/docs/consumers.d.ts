/**
 * What the guide to consumers uses of the packages of other vendors, which are too large to install for it. The programs of the guide
 * were compiled against @pulumi/kubernetes 4.34.2, @pulumi/github 6.15.0 and @pulumi/aws 7.48.0 themselves.
 */
declare module "@pulumi/kubernetes" {
  import type { CustomResource, Input } from "@pulumi/pulumi";

  type Metadata = {
    readonly name?: Input<string>;
    readonly namespace?: Input<string>;
    readonly labels?: Input<Record<string, Input<string>>>;
    readonly annotations?: Input<Record<string, Input<string>>>;
  };
  export namespace core.v1 {
    class Secret extends CustomResource {
      constructor(name: string, args: { metadata?: Metadata; stringData?: Input<Record<string, Input<string>>> });
    }
  }
  export namespace apps.v1 {
    class Deployment extends CustomResource {
      constructor(
        name: string,
        args: {
          metadata?: Metadata;
          spec: {
            selector: { matchLabels: Record<string, string> };
            template: {
              metadata: Metadata;
              spec: { containers: { name: string; image: string; envFrom: { secretRef: { name: string } }[] }[] };
            };
          };
        },
      );
    }
  }
}

declare module "@pulumi/github" {
  import type { CustomResource, Input } from "@pulumi/pulumi";
  export class ActionsSecret extends CustomResource {
    constructor(name: string, args: { repository: Input<string>; secretName: Input<string>; value?: Input<string> });
  }
}

declare module "@pulumi/aws" {
  import type { CustomResource, Input } from "@pulumi/pulumi";
  export namespace secretsmanager {
    class Secret extends CustomResource {
      constructor(name: string);
    }
    class SecretVersion extends CustomResource {
      constructor(name: string, args: { secretId: Input<string>; secretString?: Input<string> });
    }
  }
}
