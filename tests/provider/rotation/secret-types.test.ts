import {
  findSecretType,
  SECRET_CLASSES,
  SECRET_TYPE_TOKENS,
  toSecretClass,
  toTypeToken,
} from "../../../provider/src/rotation/secret-types.js";

describe("toSecretClass", () => {
  it.each([
    { level: "project", form: "plain", className: "ProjectServiceAccountSecret", handler: "projectSecret" },
    {
      level: "project",
      form: "rotating",
      className: "RotatingProjectServiceAccountSecret",
      handler: "rotatingProjectSecret",
    },
    { level: "project", form: "set", className: "ProjectServiceAccountSecretSet", handler: "projectSecretSet" },
    { level: "organization", form: "set", className: "ServiceAccountSecretSet", handler: "organizationSecretSet" },
    { level: "organization", form: "plain", className: "ServiceAccountSecret", handler: "organizationSecret" },
    {
      level: "organization",
      form: "rotating",
      className: "RotatingServiceAccountSecret",
      handler: "rotatingOrganizationSecret",
    },
  ] as const)("is $className", ({ level, form, ...names }) => {
    const owner = level === "project" ? "projectId" : "orgId";
    const type = `pulumi-nodejs:dynamic/atlas:${names.className}`;
    const expected = {
      ...names,
      type,
      level,
      owner,
      isRotating: form !== "plain",
      isSet: form === "set",
      rotatesByTime: true,
    };
    expect(toSecretClass(level, form)).toEqual(expected);
    expect(findSecretType(type)).toEqual(expected);
    expect(SECRET_CLASSES).toContainEqual(expected);
    expect(toTypeToken(expected)).toBe(type);
    if (form !== "set") expect(toTypeToken({ level, isRotating: expected.isRotating })).toBe(type);
  });
});

describe("findSecretType", () => {
  it.each([
    { type: "mongodbatlas:index/projectServiceAccountSecret:ProjectServiceAccountSecret", owner: "projectId" },
    { type: "mongodbatlas:index/serviceAccountSecret:ServiceAccountSecret", owner: "orgId" },
  ])("knows that no run rotates $type", ({ type, owner }) => {
    expect(findSecretType(type)).toMatchObject({ type, owner, isRotating: false, rotatesByTime: false });
    expect(SECRET_TYPE_TOKENS).toContain(type);
  });

  it.each(["", "toString", "aws:s3/bucket:Bucket"])("knows nothing of '%s'", (type) => {
    expect(findSecretType(type)).toBeUndefined();
  });
});
