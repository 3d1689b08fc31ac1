"""A program's unit tests with mocks, in Python: what it registers, and what it is kept from. Run by sources.test.ts."""

import unittest
from typing import Any, Callable, Optional

import pulumi
import pulumi_atlas_secrets as atlas

PROJECT_ID = "0123456789abcdef01234567"
CLIENT_ID = "mdb_sa_id_0123456789abcdef01234567"


class Mocks(pulumi.runtime.Mocks):
    """Notes what is registered, and answers with a value."""

    def __init__(self) -> None:
        self.registered: list[pulumi.runtime.MockResourceArgs] = []

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[Optional[str], dict[Any, Any]]:
        self.registered.append(args)
        if args.typ.endswith("Set"):
            record = {"projectId": PROJECT_ID, "clientId": CLIENT_ID, "status": "active", "generation": 2.0}
            return f"{args.name}-id", {**args.inputs, "records": {"search": record, "billing": record}}
        return f"{args.name}-id", {**args.inputs, "secret": "not-a-real-secret", "secretId": "0" * 24, "generation": 2.0}

    def call(self, args: pulumi.runtime.MockCallArgs) -> tuple[dict[Any, Any], Optional[list[tuple[str, str]]]]:
        return {}, None


def declare(opts: Optional[pulumi.ResourceOptions] = None, **changes: Any) -> atlas.RotatingProjectServiceAccountSecret:
    args = {"project_id": PROJECT_ID, "client_id": CLIENT_ID, "secret_expires_after_hours": 720, **changes}
    return atlas.RotatingProjectServiceAccountSecret("main", opts=opts, **args)


class Program(unittest.TestCase):
    def setUp(self) -> None:
        self.mocks = Mocks()
        pulumi.runtime.set_mocks(self.mocks)

    @pulumi.runtime.test  # type: ignore[untyped-decorator]
    def test_registers_what_is_given_and_no_more(self) -> Any:
        def check(known: list[Any]) -> None:
            (registered,) = self.mocks.registered
            self.assertEqual("pulumi-nodejs:dynamic/atlas:RotatingProjectServiceAccountSecret", registered.typ)
            provider = registered.inputs.pop("__provider")
            self.assertEqual('exports.handler = () => require("pulumi-atlas-secrets/handlers").rotatingProjectSecret;', provider)
            expected = {"projectId": PROJECT_ID, "clientId": CLIENT_ID, "secretExpiresAfterHours": 720, "mayRemove": []}
            self.assertEqual(expected, registered.inputs)
            self.assertEqual(["0" * 24, 2, int], [known[0], known[1], type(known[1])])
            self.assertEqual({"name": "main", "projectId": PROJECT_ID, "clientId": CLIENT_ID, "generation": 2}, known[2])

        resource = declare(may_remove=[])
        record = atlas.audit_record(resource).apply(lambda found: {key: found[key] for key in found if key != "secretId"})
        return pulumi.Output.all(resource.secret_id, resource.generation, record).apply(check)

    @pulumi.runtime.test  # type: ignore[untyped-decorator]
    def test_the_records_of_a_set_have_an_order_and_whole_numbers(self) -> Any:
        def check(records: list[dict[str, Any]]) -> None:
            self.assertEqual(["fleet[billing]", "fleet[search]"], [record["name"] for record in records])
            self.assertEqual([int, int], [type(record["generation"]) for record in records])

        account = atlas.ProjectSetAccountArgs(project_id=PROJECT_ID, client_id=CLIENT_ID)
        fleet = atlas.ProjectServiceAccountSecretSet("fleet", accounts={"main": account}, secret_expires_after_hours=720)
        return atlas.audit_records([fleet]).apply(check)

    def test_refuses_a_provider_of_another_package(self) -> None:
        foreign = pulumi.ProviderResource("aws", "east", {})
        with self.assertRaisesRegex(pulumi.RunError, "its provider is one of package aws"):
            declare(pulumi.ResourceOptions(provider=foreign))

    def test_refuses_to_import_or_to_read(self) -> None:
        for opts in (pulumi.ResourceOptions(import_="x"), pulumi.ResourceOptions(id="x")):
            with self.assertRaisesRegex(pulumi.RunError, "cannot take over a secret"):
                declare(opts)

    def test_forgets_what_another_run_claimed(self) -> None:
        declare()
        pulumi.runtime.set_mocks(Mocks())
        atlas.ProjectServiceAccountSecret("other", project_id=PROJECT_ID, client_id=CLIENT_ID, secret_expires_after_hours=8)

    def test_refuses_a_second_resource_beside_a_rotating_one_an_exclusive_one_or_a_set(self) -> None:
        def declare_set(client_id: pulumi.Input[str]) -> None:
            account = atlas.ProjectSetAccountArgs(project_id=PROJECT_ID, client_id=client_id)
            atlas.ProjectServiceAccountSecretSet("main", accounts={"one": account}, secret_expires_after_hours=720)

        def declare_plain(client_id: pulumi.Input[str], exclusive: bool = False) -> None:
            args: dict[str, Any] = {"project_id": PROJECT_ID, "client_id": client_id, "exclusive": exclusive}
            atlas.ProjectServiceAccountSecret("exclusive" if exclusive else "other", secret_expires_after_hours=8, **args)

        firsts: list[tuple[Callable[[pulumi.Input[str]], Any], str]] = [
            (lambda client_id: declare(client_id=client_id), "has a rotating secret, which needs both slots"),
            (lambda client_id: declare_plain(client_id, True), "is called exclusive, but"),
            (declare_set, "has a rotating secret, which needs both slots"),
        ]
        ways: list[Callable[[str], pulumi.Input[str]]] = [str, pulumi.Output.from_input]
        for first, says in firsts:
            for way in ways:
                pulumi.runtime.set_mocks(Mocks())

                def program() -> None:
                    first(way(CLIENT_ID))
                    declare_plain(way(CLIENT_ID))

                with self.assertRaisesRegex(pulumi.RunError, says):
                    pulumi.runtime.test(program)()

    def test_shows_no_value_that_is_given_as_a_client_id(self) -> None:
        value = "mdb_sa_sk_FAKE-in-the-wrong-place-0001"
        declare(client_id=value)
        with self.assertRaises(pulumi.RunError) as raised:
            atlas.ProjectServiceAccountSecret("other", project_id=PROJECT_ID, client_id=value, secret_expires_after_hours=8)
        self.assertNotIn("FAKE", str(raised.exception))

    def test_takes_arguments_as_an_object_too(self) -> None:
        args = atlas.ServiceAccountSecretArgs(org_id=PROJECT_ID, client_id=CLIENT_ID, secret_expires_after_hours=8)
        atlas.ServiceAccountSecret("one", args)
        with self.assertRaises(TypeError):
            atlas.ServiceAccountSecret("two", args, verify=False)  # type: ignore[call-overload]


unittest.main()
