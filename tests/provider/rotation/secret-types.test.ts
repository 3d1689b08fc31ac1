import {
  findSecretType,
  SECRET_CLASSES,
  SECRET_TYPE_TOKENS,
  toSecretClass,
} from "../../../provider/src/rotation/secret-types.js";

describe("toSecretClass", () => {
  it.each([
    { level: "project", isRotating: false, className: "ProjectServiceAccountSecret", handler: "projectSecret" },
    {
      level: "project",
      isRotating: true,
      className: "RotatingProjectServiceAccountSecret",
      handler: "rotatingProjectSecret",
    },
    { level: "organization", isRotating: false, className: "ServiceAccountSecret", handler: "organizationSecret" },
    {
      level: "organization",
      isRotating: true,
      className: "RotatingServiceAccountSecret",
      handler: "rotatingOrganizationSecret",
    },
  ] as const)("is $className", ({ level, isRotating, ...names }) => {
    const owner = level === "project" ? "projectId" : "orgId";
    const type = `pulumi-nodejs:dynamic/atlas:${names.className}`;
    const expected = { ...names, type, level, owner, isRotating, rotatesByTime: true };
    expect(toSecretClass(level, isRotating)).toEqual(expected);
    expect(findSecretType(type)).toEqual(expected);
    expect(SECRET_CLASSES).toContainEqual(expected);
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
