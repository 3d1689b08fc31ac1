"""The resources. Written by tools/sdk/generate.mjs from provider/src/records/description.ts. Do not edit."""

from typing import Any, Mapping, Optional, Sequence, overload

import pulumi

from ._registration import SecretClass, prepare, split_arguments


@pulumi.input_type
class ProjectSetAccountArgs:
    """One account of a `ProjectServiceAccountSecretSet`: whose it is, and what differs for it from
    the set.
    """

    def __init__(
        self,
        *,
        project_id: pulumi.Input[str],
        client_id: pulumi.Input[str],
        secret_expires_after_hours: Optional[pulumi.Input[int]] = None,
        rotate_before_expiry_hours: Optional[pulumi.Input[int]] = None,
        triggers: Optional[pulumi.Input[Mapping[str, pulumi.Input[Any]]]] = None,
        verify: Optional[pulumi.Input[bool]] = None,
        reclaim_expired: Optional[pulumi.Input[bool]] = None,
        may_remove: Optional[pulumi.Input[Sequence[pulumi.Input[str]]]] = None,
        exclusive: Optional[pulumi.Input[bool]] = None,
        overlap_hours: Optional[pulumi.Input[int]] = None,
        quiet_hours: Optional[pulumi.Input[int]] = None,
    ) -> None:
        pulumi.set(self, "project_id", project_id)
        pulumi.set(self, "client_id", client_id)
        pulumi.set(self, "secret_expires_after_hours", secret_expires_after_hours)
        pulumi.set(self, "rotate_before_expiry_hours", rotate_before_expiry_hours)
        pulumi.set(self, "triggers", triggers)
        pulumi.set(self, "verify", verify)
        pulumi.set(self, "reclaim_expired", reclaim_expired)
        pulumi.set(self, "may_remove", may_remove)
        pulumi.set(self, "exclusive", exclusive)
        pulumi.set(self, "overlap_hours", overlap_hours)
        pulumi.set(self, "quiet_hours", quiet_hours)

    @property
    @pulumi.getter(name="projectId")
    def project_id(self) -> pulumi.Input[str]:
        """Project that the service account belongs to: 24 hex digits. A change makes a new secret."""
        return pulumi.get(self, "project_id")  # type: ignore[no-any-return]

    @project_id.setter
    def project_id(self, value: pulumi.Input[str]) -> None:
        pulumi.set(self, "project_id", value)

    @property
    @pulumi.getter(name="clientId")
    def client_id(self) -> pulumi.Input[str]:
        """Client id of the service account: `mdb_sa_id_` and 24 hex digits. A change makes a new
        secret.
        """
        return pulumi.get(self, "client_id")  # type: ignore[no-any-return]

    @client_id.setter
    def client_id(self, value: pulumi.Input[str]) -> None:
        pulumi.set(self, "client_id", value)

    @property
    @pulumi.getter(name="secretExpiresAfterHours")
    def secret_expires_after_hours(self) -> Optional[pulumi.Input[int]]:
        """Lifetime in hours, 8 to 8760. A change makes a new secret."""
        return pulumi.get(self, "secret_expires_after_hours")  # type: ignore[no-any-return]

    @secret_expires_after_hours.setter
    def secret_expires_after_hours(self, value: Optional[pulumi.Input[int]]) -> None:
        pulumi.set(self, "secret_expires_after_hours", value)

    @property
    @pulumi.getter(name="rotateBeforeExpiryHours")
    def rotate_before_expiry_hours(self) -> Optional[pulumi.Input[int]]:
        """The rotation window in hours, less than the lifetime: a `pulumi up` this close to the
        expiry makes a new secret. 0: only once it has expired.
        """
        return pulumi.get(self, "rotate_before_expiry_hours")  # type: ignore[no-any-return]

    @rotate_before_expiry_hours.setter
    def rotate_before_expiry_hours(self, value: Optional[pulumi.Input[int]]) -> None:
        pulumi.set(self, "rotate_before_expiry_hours", value)

    @property
    @pulumi.getter(name="triggers")
    def triggers(self) -> Optional[pulumi.Input[Mapping[str, pulumi.Input[Any]]]]:
        """Any change of any value makes a new secret."""
        return pulumi.get(self, "triggers")  # type: ignore[no-any-return]

    @triggers.setter
    def triggers(self, value: Optional[pulumi.Input[Mapping[str, pulumi.Input[Any]]]]) -> None:
        pulumi.set(self, "triggers", value)

    @property
    @pulumi.getter(name="verify")
    def verify(self) -> Optional[pulumi.Input[bool]]:
        """Whether a new secret is verified by minting an access token before it counts as active."""
        return pulumi.get(self, "verify")  # type: ignore[no-any-return]

    @verify.setter
    def verify(self, value: Optional[pulumi.Input[bool]]) -> None:
        pulumi.set(self, "verify", value)

    @property
    @pulumi.getter(name="reclaimExpired")
    def reclaim_expired(self) -> Optional[pulumi.Input[bool]]:
        """Whether an expired secret may be deleted when its slot is needed."""
        return pulumi.get(self, "reclaim_expired")  # type: ignore[no-any-return]

    @reclaim_expired.setter
    def reclaim_expired(self, value: Optional[pulumi.Input[bool]]) -> None:
        pulumi.set(self, "reclaim_expired", value)

    @property
    @pulumi.getter(name="mayRemove")
    def may_remove(self) -> Optional[pulumi.Input[Sequence[pulumi.Input[str]]]]:
        """Ids of live secrets that may be deleted when their slot is needed, such as the account's
        initial one.
        """
        return pulumi.get(self, "may_remove")  # type: ignore[no-any-return]

    @may_remove.setter
    def may_remove(self, value: Optional[pulumi.Input[Sequence[pulumi.Input[str]]]]) -> None:
        pulumi.set(self, "may_remove", value)

    @property
    @pulumi.getter(name="exclusive")
    def exclusive(self) -> Optional[pulumi.Input[bool]]:
        """Set only if this resource is the account's sole user. When both slots are full, the
        provider may then delete an untracked secret that a killed run left: newer than the recorded
        one, and unused except for its verification.
        """
        return pulumi.get(self, "exclusive")  # type: ignore[no-any-return]

    @exclusive.setter
    def exclusive(self, value: Optional[pulumi.Input[bool]]) -> None:
        pulumi.set(self, "exclusive", value)

    @property
    @pulumi.getter(name="overlapHours")
    def overlap_hours(self) -> Optional[pulumi.Input[int]]:
        """How long the previous secret stays at least, in hours: 0 to 168, at most the lifetime
        less the window.
        """
        return pulumi.get(self, "overlap_hours")  # type: ignore[no-any-return]

    @overlap_hours.setter
    def overlap_hours(self, value: Optional[pulumi.Input[int]]) -> None:
        pulumi.set(self, "overlap_hours", value)

    @property
    @pulumi.getter(name="quietHours")
    def quiet_hours(self) -> Optional[pulumi.Input[int]]:
        """After the overlap the previous secret goes once nobody has signed in with it for this
        long, in hours: 0 to 168. 0: at the end of the overlap, used or not.
        """
        return pulumi.get(self, "quiet_hours")  # type: ignore[no-any-return]

    @quiet_hours.setter
    def quiet_hours(self, value: Optional[pulumi.Input[int]]) -> None:
        pulumi.set(self, "quiet_hours", value)


@pulumi.input_type
class OrganizationSetAccountArgs:
    """One account of a `ServiceAccountSecretSet`: whose it is, and what differs for it from the
    set.
    """

    def __init__(
        self,
        *,
        org_id: pulumi.Input[str],
        client_id: pulumi.Input[str],
        secret_expires_after_hours: Optional[pulumi.Input[int]] = None,
        rotate_before_expiry_hours: Optional[pulumi.Input[int]] = None,
        triggers: Optional[pulumi.Input[Mapping[str, pulumi.Input[Any]]]] = None,
        verify: Optional[pulumi.Input[bool]] = None,
        reclaim_expired: Optional[pulumi.Input[bool]] = None,
        may_remove: Optional[pulumi.Input[Sequence[pulumi.Input[str]]]] = None,
        exclusive: Optional[pulumi.Input[bool]] = None,
        overlap_hours: Optional[pulumi.Input[int]] = None,
        quiet_hours: Optional[pulumi.Input[int]] = None,
    ) -> None:
        pulumi.set(self, "org_id", org_id)
        pulumi.set(self, "client_id", client_id)
        pulumi.set(self, "secret_expires_after_hours", secret_expires_after_hours)
        pulumi.set(self, "rotate_before_expiry_hours", rotate_before_expiry_hours)
        pulumi.set(self, "triggers", triggers)
        pulumi.set(self, "verify", verify)
        pulumi.set(self, "reclaim_expired", reclaim_expired)
        pulumi.set(self, "may_remove", may_remove)
        pulumi.set(self, "exclusive", exclusive)
        pulumi.set(self, "overlap_hours", overlap_hours)
        pulumi.set(self, "quiet_hours", quiet_hours)

    @property
    @pulumi.getter(name="orgId")
    def org_id(self) -> pulumi.Input[str]:
        """Organization that the service account belongs to: 24 hex digits. A change makes a new
        secret.
        """
        return pulumi.get(self, "org_id")  # type: ignore[no-any-return]

    @org_id.setter
    def org_id(self, value: pulumi.Input[str]) -> None:
        pulumi.set(self, "org_id", value)

    @property
    @pulumi.getter(name="clientId")
    def client_id(self) -> pulumi.Input[str]:
        """Client id of the service account: `mdb_sa_id_` and 24 hex digits. A change makes a new
        secret.
        """
        return pulumi.get(self, "client_id")  # type: ignore[no-any-return]

    @client_id.setter
    def client_id(self, value: pulumi.Input[str]) -> None:
        pulumi.set(self, "client_id", value)

    @property
    @pulumi.getter(name="secretExpiresAfterHours")
    def secret_expires_after_hours(self) -> Optional[pulumi.Input[int]]:
        """Lifetime in hours, 8 to 8760. A change makes a new secret."""
        return pulumi.get(self, "secret_expires_after_hours")  # type: ignore[no-any-return]

    @secret_expires_after_hours.setter
    def secret_expires_after_hours(self, value: Optional[pulumi.Input[int]]) -> None:
        pulumi.set(self, "secret_expires_after_hours", value)

    @property
    @pulumi.getter(name="rotateBeforeExpiryHours")
    def rotate_before_expiry_hours(self) -> Optional[pulumi.Input[int]]:
        """The rotation window in hours, less than the lifetime: a `pulumi up` this close to the
        expiry makes a new secret. 0: only once it has expired.
        """
        return pulumi.get(self, "rotate_before_expiry_hours")  # type: ignore[no-any-return]

    @rotate_before_expiry_hours.setter
    def rotate_before_expiry_hours(self, value: Optional[pulumi.Input[int]]) -> None:
        pulumi.set(self, "rotate_before_expiry_hours", value)

    @property
    @pulumi.getter(name="triggers")
    def triggers(self) -> Optional[pulumi.Input[Mapping[str, pulumi.Input[Any]]]]:
        """Any change of any value makes a new secret."""
        return pulumi.get(self, "triggers")  # type: ignore[no-any-return]

    @triggers.setter
    def triggers(self, value: Optional[pulumi.Input[Mapping[str, pulumi.Input[Any]]]]) -> None:
        pulumi.set(self, "triggers", value)

    @property
    @pulumi.getter(name="verify")
    def verify(self) -> Optional[pulumi.Input[bool]]:
        """Whether a new secret is verified by minting an access token before it counts as active."""
        return pulumi.get(self, "verify")  # type: ignore[no-any-return]

    @verify.setter
    def verify(self, value: Optional[pulumi.Input[bool]]) -> None:
        pulumi.set(self, "verify", value)

    @property
    @pulumi.getter(name="reclaimExpired")
    def reclaim_expired(self) -> Optional[pulumi.Input[bool]]:
        """Whether an expired secret may be deleted when its slot is needed."""
        return pulumi.get(self, "reclaim_expired")  # type: ignore[no-any-return]

    @reclaim_expired.setter
    def reclaim_expired(self, value: Optional[pulumi.Input[bool]]) -> None:
        pulumi.set(self, "reclaim_expired", value)

    @property
    @pulumi.getter(name="mayRemove")
    def may_remove(self) -> Optional[pulumi.Input[Sequence[pulumi.Input[str]]]]:
        """Ids of live secrets that may be deleted when their slot is needed, such as the account's
        initial one.
        """
        return pulumi.get(self, "may_remove")  # type: ignore[no-any-return]

    @may_remove.setter
    def may_remove(self, value: Optional[pulumi.Input[Sequence[pulumi.Input[str]]]]) -> None:
        pulumi.set(self, "may_remove", value)

    @property
    @pulumi.getter(name="exclusive")
    def exclusive(self) -> Optional[pulumi.Input[bool]]:
        """Set only if this resource is the account's sole user. When both slots are full, the
        provider may then delete an untracked secret that a killed run left: newer than the recorded
        one, and unused except for its verification.
        """
        return pulumi.get(self, "exclusive")  # type: ignore[no-any-return]

    @exclusive.setter
    def exclusive(self, value: Optional[pulumi.Input[bool]]) -> None:
        pulumi.set(self, "exclusive", value)

    @property
    @pulumi.getter(name="overlapHours")
    def overlap_hours(self) -> Optional[pulumi.Input[int]]:
        """How long the previous secret stays at least, in hours: 0 to 168, at most the lifetime
        less the window.
        """
        return pulumi.get(self, "overlap_hours")  # type: ignore[no-any-return]

    @overlap_hours.setter
    def overlap_hours(self, value: Optional[pulumi.Input[int]]) -> None:
        pulumi.set(self, "overlap_hours", value)

    @property
    @pulumi.getter(name="quietHours")
    def quiet_hours(self) -> Optional[pulumi.Input[int]]:
        """After the overlap the previous secret goes once nobody has signed in with it for this
        long, in hours: 0 to 168. 0: at the end of the overlap, used or not.
        """
        return pulumi.get(self, "quiet_hours")  # type: ignore[no-any-return]

    @quiet_hours.setter
    def quiet_hours(self, value: Optional[pulumi.Input[int]]) -> None:
        pulumi.set(self, "quiet_hours", value)


@pulumi.input_type
class ProjectServiceAccountSecretArgs:
    """Inputs of `ProjectServiceAccountSecret`."""

    def __init__(
        self,
        *,
        project_id: pulumi.Input[str],
        client_id: pulumi.Input[str],
        secret_expires_after_hours: pulumi.Input[int],
        rotate_before_expiry_hours: Optional[pulumi.Input[int]] = None,
        triggers: Optional[pulumi.Input[Mapping[str, pulumi.Input[Any]]]] = None,
        verify: Optional[pulumi.Input[bool]] = None,
        reclaim_expired: Optional[pulumi.Input[bool]] = None,
        may_remove: Optional[pulumi.Input[Sequence[pulumi.Input[str]]]] = None,
        exclusive: Optional[pulumi.Input[bool]] = None,
    ) -> None:
        pulumi.set(self, "project_id", project_id)
        pulumi.set(self, "client_id", client_id)
        pulumi.set(self, "secret_expires_after_hours", secret_expires_after_hours)
        pulumi.set(self, "rotate_before_expiry_hours", rotate_before_expiry_hours)
        pulumi.set(self, "triggers", triggers)
        pulumi.set(self, "verify", verify)
        pulumi.set(self, "reclaim_expired", reclaim_expired)
        pulumi.set(self, "may_remove", may_remove)
        pulumi.set(self, "exclusive", exclusive)

    @property
    @pulumi.getter(name="projectId")
    def project_id(self) -> pulumi.Input[str]:
        """Project that the service account belongs to: 24 hex digits. A change makes a new secret."""
        return pulumi.get(self, "project_id")  # type: ignore[no-any-return]

    @project_id.setter
    def project_id(self, value: pulumi.Input[str]) -> None:
        pulumi.set(self, "project_id", value)

    @property
    @pulumi.getter(name="clientId")
    def client_id(self) -> pulumi.Input[str]:
        """Client id of the service account: `mdb_sa_id_` and 24 hex digits. A change makes a new
        secret.
        """
        return pulumi.get(self, "client_id")  # type: ignore[no-any-return]

    @client_id.setter
    def client_id(self, value: pulumi.Input[str]) -> None:
        pulumi.set(self, "client_id", value)

    @property
    @pulumi.getter(name="secretExpiresAfterHours")
    def secret_expires_after_hours(self) -> pulumi.Input[int]:
        """Lifetime in hours, 8 to 8760. A change makes a new secret."""
        return pulumi.get(self, "secret_expires_after_hours")  # type: ignore[no-any-return]

    @secret_expires_after_hours.setter
    def secret_expires_after_hours(self, value: pulumi.Input[int]) -> None:
        pulumi.set(self, "secret_expires_after_hours", value)

    @property
    @pulumi.getter(name="rotateBeforeExpiryHours")
    def rotate_before_expiry_hours(self) -> Optional[pulumi.Input[int]]:
        """The rotation window in hours, less than the lifetime: a `pulumi up` this close to the
        expiry makes a new secret. 0: only once it has expired. Default: a third of the lifetime,
        rounded down.
        """
        return pulumi.get(self, "rotate_before_expiry_hours")  # type: ignore[no-any-return]

    @rotate_before_expiry_hours.setter
    def rotate_before_expiry_hours(self, value: Optional[pulumi.Input[int]]) -> None:
        pulumi.set(self, "rotate_before_expiry_hours", value)

    @property
    @pulumi.getter(name="triggers")
    def triggers(self) -> Optional[pulumi.Input[Mapping[str, pulumi.Input[Any]]]]:
        """Any change of any value makes a new secret. Default: none."""
        return pulumi.get(self, "triggers")  # type: ignore[no-any-return]

    @triggers.setter
    def triggers(self, value: Optional[pulumi.Input[Mapping[str, pulumi.Input[Any]]]]) -> None:
        pulumi.set(self, "triggers", value)

    @property
    @pulumi.getter(name="verify")
    def verify(self) -> Optional[pulumi.Input[bool]]:
        """Whether a new secret is verified by minting an access token before it counts as active.
        Default: `true`.
        """
        return pulumi.get(self, "verify")  # type: ignore[no-any-return]

    @verify.setter
    def verify(self, value: Optional[pulumi.Input[bool]]) -> None:
        pulumi.set(self, "verify", value)

    @property
    @pulumi.getter(name="reclaimExpired")
    def reclaim_expired(self) -> Optional[pulumi.Input[bool]]:
        """Whether an expired secret may be deleted when its slot is needed. Default: `true`."""
        return pulumi.get(self, "reclaim_expired")  # type: ignore[no-any-return]

    @reclaim_expired.setter
    def reclaim_expired(self, value: Optional[pulumi.Input[bool]]) -> None:
        pulumi.set(self, "reclaim_expired", value)

    @property
    @pulumi.getter(name="mayRemove")
    def may_remove(self) -> Optional[pulumi.Input[Sequence[pulumi.Input[str]]]]:
        """Ids of live secrets that may be deleted when their slot is needed, such as the account's
        initial one. Default: none.
        """
        return pulumi.get(self, "may_remove")  # type: ignore[no-any-return]

    @may_remove.setter
    def may_remove(self, value: Optional[pulumi.Input[Sequence[pulumi.Input[str]]]]) -> None:
        pulumi.set(self, "may_remove", value)

    @property
    @pulumi.getter(name="exclusive")
    def exclusive(self) -> Optional[pulumi.Input[bool]]:
        """Set only if this resource is the account's sole user. When both slots are full, the
        provider may then delete an untracked secret that a killed run left: newer than the recorded
        one, and unused except for its verification. Default: `false`.
        """
        return pulumi.get(self, "exclusive")  # type: ignore[no-any-return]

    @exclusive.setter
    def exclusive(self, value: Optional[pulumi.Input[bool]]) -> None:
        pulumi.set(self, "exclusive", value)


class ProjectServiceAccountSecret(pulumi.CustomResource):
    """One secret of a project service account. `pulumi up` creates it, replaces it when it is due,
    and deletes the old one only after everything that depends on it was updated.
    """

    _secret_class = SecretClass(
        "ProjectServiceAccountSecret",
        "pulumi-nodejs:dynamic/atlas:ProjectServiceAccountSecret",
        'exports.handler = () => require("pulumi-atlas-secrets/handlers").projectSecret;',
        False,
        ("secret",),
        (
            "project_id",
            "client_id",
            "secret_expires_after_hours",
            "rotate_before_expiry_hours",
            "secret",
            "secret_id",
            "masked_secret_value",
            "status",
            "created_at",
            "expires_at",
            "rotate_after",
            "verified_at",
            "last_used_at",
        ),
    )

    @overload
    def __init__(
        self,
        resource_name: str,
        args: ProjectServiceAccountSecretArgs,
        opts: Optional[pulumi.ResourceOptions] = None,
    ) -> None: ...
    @overload
    def __init__(
        self,
        resource_name: str,
        opts: Optional[pulumi.ResourceOptions] = None,
        *,
        project_id: pulumi.Input[str],
        client_id: pulumi.Input[str],
        secret_expires_after_hours: pulumi.Input[int],
        rotate_before_expiry_hours: Optional[pulumi.Input[int]] = None,
        triggers: Optional[pulumi.Input[Mapping[str, pulumi.Input[Any]]]] = None,
        verify: Optional[pulumi.Input[bool]] = None,
        reclaim_expired: Optional[pulumi.Input[bool]] = None,
        may_remove: Optional[pulumi.Input[Sequence[pulumi.Input[str]]]] = None,
        exclusive: Optional[pulumi.Input[bool]] = None,
    ) -> None: ...
    def __init__(self, resource_name: str, *args: Any, **kwargs: Any) -> None:
        given, opts = split_arguments(ProjectServiceAccountSecretArgs, args, kwargs)
        super().__init__(*prepare(self._secret_class, resource_name, given, opts))

    @property
    @pulumi.getter(name="projectId")
    def project_id(self) -> pulumi.Output[str]:
        """Project that the service account belongs to: 24 hex digits. A change makes a new secret."""
        return pulumi.get(self, "project_id")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="clientId")
    def client_id(self) -> pulumi.Output[str]:
        """Client id of the service account: `mdb_sa_id_` and 24 hex digits. A change makes a new
        secret.
        """
        return pulumi.get(self, "client_id")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="secretExpiresAfterHours")
    def secret_expires_after_hours(self) -> pulumi.Output[int]:
        """Lifetime in hours, 8 to 8760. A change makes a new secret."""
        return pulumi.get(self, "secret_expires_after_hours")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="rotateBeforeExpiryHours")
    def rotate_before_expiry_hours(self) -> pulumi.Output[int]:
        """The rotation window in hours, less than the lifetime: a `pulumi up` this close to the
        expiry makes a new secret. 0: only once it has expired.
        """
        return pulumi.get(self, "rotate_before_expiry_hours")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="secret")
    def secret(self) -> pulumi.Output[str]:
        """The value. Always a Pulumi secret."""
        return pulumi.get(self, "secret")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="secretId")
    def secret_id(self) -> pulumi.Output[str]:
        """Id of the secret at Atlas: 24 hex digits. Not confidential."""
        return pulumi.get(self, "secret_id")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="maskedSecretValue")
    def masked_secret_value(self) -> pulumi.Output[str]:
        """The value's last four characters behind a mask."""
        return pulumi.get(self, "masked_secret_value")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="status")
    def status(self) -> pulumi.Output[str]:
        """`active`, `pending-verification`, `rejected`, or `account-unassigned` (a refresh did not
        find the account where it belongs); of a rotating resource also `overlapping` or
        `current-missing`, and never `rejected`.
        """
        return pulumi.get(self, "status")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="createdAt")
    def created_at(self) -> pulumi.Output[str]:
        """When Atlas created it, ISO 8601, UTC."""
        return pulumi.get(self, "created_at")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="expiresAt")
    def expires_at(self) -> pulumi.Output[str]:
        """When it stops working, ISO 8601, UTC. Atlas shortens it when another secret of the
        account is created.
        """
        return pulumi.get(self, "expires_at")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="rotateAfter")
    def rotate_after(self) -> pulumi.Output[str]:
        """From when on `pulumi up` makes a new one, ISO 8601, UTC."""
        return pulumi.get(self, "rotate_after")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="verifiedAt")
    def verified_at(self) -> pulumi.Output[Optional[str]]:
        """When it was verified; absent when it was not."""
        return pulumi.get(self, "verified_at")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="lastUsedAt")
    def last_used_at(self) -> pulumi.Output[Optional[str]]:
        """When a token was last minted with it, as of the last refresh; absent until then."""
        return pulumi.get(self, "last_used_at")  # type: ignore[no-any-return]


@pulumi.input_type
class RotatingProjectServiceAccountSecretArgs:
    """Inputs of `RotatingProjectServiceAccountSecret`."""

    def __init__(
        self,
        *,
        project_id: pulumi.Input[str],
        client_id: pulumi.Input[str],
        secret_expires_after_hours: pulumi.Input[int],
        rotate_before_expiry_hours: Optional[pulumi.Input[int]] = None,
        triggers: Optional[pulumi.Input[Mapping[str, pulumi.Input[Any]]]] = None,
        verify: Optional[pulumi.Input[bool]] = None,
        reclaim_expired: Optional[pulumi.Input[bool]] = None,
        may_remove: Optional[pulumi.Input[Sequence[pulumi.Input[str]]]] = None,
        exclusive: Optional[pulumi.Input[bool]] = None,
        overlap_hours: Optional[pulumi.Input[int]] = None,
        quiet_hours: Optional[pulumi.Input[int]] = None,
    ) -> None:
        pulumi.set(self, "project_id", project_id)
        pulumi.set(self, "client_id", client_id)
        pulumi.set(self, "secret_expires_after_hours", secret_expires_after_hours)
        pulumi.set(self, "rotate_before_expiry_hours", rotate_before_expiry_hours)
        pulumi.set(self, "triggers", triggers)
        pulumi.set(self, "verify", verify)
        pulumi.set(self, "reclaim_expired", reclaim_expired)
        pulumi.set(self, "may_remove", may_remove)
        pulumi.set(self, "exclusive", exclusive)
        pulumi.set(self, "overlap_hours", overlap_hours)
        pulumi.set(self, "quiet_hours", quiet_hours)

    @property
    @pulumi.getter(name="projectId")
    def project_id(self) -> pulumi.Input[str]:
        """Project that the service account belongs to: 24 hex digits. A change makes a new secret."""
        return pulumi.get(self, "project_id")  # type: ignore[no-any-return]

    @project_id.setter
    def project_id(self, value: pulumi.Input[str]) -> None:
        pulumi.set(self, "project_id", value)

    @property
    @pulumi.getter(name="clientId")
    def client_id(self) -> pulumi.Input[str]:
        """Client id of the service account: `mdb_sa_id_` and 24 hex digits. A change makes a new
        secret.
        """
        return pulumi.get(self, "client_id")  # type: ignore[no-any-return]

    @client_id.setter
    def client_id(self, value: pulumi.Input[str]) -> None:
        pulumi.set(self, "client_id", value)

    @property
    @pulumi.getter(name="secretExpiresAfterHours")
    def secret_expires_after_hours(self) -> pulumi.Input[int]:
        """Lifetime in hours, 8 to 8760. A change makes a new secret."""
        return pulumi.get(self, "secret_expires_after_hours")  # type: ignore[no-any-return]

    @secret_expires_after_hours.setter
    def secret_expires_after_hours(self, value: pulumi.Input[int]) -> None:
        pulumi.set(self, "secret_expires_after_hours", value)

    @property
    @pulumi.getter(name="rotateBeforeExpiryHours")
    def rotate_before_expiry_hours(self) -> Optional[pulumi.Input[int]]:
        """The rotation window in hours, less than the lifetime: a `pulumi up` this close to the
        expiry makes a new secret. 0: only once it has expired. Default: a third of the lifetime,
        rounded down.
        """
        return pulumi.get(self, "rotate_before_expiry_hours")  # type: ignore[no-any-return]

    @rotate_before_expiry_hours.setter
    def rotate_before_expiry_hours(self, value: Optional[pulumi.Input[int]]) -> None:
        pulumi.set(self, "rotate_before_expiry_hours", value)

    @property
    @pulumi.getter(name="triggers")
    def triggers(self) -> Optional[pulumi.Input[Mapping[str, pulumi.Input[Any]]]]:
        """Any change of any value makes a new secret. Default: none."""
        return pulumi.get(self, "triggers")  # type: ignore[no-any-return]

    @triggers.setter
    def triggers(self, value: Optional[pulumi.Input[Mapping[str, pulumi.Input[Any]]]]) -> None:
        pulumi.set(self, "triggers", value)

    @property
    @pulumi.getter(name="verify")
    def verify(self) -> Optional[pulumi.Input[bool]]:
        """Whether a new secret is verified by minting an access token before it counts as active.
        Default: `true`.
        """
        return pulumi.get(self, "verify")  # type: ignore[no-any-return]

    @verify.setter
    def verify(self, value: Optional[pulumi.Input[bool]]) -> None:
        pulumi.set(self, "verify", value)

    @property
    @pulumi.getter(name="reclaimExpired")
    def reclaim_expired(self) -> Optional[pulumi.Input[bool]]:
        """Whether an expired secret may be deleted when its slot is needed. Default: `true`."""
        return pulumi.get(self, "reclaim_expired")  # type: ignore[no-any-return]

    @reclaim_expired.setter
    def reclaim_expired(self, value: Optional[pulumi.Input[bool]]) -> None:
        pulumi.set(self, "reclaim_expired", value)

    @property
    @pulumi.getter(name="mayRemove")
    def may_remove(self) -> Optional[pulumi.Input[Sequence[pulumi.Input[str]]]]:
        """Ids of live secrets that may be deleted when their slot is needed, such as the account's
        initial one. Default: none.
        """
        return pulumi.get(self, "may_remove")  # type: ignore[no-any-return]

    @may_remove.setter
    def may_remove(self, value: Optional[pulumi.Input[Sequence[pulumi.Input[str]]]]) -> None:
        pulumi.set(self, "may_remove", value)

    @property
    @pulumi.getter(name="exclusive")
    def exclusive(self) -> Optional[pulumi.Input[bool]]:
        """Set only if this resource is the account's sole user. When both slots are full, the
        provider may then delete an untracked secret that a killed run left: newer than the recorded
        one, and unused except for its verification. Default: `false`.
        """
        return pulumi.get(self, "exclusive")  # type: ignore[no-any-return]

    @exclusive.setter
    def exclusive(self, value: Optional[pulumi.Input[bool]]) -> None:
        pulumi.set(self, "exclusive", value)

    @property
    @pulumi.getter(name="overlapHours")
    def overlap_hours(self) -> Optional[pulumi.Input[int]]:
        """How long the previous secret stays at least, in hours: 0 to 168, at most the lifetime
        less the window. Default: 24, or the window if that is shorter.
        """
        return pulumi.get(self, "overlap_hours")  # type: ignore[no-any-return]

    @overlap_hours.setter
    def overlap_hours(self, value: Optional[pulumi.Input[int]]) -> None:
        pulumi.set(self, "overlap_hours", value)

    @property
    @pulumi.getter(name="quietHours")
    def quiet_hours(self) -> Optional[pulumi.Input[int]]:
        """After the overlap the previous secret goes once nobody has signed in with it for this
        long, in hours: 0 to 168. 0: at the end of the overlap, used or not. Default: 24, or half of
        the lifetime less the window if that is shorter.
        """
        return pulumi.get(self, "quiet_hours")  # type: ignore[no-any-return]

    @quiet_hours.setter
    def quiet_hours(self, value: Optional[pulumi.Input[int]]) -> None:
        pulumi.set(self, "quiet_hours", value)


class RotatingProjectServiceAccountSecret(pulumi.CustomResource):
    """The secret of a project service account, for consumers that take time to pick a new one up.
    `pulumi up` rotates it when it is due: the new one becomes current, and the old one stays as the
    previous until its overlap is over and it is quiet. It needs both slots of the account, so there
    is one for an account.
    """

    _secret_class = SecretClass(
        "RotatingProjectServiceAccountSecret",
        "pulumi-nodejs:dynamic/atlas:RotatingProjectServiceAccountSecret",
        'exports.handler = () => require("pulumi-atlas-secrets/handlers").rotatingProjectSecret;',
        True,
        ("secret", "pendingSecret",),
        (
            "project_id",
            "client_id",
            "secret_expires_after_hours",
            "rotate_before_expiry_hours",
            "overlap_hours",
            "quiet_hours",
            "secret",
            "secret_id",
            "masked_secret_value",
            "status",
            "created_at",
            "expires_at",
            "rotate_after",
            "verified_at",
            "last_used_at",
            "generation",
            "promoted_at",
            "previous_secret_id",
            "previous_expires_at",
            "previous_last_used_at",
            "retire_after",
            "pending_secret_id",
            "pending_secret",
        ),
    )

    @overload
    def __init__(
        self,
        resource_name: str,
        args: RotatingProjectServiceAccountSecretArgs,
        opts: Optional[pulumi.ResourceOptions] = None,
    ) -> None: ...
    @overload
    def __init__(
        self,
        resource_name: str,
        opts: Optional[pulumi.ResourceOptions] = None,
        *,
        project_id: pulumi.Input[str],
        client_id: pulumi.Input[str],
        secret_expires_after_hours: pulumi.Input[int],
        rotate_before_expiry_hours: Optional[pulumi.Input[int]] = None,
        triggers: Optional[pulumi.Input[Mapping[str, pulumi.Input[Any]]]] = None,
        verify: Optional[pulumi.Input[bool]] = None,
        reclaim_expired: Optional[pulumi.Input[bool]] = None,
        may_remove: Optional[pulumi.Input[Sequence[pulumi.Input[str]]]] = None,
        exclusive: Optional[pulumi.Input[bool]] = None,
        overlap_hours: Optional[pulumi.Input[int]] = None,
        quiet_hours: Optional[pulumi.Input[int]] = None,
    ) -> None: ...
    def __init__(self, resource_name: str, *args: Any, **kwargs: Any) -> None:
        given, opts = split_arguments(RotatingProjectServiceAccountSecretArgs, args, kwargs)
        super().__init__(*prepare(self._secret_class, resource_name, given, opts))

    @property
    @pulumi.getter(name="projectId")
    def project_id(self) -> pulumi.Output[str]:
        """Project that the service account belongs to: 24 hex digits. A change makes a new secret."""
        return pulumi.get(self, "project_id")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="clientId")
    def client_id(self) -> pulumi.Output[str]:
        """Client id of the service account: `mdb_sa_id_` and 24 hex digits. A change makes a new
        secret.
        """
        return pulumi.get(self, "client_id")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="secretExpiresAfterHours")
    def secret_expires_after_hours(self) -> pulumi.Output[int]:
        """Lifetime in hours, 8 to 8760. A change makes a new secret."""
        return pulumi.get(self, "secret_expires_after_hours")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="rotateBeforeExpiryHours")
    def rotate_before_expiry_hours(self) -> pulumi.Output[int]:
        """The rotation window in hours, less than the lifetime: a `pulumi up` this close to the
        expiry makes a new secret. 0: only once it has expired.
        """
        return pulumi.get(self, "rotate_before_expiry_hours")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="overlapHours")
    def overlap_hours(self) -> pulumi.Output[int]:
        """How long the previous secret stays at least, in hours: 0 to 168, at most the lifetime
        less the window.
        """
        return pulumi.get(self, "overlap_hours")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="quietHours")
    def quiet_hours(self) -> pulumi.Output[int]:
        """After the overlap the previous secret goes once nobody has signed in with it for this
        long, in hours: 0 to 168. 0: at the end of the overlap, used or not.
        """
        return pulumi.get(self, "quiet_hours")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="secret")
    def secret(self) -> pulumi.Output[str]:
        """The value. Always a Pulumi secret."""
        return pulumi.get(self, "secret")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="secretId")
    def secret_id(self) -> pulumi.Output[str]:
        """Id of the secret at Atlas: 24 hex digits. Not confidential."""
        return pulumi.get(self, "secret_id")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="maskedSecretValue")
    def masked_secret_value(self) -> pulumi.Output[str]:
        """The value's last four characters behind a mask."""
        return pulumi.get(self, "masked_secret_value")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="status")
    def status(self) -> pulumi.Output[str]:
        """`active`, `pending-verification`, `rejected`, or `account-unassigned` (a refresh did not
        find the account where it belongs); of a rotating resource also `overlapping` or
        `current-missing`, and never `rejected`.
        """
        return pulumi.get(self, "status")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="createdAt")
    def created_at(self) -> pulumi.Output[str]:
        """When Atlas created it, ISO 8601, UTC."""
        return pulumi.get(self, "created_at")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="expiresAt")
    def expires_at(self) -> pulumi.Output[str]:
        """When it stops working, ISO 8601, UTC. Atlas shortens it when another secret of the
        account is created.
        """
        return pulumi.get(self, "expires_at")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="rotateAfter")
    def rotate_after(self) -> pulumi.Output[str]:
        """From when on `pulumi up` makes a new one, ISO 8601, UTC."""
        return pulumi.get(self, "rotate_after")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="verifiedAt")
    def verified_at(self) -> pulumi.Output[Optional[str]]:
        """When it was verified; absent when it was not."""
        return pulumi.get(self, "verified_at")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="lastUsedAt")
    def last_used_at(self) -> pulumi.Output[Optional[str]]:
        """When a token was last minted with it, as of the last refresh; absent until then."""
        return pulumi.get(self, "last_used_at")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="generation")
    def generation(self) -> pulumi.Output[int]:
        """How many secrets were current so far, this one included: 1 for the first."""
        return pulumi.get(self, "generation")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="promotedAt")
    def promoted_at(self) -> pulumi.Output[str]:
        """When the current secret was promoted, ISO 8601, UTC: the first run that handed it out
        without failing.
        """
        return pulumi.get(self, "promoted_at")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="previousSecretId")
    def previous_secret_id(self) -> pulumi.Output[Optional[str]]:
        """Id of the secret that was current before, as long as it is there."""
        return pulumi.get(self, "previous_secret_id")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="previousExpiresAt")
    def previous_expires_at(self) -> pulumi.Output[Optional[str]]:
        """When the previous secret stops working, ISO 8601, UTC."""
        return pulumi.get(self, "previous_expires_at")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="previousLastUsedAt")
    def previous_last_used_at(self) -> pulumi.Output[Optional[str]]:
        """When a token was last minted with the previous secret, as of the last run that asked
        Atlas.
        """
        return pulumi.get(self, "previous_last_used_at")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="retireAfter")
    def retire_after(self) -> pulumi.Output[Optional[str]]:
        """From when on `pulumi up` deletes the previous secret once it has been quiet for
        `quiet_hours`, ISO 8601, UTC.
        """
        return pulumi.get(self, "retire_after")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="pendingSecretId")
    def pending_secret_id(self) -> pulumi.Output[Optional[str]]:
        """Id of a new secret that is not verified yet."""
        return pulumi.get(self, "pending_secret_id")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="pendingSecret")
    def pending_secret(self) -> pulumi.Output[Optional[str]]:
        """The value of the pending secret. Always a Pulumi secret."""
        return pulumi.get(self, "pending_secret")  # type: ignore[no-any-return]


@pulumi.input_type
class ProjectServiceAccountSecretSetArgs:
    """Inputs of `ProjectServiceAccountSecretSet`."""

    def __init__(
        self,
        *,
        secret_expires_after_hours: pulumi.Input[int],
        accounts: pulumi.Input[Mapping[str, pulumi.Input[ProjectSetAccountArgs]]],
        rotate_before_expiry_hours: Optional[pulumi.Input[int]] = None,
        triggers: Optional[pulumi.Input[Mapping[str, pulumi.Input[Any]]]] = None,
        verify: Optional[pulumi.Input[bool]] = None,
        reclaim_expired: Optional[pulumi.Input[bool]] = None,
        may_remove: Optional[pulumi.Input[Sequence[pulumi.Input[str]]]] = None,
        exclusive: Optional[pulumi.Input[bool]] = None,
        overlap_hours: Optional[pulumi.Input[int]] = None,
        quiet_hours: Optional[pulumi.Input[int]] = None,
        concurrency: Optional[pulumi.Input[int]] = None,
    ) -> None:
        pulumi.set(self, "secret_expires_after_hours", secret_expires_after_hours)
        pulumi.set(self, "rotate_before_expiry_hours", rotate_before_expiry_hours)
        pulumi.set(self, "triggers", triggers)
        pulumi.set(self, "verify", verify)
        pulumi.set(self, "reclaim_expired", reclaim_expired)
        pulumi.set(self, "may_remove", may_remove)
        pulumi.set(self, "exclusive", exclusive)
        pulumi.set(self, "overlap_hours", overlap_hours)
        pulumi.set(self, "quiet_hours", quiet_hours)
        pulumi.set(self, "accounts", accounts)
        pulumi.set(self, "concurrency", concurrency)

    @property
    @pulumi.getter(name="secretExpiresAfterHours")
    def secret_expires_after_hours(self) -> pulumi.Input[int]:
        """Lifetime in hours, 8 to 8760. A change makes a new secret."""
        return pulumi.get(self, "secret_expires_after_hours")  # type: ignore[no-any-return]

    @secret_expires_after_hours.setter
    def secret_expires_after_hours(self, value: pulumi.Input[int]) -> None:
        pulumi.set(self, "secret_expires_after_hours", value)

    @property
    @pulumi.getter(name="rotateBeforeExpiryHours")
    def rotate_before_expiry_hours(self) -> Optional[pulumi.Input[int]]:
        """The rotation window in hours, less than the lifetime: a `pulumi up` this close to the
        expiry makes a new secret. 0: only once it has expired. Default: a third of the lifetime,
        rounded down.
        """
        return pulumi.get(self, "rotate_before_expiry_hours")  # type: ignore[no-any-return]

    @rotate_before_expiry_hours.setter
    def rotate_before_expiry_hours(self, value: Optional[pulumi.Input[int]]) -> None:
        pulumi.set(self, "rotate_before_expiry_hours", value)

    @property
    @pulumi.getter(name="triggers")
    def triggers(self) -> Optional[pulumi.Input[Mapping[str, pulumi.Input[Any]]]]:
        """Any change of any value makes a new secret. Default: none."""
        return pulumi.get(self, "triggers")  # type: ignore[no-any-return]

    @triggers.setter
    def triggers(self, value: Optional[pulumi.Input[Mapping[str, pulumi.Input[Any]]]]) -> None:
        pulumi.set(self, "triggers", value)

    @property
    @pulumi.getter(name="verify")
    def verify(self) -> Optional[pulumi.Input[bool]]:
        """Whether a new secret is verified by minting an access token before it counts as active.
        Default: `true`.
        """
        return pulumi.get(self, "verify")  # type: ignore[no-any-return]

    @verify.setter
    def verify(self, value: Optional[pulumi.Input[bool]]) -> None:
        pulumi.set(self, "verify", value)

    @property
    @pulumi.getter(name="reclaimExpired")
    def reclaim_expired(self) -> Optional[pulumi.Input[bool]]:
        """Whether an expired secret may be deleted when its slot is needed. Default: `true`."""
        return pulumi.get(self, "reclaim_expired")  # type: ignore[no-any-return]

    @reclaim_expired.setter
    def reclaim_expired(self, value: Optional[pulumi.Input[bool]]) -> None:
        pulumi.set(self, "reclaim_expired", value)

    @property
    @pulumi.getter(name="mayRemove")
    def may_remove(self) -> Optional[pulumi.Input[Sequence[pulumi.Input[str]]]]:
        """Ids of live secrets that may be deleted when their slot is needed, such as the account's
        initial one. Default: none.
        """
        return pulumi.get(self, "may_remove")  # type: ignore[no-any-return]

    @may_remove.setter
    def may_remove(self, value: Optional[pulumi.Input[Sequence[pulumi.Input[str]]]]) -> None:
        pulumi.set(self, "may_remove", value)

    @property
    @pulumi.getter(name="exclusive")
    def exclusive(self) -> Optional[pulumi.Input[bool]]:
        """Set only if this resource is the account's sole user. When both slots are full, the
        provider may then delete an untracked secret that a killed run left: newer than the recorded
        one, and unused except for its verification. Default: `false`.
        """
        return pulumi.get(self, "exclusive")  # type: ignore[no-any-return]

    @exclusive.setter
    def exclusive(self, value: Optional[pulumi.Input[bool]]) -> None:
        pulumi.set(self, "exclusive", value)

    @property
    @pulumi.getter(name="overlapHours")
    def overlap_hours(self) -> Optional[pulumi.Input[int]]:
        """How long the previous secret stays at least, in hours: 0 to 168, at most the lifetime
        less the window. Default: 24, or the window if that is shorter.
        """
        return pulumi.get(self, "overlap_hours")  # type: ignore[no-any-return]

    @overlap_hours.setter
    def overlap_hours(self, value: Optional[pulumi.Input[int]]) -> None:
        pulumi.set(self, "overlap_hours", value)

    @property
    @pulumi.getter(name="quietHours")
    def quiet_hours(self) -> Optional[pulumi.Input[int]]:
        """After the overlap the previous secret goes once nobody has signed in with it for this
        long, in hours: 0 to 168. 0: at the end of the overlap, used or not. Default: 24, or half of
        the lifetime less the window if that is shorter.
        """
        return pulumi.get(self, "quiet_hours")  # type: ignore[no-any-return]

    @quiet_hours.setter
    def quiet_hours(self, value: Optional[pulumi.Input[int]]) -> None:
        pulumi.set(self, "quiet_hours", value)

    @property
    @pulumi.getter(name="accounts")
    def accounts(self) -> pulumi.Input[Mapping[str, pulumi.Input[ProjectSetAccountArgs]]]:
        """The service accounts, by names of your own: of each its project (or organization) and
        client id, and any input of the rotating resource that differs for it. A changed name
        changes nothing at Atlas; a removed account keeps its secrets for the overlap, and as long
        as they are used.
        """
        return pulumi.get(self, "accounts")  # type: ignore[no-any-return]

    @accounts.setter
    def accounts(self, value: pulumi.Input[Mapping[str, pulumi.Input[ProjectSetAccountArgs]]]) -> None:
        pulumi.set(self, "accounts", value)

    @property
    @pulumi.getter(name="concurrency")
    def concurrency(self) -> Optional[pulumi.Input[int]]:
        """How many accounts are worked on at once: 1 to 64. Default: 16."""
        return pulumi.get(self, "concurrency")  # type: ignore[no-any-return]

    @concurrency.setter
    def concurrency(self, value: Optional[pulumi.Input[int]]) -> None:
        pulumi.set(self, "concurrency", value)


class ProjectServiceAccountSecretSet(pulumi.CustomResource):
    """The secrets of many project service accounts, each rotated in place as by
    `RotatingProjectServiceAccountSecret`: what costs a second for each resource of its own costs
    that once. Accounts fail alone. Any change makes all of `secrets` unknown in a preview: have one
    set for each group of consumers.
    """

    _secret_class = SecretClass(
        "ProjectServiceAccountSecretSet",
        "pulumi-nodejs:dynamic/atlas:ProjectServiceAccountSecretSet",
        'exports.handler = () => require("pulumi-atlas-secrets/handlers").projectSecretSet;',
        True,
        ("secrets",),
        (
            "secret_expires_after_hours",
            "rotate_before_expiry_hours",
            "overlap_hours",
            "quiet_hours",
            "secrets",
            "records",
            "status_counts",
            "removed_records",
        ),
    )

    @overload
    def __init__(
        self,
        resource_name: str,
        args: ProjectServiceAccountSecretSetArgs,
        opts: Optional[pulumi.ResourceOptions] = None,
    ) -> None: ...
    @overload
    def __init__(
        self,
        resource_name: str,
        opts: Optional[pulumi.ResourceOptions] = None,
        *,
        secret_expires_after_hours: pulumi.Input[int],
        accounts: pulumi.Input[Mapping[str, pulumi.Input[ProjectSetAccountArgs]]],
        rotate_before_expiry_hours: Optional[pulumi.Input[int]] = None,
        triggers: Optional[pulumi.Input[Mapping[str, pulumi.Input[Any]]]] = None,
        verify: Optional[pulumi.Input[bool]] = None,
        reclaim_expired: Optional[pulumi.Input[bool]] = None,
        may_remove: Optional[pulumi.Input[Sequence[pulumi.Input[str]]]] = None,
        exclusive: Optional[pulumi.Input[bool]] = None,
        overlap_hours: Optional[pulumi.Input[int]] = None,
        quiet_hours: Optional[pulumi.Input[int]] = None,
        concurrency: Optional[pulumi.Input[int]] = None,
    ) -> None: ...
    def __init__(self, resource_name: str, *args: Any, **kwargs: Any) -> None:
        given, opts = split_arguments(ProjectServiceAccountSecretSetArgs, args, kwargs)
        super().__init__(*prepare(self._secret_class, resource_name, given, opts))

    @property
    @pulumi.getter(name="secretExpiresAfterHours")
    def secret_expires_after_hours(self) -> pulumi.Output[int]:
        """Lifetime in hours, 8 to 8760. A change makes a new secret."""
        return pulumi.get(self, "secret_expires_after_hours")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="rotateBeforeExpiryHours")
    def rotate_before_expiry_hours(self) -> pulumi.Output[int]:
        """The rotation window in hours, less than the lifetime: a `pulumi up` this close to the
        expiry makes a new secret. 0: only once it has expired.
        """
        return pulumi.get(self, "rotate_before_expiry_hours")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="overlapHours")
    def overlap_hours(self) -> pulumi.Output[int]:
        """How long the previous secret stays at least, in hours: 0 to 168, at most the lifetime
        less the window.
        """
        return pulumi.get(self, "overlap_hours")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="quietHours")
    def quiet_hours(self) -> pulumi.Output[int]:
        """After the overlap the previous secret goes once nobody has signed in with it for this
        long, in hours: 0 to 168. 0: at the end of the overlap, used or not.
        """
        return pulumi.get(self, "quiet_hours")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="secrets")
    def secrets(self) -> pulumi.Output[Mapping[str, str]]:
        """The value of each account's current secret, by the account's name. Always a Pulumi
        secret.
        """
        return pulumi.get(self, "secrets")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="records")
    def records(self) -> pulumi.Output[Mapping[str, Mapping[str, Any]]]:
        """What is recorded of each account, by its name, without a value: `audit_records` gives it
        with all names.
        """
        return pulumi.get(self, "records")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="statusCounts")
    def status_counts(self) -> pulumi.Output[Mapping[str, int]]:
        """How many accounts have which status; `account-removed` counts those that left the set and
        still have secrets.
        """
        return pulumi.get(self, "status_counts")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="removedRecords")
    def removed_records(self) -> pulumi.Output[Optional[Mapping[str, Mapping[str, Any]]]]:
        """The same as `records` for accounts that left the set and still have secrets, by owner and
        client id.
        """
        return pulumi.get(self, "removed_records")  # type: ignore[no-any-return]


@pulumi.input_type
class ServiceAccountSecretArgs:
    """Inputs of `ServiceAccountSecret`."""

    def __init__(
        self,
        *,
        org_id: pulumi.Input[str],
        client_id: pulumi.Input[str],
        secret_expires_after_hours: pulumi.Input[int],
        rotate_before_expiry_hours: Optional[pulumi.Input[int]] = None,
        triggers: Optional[pulumi.Input[Mapping[str, pulumi.Input[Any]]]] = None,
        verify: Optional[pulumi.Input[bool]] = None,
        reclaim_expired: Optional[pulumi.Input[bool]] = None,
        may_remove: Optional[pulumi.Input[Sequence[pulumi.Input[str]]]] = None,
        exclusive: Optional[pulumi.Input[bool]] = None,
    ) -> None:
        pulumi.set(self, "org_id", org_id)
        pulumi.set(self, "client_id", client_id)
        pulumi.set(self, "secret_expires_after_hours", secret_expires_after_hours)
        pulumi.set(self, "rotate_before_expiry_hours", rotate_before_expiry_hours)
        pulumi.set(self, "triggers", triggers)
        pulumi.set(self, "verify", verify)
        pulumi.set(self, "reclaim_expired", reclaim_expired)
        pulumi.set(self, "may_remove", may_remove)
        pulumi.set(self, "exclusive", exclusive)

    @property
    @pulumi.getter(name="orgId")
    def org_id(self) -> pulumi.Input[str]:
        """Organization that the service account belongs to: 24 hex digits. A change makes a new
        secret.
        """
        return pulumi.get(self, "org_id")  # type: ignore[no-any-return]

    @org_id.setter
    def org_id(self, value: pulumi.Input[str]) -> None:
        pulumi.set(self, "org_id", value)

    @property
    @pulumi.getter(name="clientId")
    def client_id(self) -> pulumi.Input[str]:
        """Client id of the service account: `mdb_sa_id_` and 24 hex digits. A change makes a new
        secret.
        """
        return pulumi.get(self, "client_id")  # type: ignore[no-any-return]

    @client_id.setter
    def client_id(self, value: pulumi.Input[str]) -> None:
        pulumi.set(self, "client_id", value)

    @property
    @pulumi.getter(name="secretExpiresAfterHours")
    def secret_expires_after_hours(self) -> pulumi.Input[int]:
        """Lifetime in hours, 8 to 8760. A change makes a new secret."""
        return pulumi.get(self, "secret_expires_after_hours")  # type: ignore[no-any-return]

    @secret_expires_after_hours.setter
    def secret_expires_after_hours(self, value: pulumi.Input[int]) -> None:
        pulumi.set(self, "secret_expires_after_hours", value)

    @property
    @pulumi.getter(name="rotateBeforeExpiryHours")
    def rotate_before_expiry_hours(self) -> Optional[pulumi.Input[int]]:
        """The rotation window in hours, less than the lifetime: a `pulumi up` this close to the
        expiry makes a new secret. 0: only once it has expired. Default: a third of the lifetime,
        rounded down.
        """
        return pulumi.get(self, "rotate_before_expiry_hours")  # type: ignore[no-any-return]

    @rotate_before_expiry_hours.setter
    def rotate_before_expiry_hours(self, value: Optional[pulumi.Input[int]]) -> None:
        pulumi.set(self, "rotate_before_expiry_hours", value)

    @property
    @pulumi.getter(name="triggers")
    def triggers(self) -> Optional[pulumi.Input[Mapping[str, pulumi.Input[Any]]]]:
        """Any change of any value makes a new secret. Default: none."""
        return pulumi.get(self, "triggers")  # type: ignore[no-any-return]

    @triggers.setter
    def triggers(self, value: Optional[pulumi.Input[Mapping[str, pulumi.Input[Any]]]]) -> None:
        pulumi.set(self, "triggers", value)

    @property
    @pulumi.getter(name="verify")
    def verify(self) -> Optional[pulumi.Input[bool]]:
        """Whether a new secret is verified by minting an access token before it counts as active.
        Default: `true`.
        """
        return pulumi.get(self, "verify")  # type: ignore[no-any-return]

    @verify.setter
    def verify(self, value: Optional[pulumi.Input[bool]]) -> None:
        pulumi.set(self, "verify", value)

    @property
    @pulumi.getter(name="reclaimExpired")
    def reclaim_expired(self) -> Optional[pulumi.Input[bool]]:
        """Whether an expired secret may be deleted when its slot is needed. Default: `true`."""
        return pulumi.get(self, "reclaim_expired")  # type: ignore[no-any-return]

    @reclaim_expired.setter
    def reclaim_expired(self, value: Optional[pulumi.Input[bool]]) -> None:
        pulumi.set(self, "reclaim_expired", value)

    @property
    @pulumi.getter(name="mayRemove")
    def may_remove(self) -> Optional[pulumi.Input[Sequence[pulumi.Input[str]]]]:
        """Ids of live secrets that may be deleted when their slot is needed, such as the account's
        initial one. Default: none.
        """
        return pulumi.get(self, "may_remove")  # type: ignore[no-any-return]

    @may_remove.setter
    def may_remove(self, value: Optional[pulumi.Input[Sequence[pulumi.Input[str]]]]) -> None:
        pulumi.set(self, "may_remove", value)

    @property
    @pulumi.getter(name="exclusive")
    def exclusive(self) -> Optional[pulumi.Input[bool]]:
        """Set only if this resource is the account's sole user. When both slots are full, the
        provider may then delete an untracked secret that a killed run left: newer than the recorded
        one, and unused except for its verification. Default: `false`.
        """
        return pulumi.get(self, "exclusive")  # type: ignore[no-any-return]

    @exclusive.setter
    def exclusive(self, value: Optional[pulumi.Input[bool]]) -> None:
        pulumi.set(self, "exclusive", value)


class ServiceAccountSecret(pulumi.CustomResource):
    """One secret of an organization service account: the same as `ProjectServiceAccountSecret`, at
    the level of organizations.
    """

    _secret_class = SecretClass(
        "ServiceAccountSecret",
        "pulumi-nodejs:dynamic/atlas:ServiceAccountSecret",
        'exports.handler = () => require("pulumi-atlas-secrets/handlers").organizationSecret;',
        False,
        ("secret",),
        (
            "org_id",
            "client_id",
            "secret_expires_after_hours",
            "rotate_before_expiry_hours",
            "secret",
            "secret_id",
            "masked_secret_value",
            "status",
            "created_at",
            "expires_at",
            "rotate_after",
            "verified_at",
            "last_used_at",
        ),
    )

    @overload
    def __init__(
        self,
        resource_name: str,
        args: ServiceAccountSecretArgs,
        opts: Optional[pulumi.ResourceOptions] = None,
    ) -> None: ...
    @overload
    def __init__(
        self,
        resource_name: str,
        opts: Optional[pulumi.ResourceOptions] = None,
        *,
        org_id: pulumi.Input[str],
        client_id: pulumi.Input[str],
        secret_expires_after_hours: pulumi.Input[int],
        rotate_before_expiry_hours: Optional[pulumi.Input[int]] = None,
        triggers: Optional[pulumi.Input[Mapping[str, pulumi.Input[Any]]]] = None,
        verify: Optional[pulumi.Input[bool]] = None,
        reclaim_expired: Optional[pulumi.Input[bool]] = None,
        may_remove: Optional[pulumi.Input[Sequence[pulumi.Input[str]]]] = None,
        exclusive: Optional[pulumi.Input[bool]] = None,
    ) -> None: ...
    def __init__(self, resource_name: str, *args: Any, **kwargs: Any) -> None:
        given, opts = split_arguments(ServiceAccountSecretArgs, args, kwargs)
        super().__init__(*prepare(self._secret_class, resource_name, given, opts))

    @property
    @pulumi.getter(name="orgId")
    def org_id(self) -> pulumi.Output[str]:
        """Organization that the service account belongs to: 24 hex digits. A change makes a new
        secret.
        """
        return pulumi.get(self, "org_id")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="clientId")
    def client_id(self) -> pulumi.Output[str]:
        """Client id of the service account: `mdb_sa_id_` and 24 hex digits. A change makes a new
        secret.
        """
        return pulumi.get(self, "client_id")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="secretExpiresAfterHours")
    def secret_expires_after_hours(self) -> pulumi.Output[int]:
        """Lifetime in hours, 8 to 8760. A change makes a new secret."""
        return pulumi.get(self, "secret_expires_after_hours")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="rotateBeforeExpiryHours")
    def rotate_before_expiry_hours(self) -> pulumi.Output[int]:
        """The rotation window in hours, less than the lifetime: a `pulumi up` this close to the
        expiry makes a new secret. 0: only once it has expired.
        """
        return pulumi.get(self, "rotate_before_expiry_hours")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="secret")
    def secret(self) -> pulumi.Output[str]:
        """The value. Always a Pulumi secret."""
        return pulumi.get(self, "secret")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="secretId")
    def secret_id(self) -> pulumi.Output[str]:
        """Id of the secret at Atlas: 24 hex digits. Not confidential."""
        return pulumi.get(self, "secret_id")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="maskedSecretValue")
    def masked_secret_value(self) -> pulumi.Output[str]:
        """The value's last four characters behind a mask."""
        return pulumi.get(self, "masked_secret_value")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="status")
    def status(self) -> pulumi.Output[str]:
        """`active`, `pending-verification`, `rejected`, or `account-unassigned` (a refresh did not
        find the account where it belongs); of a rotating resource also `overlapping` or
        `current-missing`, and never `rejected`.
        """
        return pulumi.get(self, "status")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="createdAt")
    def created_at(self) -> pulumi.Output[str]:
        """When Atlas created it, ISO 8601, UTC."""
        return pulumi.get(self, "created_at")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="expiresAt")
    def expires_at(self) -> pulumi.Output[str]:
        """When it stops working, ISO 8601, UTC. Atlas shortens it when another secret of the
        account is created.
        """
        return pulumi.get(self, "expires_at")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="rotateAfter")
    def rotate_after(self) -> pulumi.Output[str]:
        """From when on `pulumi up` makes a new one, ISO 8601, UTC."""
        return pulumi.get(self, "rotate_after")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="verifiedAt")
    def verified_at(self) -> pulumi.Output[Optional[str]]:
        """When it was verified; absent when it was not."""
        return pulumi.get(self, "verified_at")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="lastUsedAt")
    def last_used_at(self) -> pulumi.Output[Optional[str]]:
        """When a token was last minted with it, as of the last refresh; absent until then."""
        return pulumi.get(self, "last_used_at")  # type: ignore[no-any-return]


@pulumi.input_type
class RotatingServiceAccountSecretArgs:
    """Inputs of `RotatingServiceAccountSecret`."""

    def __init__(
        self,
        *,
        org_id: pulumi.Input[str],
        client_id: pulumi.Input[str],
        secret_expires_after_hours: pulumi.Input[int],
        rotate_before_expiry_hours: Optional[pulumi.Input[int]] = None,
        triggers: Optional[pulumi.Input[Mapping[str, pulumi.Input[Any]]]] = None,
        verify: Optional[pulumi.Input[bool]] = None,
        reclaim_expired: Optional[pulumi.Input[bool]] = None,
        may_remove: Optional[pulumi.Input[Sequence[pulumi.Input[str]]]] = None,
        exclusive: Optional[pulumi.Input[bool]] = None,
        overlap_hours: Optional[pulumi.Input[int]] = None,
        quiet_hours: Optional[pulumi.Input[int]] = None,
    ) -> None:
        pulumi.set(self, "org_id", org_id)
        pulumi.set(self, "client_id", client_id)
        pulumi.set(self, "secret_expires_after_hours", secret_expires_after_hours)
        pulumi.set(self, "rotate_before_expiry_hours", rotate_before_expiry_hours)
        pulumi.set(self, "triggers", triggers)
        pulumi.set(self, "verify", verify)
        pulumi.set(self, "reclaim_expired", reclaim_expired)
        pulumi.set(self, "may_remove", may_remove)
        pulumi.set(self, "exclusive", exclusive)
        pulumi.set(self, "overlap_hours", overlap_hours)
        pulumi.set(self, "quiet_hours", quiet_hours)

    @property
    @pulumi.getter(name="orgId")
    def org_id(self) -> pulumi.Input[str]:
        """Organization that the service account belongs to: 24 hex digits. A change makes a new
        secret.
        """
        return pulumi.get(self, "org_id")  # type: ignore[no-any-return]

    @org_id.setter
    def org_id(self, value: pulumi.Input[str]) -> None:
        pulumi.set(self, "org_id", value)

    @property
    @pulumi.getter(name="clientId")
    def client_id(self) -> pulumi.Input[str]:
        """Client id of the service account: `mdb_sa_id_` and 24 hex digits. A change makes a new
        secret.
        """
        return pulumi.get(self, "client_id")  # type: ignore[no-any-return]

    @client_id.setter
    def client_id(self, value: pulumi.Input[str]) -> None:
        pulumi.set(self, "client_id", value)

    @property
    @pulumi.getter(name="secretExpiresAfterHours")
    def secret_expires_after_hours(self) -> pulumi.Input[int]:
        """Lifetime in hours, 8 to 8760. A change makes a new secret."""
        return pulumi.get(self, "secret_expires_after_hours")  # type: ignore[no-any-return]

    @secret_expires_after_hours.setter
    def secret_expires_after_hours(self, value: pulumi.Input[int]) -> None:
        pulumi.set(self, "secret_expires_after_hours", value)

    @property
    @pulumi.getter(name="rotateBeforeExpiryHours")
    def rotate_before_expiry_hours(self) -> Optional[pulumi.Input[int]]:
        """The rotation window in hours, less than the lifetime: a `pulumi up` this close to the
        expiry makes a new secret. 0: only once it has expired. Default: a third of the lifetime,
        rounded down.
        """
        return pulumi.get(self, "rotate_before_expiry_hours")  # type: ignore[no-any-return]

    @rotate_before_expiry_hours.setter
    def rotate_before_expiry_hours(self, value: Optional[pulumi.Input[int]]) -> None:
        pulumi.set(self, "rotate_before_expiry_hours", value)

    @property
    @pulumi.getter(name="triggers")
    def triggers(self) -> Optional[pulumi.Input[Mapping[str, pulumi.Input[Any]]]]:
        """Any change of any value makes a new secret. Default: none."""
        return pulumi.get(self, "triggers")  # type: ignore[no-any-return]

    @triggers.setter
    def triggers(self, value: Optional[pulumi.Input[Mapping[str, pulumi.Input[Any]]]]) -> None:
        pulumi.set(self, "triggers", value)

    @property
    @pulumi.getter(name="verify")
    def verify(self) -> Optional[pulumi.Input[bool]]:
        """Whether a new secret is verified by minting an access token before it counts as active.
        Default: `true`.
        """
        return pulumi.get(self, "verify")  # type: ignore[no-any-return]

    @verify.setter
    def verify(self, value: Optional[pulumi.Input[bool]]) -> None:
        pulumi.set(self, "verify", value)

    @property
    @pulumi.getter(name="reclaimExpired")
    def reclaim_expired(self) -> Optional[pulumi.Input[bool]]:
        """Whether an expired secret may be deleted when its slot is needed. Default: `true`."""
        return pulumi.get(self, "reclaim_expired")  # type: ignore[no-any-return]

    @reclaim_expired.setter
    def reclaim_expired(self, value: Optional[pulumi.Input[bool]]) -> None:
        pulumi.set(self, "reclaim_expired", value)

    @property
    @pulumi.getter(name="mayRemove")
    def may_remove(self) -> Optional[pulumi.Input[Sequence[pulumi.Input[str]]]]:
        """Ids of live secrets that may be deleted when their slot is needed, such as the account's
        initial one. Default: none.
        """
        return pulumi.get(self, "may_remove")  # type: ignore[no-any-return]

    @may_remove.setter
    def may_remove(self, value: Optional[pulumi.Input[Sequence[pulumi.Input[str]]]]) -> None:
        pulumi.set(self, "may_remove", value)

    @property
    @pulumi.getter(name="exclusive")
    def exclusive(self) -> Optional[pulumi.Input[bool]]:
        """Set only if this resource is the account's sole user. When both slots are full, the
        provider may then delete an untracked secret that a killed run left: newer than the recorded
        one, and unused except for its verification. Default: `false`.
        """
        return pulumi.get(self, "exclusive")  # type: ignore[no-any-return]

    @exclusive.setter
    def exclusive(self, value: Optional[pulumi.Input[bool]]) -> None:
        pulumi.set(self, "exclusive", value)

    @property
    @pulumi.getter(name="overlapHours")
    def overlap_hours(self) -> Optional[pulumi.Input[int]]:
        """How long the previous secret stays at least, in hours: 0 to 168, at most the lifetime
        less the window. Default: 24, or the window if that is shorter.
        """
        return pulumi.get(self, "overlap_hours")  # type: ignore[no-any-return]

    @overlap_hours.setter
    def overlap_hours(self, value: Optional[pulumi.Input[int]]) -> None:
        pulumi.set(self, "overlap_hours", value)

    @property
    @pulumi.getter(name="quietHours")
    def quiet_hours(self) -> Optional[pulumi.Input[int]]:
        """After the overlap the previous secret goes once nobody has signed in with it for this
        long, in hours: 0 to 168. 0: at the end of the overlap, used or not. Default: 24, or half of
        the lifetime less the window if that is shorter.
        """
        return pulumi.get(self, "quiet_hours")  # type: ignore[no-any-return]

    @quiet_hours.setter
    def quiet_hours(self, value: Optional[pulumi.Input[int]]) -> None:
        pulumi.set(self, "quiet_hours", value)


class RotatingServiceAccountSecret(pulumi.CustomResource):
    """The secret of an organization service account: the same as
    `RotatingProjectServiceAccountSecret`, at the level of organizations.
    """

    _secret_class = SecretClass(
        "RotatingServiceAccountSecret",
        "pulumi-nodejs:dynamic/atlas:RotatingServiceAccountSecret",
        'exports.handler = () => require("pulumi-atlas-secrets/handlers").rotatingOrganizationSecret;',
        True,
        ("secret", "pendingSecret",),
        (
            "org_id",
            "client_id",
            "secret_expires_after_hours",
            "rotate_before_expiry_hours",
            "overlap_hours",
            "quiet_hours",
            "secret",
            "secret_id",
            "masked_secret_value",
            "status",
            "created_at",
            "expires_at",
            "rotate_after",
            "verified_at",
            "last_used_at",
            "generation",
            "promoted_at",
            "previous_secret_id",
            "previous_expires_at",
            "previous_last_used_at",
            "retire_after",
            "pending_secret_id",
            "pending_secret",
        ),
    )

    @overload
    def __init__(
        self,
        resource_name: str,
        args: RotatingServiceAccountSecretArgs,
        opts: Optional[pulumi.ResourceOptions] = None,
    ) -> None: ...
    @overload
    def __init__(
        self,
        resource_name: str,
        opts: Optional[pulumi.ResourceOptions] = None,
        *,
        org_id: pulumi.Input[str],
        client_id: pulumi.Input[str],
        secret_expires_after_hours: pulumi.Input[int],
        rotate_before_expiry_hours: Optional[pulumi.Input[int]] = None,
        triggers: Optional[pulumi.Input[Mapping[str, pulumi.Input[Any]]]] = None,
        verify: Optional[pulumi.Input[bool]] = None,
        reclaim_expired: Optional[pulumi.Input[bool]] = None,
        may_remove: Optional[pulumi.Input[Sequence[pulumi.Input[str]]]] = None,
        exclusive: Optional[pulumi.Input[bool]] = None,
        overlap_hours: Optional[pulumi.Input[int]] = None,
        quiet_hours: Optional[pulumi.Input[int]] = None,
    ) -> None: ...
    def __init__(self, resource_name: str, *args: Any, **kwargs: Any) -> None:
        given, opts = split_arguments(RotatingServiceAccountSecretArgs, args, kwargs)
        super().__init__(*prepare(self._secret_class, resource_name, given, opts))

    @property
    @pulumi.getter(name="orgId")
    def org_id(self) -> pulumi.Output[str]:
        """Organization that the service account belongs to: 24 hex digits. A change makes a new
        secret.
        """
        return pulumi.get(self, "org_id")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="clientId")
    def client_id(self) -> pulumi.Output[str]:
        """Client id of the service account: `mdb_sa_id_` and 24 hex digits. A change makes a new
        secret.
        """
        return pulumi.get(self, "client_id")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="secretExpiresAfterHours")
    def secret_expires_after_hours(self) -> pulumi.Output[int]:
        """Lifetime in hours, 8 to 8760. A change makes a new secret."""
        return pulumi.get(self, "secret_expires_after_hours")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="rotateBeforeExpiryHours")
    def rotate_before_expiry_hours(self) -> pulumi.Output[int]:
        """The rotation window in hours, less than the lifetime: a `pulumi up` this close to the
        expiry makes a new secret. 0: only once it has expired.
        """
        return pulumi.get(self, "rotate_before_expiry_hours")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="overlapHours")
    def overlap_hours(self) -> pulumi.Output[int]:
        """How long the previous secret stays at least, in hours: 0 to 168, at most the lifetime
        less the window.
        """
        return pulumi.get(self, "overlap_hours")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="quietHours")
    def quiet_hours(self) -> pulumi.Output[int]:
        """After the overlap the previous secret goes once nobody has signed in with it for this
        long, in hours: 0 to 168. 0: at the end of the overlap, used or not.
        """
        return pulumi.get(self, "quiet_hours")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="secret")
    def secret(self) -> pulumi.Output[str]:
        """The value. Always a Pulumi secret."""
        return pulumi.get(self, "secret")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="secretId")
    def secret_id(self) -> pulumi.Output[str]:
        """Id of the secret at Atlas: 24 hex digits. Not confidential."""
        return pulumi.get(self, "secret_id")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="maskedSecretValue")
    def masked_secret_value(self) -> pulumi.Output[str]:
        """The value's last four characters behind a mask."""
        return pulumi.get(self, "masked_secret_value")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="status")
    def status(self) -> pulumi.Output[str]:
        """`active`, `pending-verification`, `rejected`, or `account-unassigned` (a refresh did not
        find the account where it belongs); of a rotating resource also `overlapping` or
        `current-missing`, and never `rejected`.
        """
        return pulumi.get(self, "status")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="createdAt")
    def created_at(self) -> pulumi.Output[str]:
        """When Atlas created it, ISO 8601, UTC."""
        return pulumi.get(self, "created_at")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="expiresAt")
    def expires_at(self) -> pulumi.Output[str]:
        """When it stops working, ISO 8601, UTC. Atlas shortens it when another secret of the
        account is created.
        """
        return pulumi.get(self, "expires_at")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="rotateAfter")
    def rotate_after(self) -> pulumi.Output[str]:
        """From when on `pulumi up` makes a new one, ISO 8601, UTC."""
        return pulumi.get(self, "rotate_after")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="verifiedAt")
    def verified_at(self) -> pulumi.Output[Optional[str]]:
        """When it was verified; absent when it was not."""
        return pulumi.get(self, "verified_at")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="lastUsedAt")
    def last_used_at(self) -> pulumi.Output[Optional[str]]:
        """When a token was last minted with it, as of the last refresh; absent until then."""
        return pulumi.get(self, "last_used_at")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="generation")
    def generation(self) -> pulumi.Output[int]:
        """How many secrets were current so far, this one included: 1 for the first."""
        return pulumi.get(self, "generation")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="promotedAt")
    def promoted_at(self) -> pulumi.Output[str]:
        """When the current secret was promoted, ISO 8601, UTC: the first run that handed it out
        without failing.
        """
        return pulumi.get(self, "promoted_at")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="previousSecretId")
    def previous_secret_id(self) -> pulumi.Output[Optional[str]]:
        """Id of the secret that was current before, as long as it is there."""
        return pulumi.get(self, "previous_secret_id")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="previousExpiresAt")
    def previous_expires_at(self) -> pulumi.Output[Optional[str]]:
        """When the previous secret stops working, ISO 8601, UTC."""
        return pulumi.get(self, "previous_expires_at")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="previousLastUsedAt")
    def previous_last_used_at(self) -> pulumi.Output[Optional[str]]:
        """When a token was last minted with the previous secret, as of the last run that asked
        Atlas.
        """
        return pulumi.get(self, "previous_last_used_at")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="retireAfter")
    def retire_after(self) -> pulumi.Output[Optional[str]]:
        """From when on `pulumi up` deletes the previous secret once it has been quiet for
        `quiet_hours`, ISO 8601, UTC.
        """
        return pulumi.get(self, "retire_after")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="pendingSecretId")
    def pending_secret_id(self) -> pulumi.Output[Optional[str]]:
        """Id of a new secret that is not verified yet."""
        return pulumi.get(self, "pending_secret_id")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="pendingSecret")
    def pending_secret(self) -> pulumi.Output[Optional[str]]:
        """The value of the pending secret. Always a Pulumi secret."""
        return pulumi.get(self, "pending_secret")  # type: ignore[no-any-return]


@pulumi.input_type
class ServiceAccountSecretSetArgs:
    """Inputs of `ServiceAccountSecretSet`."""

    def __init__(
        self,
        *,
        secret_expires_after_hours: pulumi.Input[int],
        accounts: pulumi.Input[Mapping[str, pulumi.Input[OrganizationSetAccountArgs]]],
        rotate_before_expiry_hours: Optional[pulumi.Input[int]] = None,
        triggers: Optional[pulumi.Input[Mapping[str, pulumi.Input[Any]]]] = None,
        verify: Optional[pulumi.Input[bool]] = None,
        reclaim_expired: Optional[pulumi.Input[bool]] = None,
        may_remove: Optional[pulumi.Input[Sequence[pulumi.Input[str]]]] = None,
        exclusive: Optional[pulumi.Input[bool]] = None,
        overlap_hours: Optional[pulumi.Input[int]] = None,
        quiet_hours: Optional[pulumi.Input[int]] = None,
        concurrency: Optional[pulumi.Input[int]] = None,
    ) -> None:
        pulumi.set(self, "secret_expires_after_hours", secret_expires_after_hours)
        pulumi.set(self, "rotate_before_expiry_hours", rotate_before_expiry_hours)
        pulumi.set(self, "triggers", triggers)
        pulumi.set(self, "verify", verify)
        pulumi.set(self, "reclaim_expired", reclaim_expired)
        pulumi.set(self, "may_remove", may_remove)
        pulumi.set(self, "exclusive", exclusive)
        pulumi.set(self, "overlap_hours", overlap_hours)
        pulumi.set(self, "quiet_hours", quiet_hours)
        pulumi.set(self, "accounts", accounts)
        pulumi.set(self, "concurrency", concurrency)

    @property
    @pulumi.getter(name="secretExpiresAfterHours")
    def secret_expires_after_hours(self) -> pulumi.Input[int]:
        """Lifetime in hours, 8 to 8760. A change makes a new secret."""
        return pulumi.get(self, "secret_expires_after_hours")  # type: ignore[no-any-return]

    @secret_expires_after_hours.setter
    def secret_expires_after_hours(self, value: pulumi.Input[int]) -> None:
        pulumi.set(self, "secret_expires_after_hours", value)

    @property
    @pulumi.getter(name="rotateBeforeExpiryHours")
    def rotate_before_expiry_hours(self) -> Optional[pulumi.Input[int]]:
        """The rotation window in hours, less than the lifetime: a `pulumi up` this close to the
        expiry makes a new secret. 0: only once it has expired. Default: a third of the lifetime,
        rounded down.
        """
        return pulumi.get(self, "rotate_before_expiry_hours")  # type: ignore[no-any-return]

    @rotate_before_expiry_hours.setter
    def rotate_before_expiry_hours(self, value: Optional[pulumi.Input[int]]) -> None:
        pulumi.set(self, "rotate_before_expiry_hours", value)

    @property
    @pulumi.getter(name="triggers")
    def triggers(self) -> Optional[pulumi.Input[Mapping[str, pulumi.Input[Any]]]]:
        """Any change of any value makes a new secret. Default: none."""
        return pulumi.get(self, "triggers")  # type: ignore[no-any-return]

    @triggers.setter
    def triggers(self, value: Optional[pulumi.Input[Mapping[str, pulumi.Input[Any]]]]) -> None:
        pulumi.set(self, "triggers", value)

    @property
    @pulumi.getter(name="verify")
    def verify(self) -> Optional[pulumi.Input[bool]]:
        """Whether a new secret is verified by minting an access token before it counts as active.
        Default: `true`.
        """
        return pulumi.get(self, "verify")  # type: ignore[no-any-return]

    @verify.setter
    def verify(self, value: Optional[pulumi.Input[bool]]) -> None:
        pulumi.set(self, "verify", value)

    @property
    @pulumi.getter(name="reclaimExpired")
    def reclaim_expired(self) -> Optional[pulumi.Input[bool]]:
        """Whether an expired secret may be deleted when its slot is needed. Default: `true`."""
        return pulumi.get(self, "reclaim_expired")  # type: ignore[no-any-return]

    @reclaim_expired.setter
    def reclaim_expired(self, value: Optional[pulumi.Input[bool]]) -> None:
        pulumi.set(self, "reclaim_expired", value)

    @property
    @pulumi.getter(name="mayRemove")
    def may_remove(self) -> Optional[pulumi.Input[Sequence[pulumi.Input[str]]]]:
        """Ids of live secrets that may be deleted when their slot is needed, such as the account's
        initial one. Default: none.
        """
        return pulumi.get(self, "may_remove")  # type: ignore[no-any-return]

    @may_remove.setter
    def may_remove(self, value: Optional[pulumi.Input[Sequence[pulumi.Input[str]]]]) -> None:
        pulumi.set(self, "may_remove", value)

    @property
    @pulumi.getter(name="exclusive")
    def exclusive(self) -> Optional[pulumi.Input[bool]]:
        """Set only if this resource is the account's sole user. When both slots are full, the
        provider may then delete an untracked secret that a killed run left: newer than the recorded
        one, and unused except for its verification. Default: `false`.
        """
        return pulumi.get(self, "exclusive")  # type: ignore[no-any-return]

    @exclusive.setter
    def exclusive(self, value: Optional[pulumi.Input[bool]]) -> None:
        pulumi.set(self, "exclusive", value)

    @property
    @pulumi.getter(name="overlapHours")
    def overlap_hours(self) -> Optional[pulumi.Input[int]]:
        """How long the previous secret stays at least, in hours: 0 to 168, at most the lifetime
        less the window. Default: 24, or the window if that is shorter.
        """
        return pulumi.get(self, "overlap_hours")  # type: ignore[no-any-return]

    @overlap_hours.setter
    def overlap_hours(self, value: Optional[pulumi.Input[int]]) -> None:
        pulumi.set(self, "overlap_hours", value)

    @property
    @pulumi.getter(name="quietHours")
    def quiet_hours(self) -> Optional[pulumi.Input[int]]:
        """After the overlap the previous secret goes once nobody has signed in with it for this
        long, in hours: 0 to 168. 0: at the end of the overlap, used or not. Default: 24, or half of
        the lifetime less the window if that is shorter.
        """
        return pulumi.get(self, "quiet_hours")  # type: ignore[no-any-return]

    @quiet_hours.setter
    def quiet_hours(self, value: Optional[pulumi.Input[int]]) -> None:
        pulumi.set(self, "quiet_hours", value)

    @property
    @pulumi.getter(name="accounts")
    def accounts(self) -> pulumi.Input[Mapping[str, pulumi.Input[OrganizationSetAccountArgs]]]:
        """The service accounts, by names of your own: of each its project (or organization) and
        client id, and any input of the rotating resource that differs for it. A changed name
        changes nothing at Atlas; a removed account keeps its secrets for the overlap, and as long
        as they are used.
        """
        return pulumi.get(self, "accounts")  # type: ignore[no-any-return]

    @accounts.setter
    def accounts(self, value: pulumi.Input[Mapping[str, pulumi.Input[OrganizationSetAccountArgs]]]) -> None:
        pulumi.set(self, "accounts", value)

    @property
    @pulumi.getter(name="concurrency")
    def concurrency(self) -> Optional[pulumi.Input[int]]:
        """How many accounts are worked on at once: 1 to 64. Default: 16."""
        return pulumi.get(self, "concurrency")  # type: ignore[no-any-return]

    @concurrency.setter
    def concurrency(self, value: Optional[pulumi.Input[int]]) -> None:
        pulumi.set(self, "concurrency", value)


class ServiceAccountSecretSet(pulumi.CustomResource):
    """The secrets of many organization service accounts: the same as
    `ProjectServiceAccountSecretSet`, at the level of organizations.
    """

    _secret_class = SecretClass(
        "ServiceAccountSecretSet",
        "pulumi-nodejs:dynamic/atlas:ServiceAccountSecretSet",
        'exports.handler = () => require("pulumi-atlas-secrets/handlers").organizationSecretSet;',
        True,
        ("secrets",),
        (
            "secret_expires_after_hours",
            "rotate_before_expiry_hours",
            "overlap_hours",
            "quiet_hours",
            "secrets",
            "records",
            "status_counts",
            "removed_records",
        ),
    )

    @overload
    def __init__(
        self,
        resource_name: str,
        args: ServiceAccountSecretSetArgs,
        opts: Optional[pulumi.ResourceOptions] = None,
    ) -> None: ...
    @overload
    def __init__(
        self,
        resource_name: str,
        opts: Optional[pulumi.ResourceOptions] = None,
        *,
        secret_expires_after_hours: pulumi.Input[int],
        accounts: pulumi.Input[Mapping[str, pulumi.Input[OrganizationSetAccountArgs]]],
        rotate_before_expiry_hours: Optional[pulumi.Input[int]] = None,
        triggers: Optional[pulumi.Input[Mapping[str, pulumi.Input[Any]]]] = None,
        verify: Optional[pulumi.Input[bool]] = None,
        reclaim_expired: Optional[pulumi.Input[bool]] = None,
        may_remove: Optional[pulumi.Input[Sequence[pulumi.Input[str]]]] = None,
        exclusive: Optional[pulumi.Input[bool]] = None,
        overlap_hours: Optional[pulumi.Input[int]] = None,
        quiet_hours: Optional[pulumi.Input[int]] = None,
        concurrency: Optional[pulumi.Input[int]] = None,
    ) -> None: ...
    def __init__(self, resource_name: str, *args: Any, **kwargs: Any) -> None:
        given, opts = split_arguments(ServiceAccountSecretSetArgs, args, kwargs)
        super().__init__(*prepare(self._secret_class, resource_name, given, opts))

    @property
    @pulumi.getter(name="secretExpiresAfterHours")
    def secret_expires_after_hours(self) -> pulumi.Output[int]:
        """Lifetime in hours, 8 to 8760. A change makes a new secret."""
        return pulumi.get(self, "secret_expires_after_hours")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="rotateBeforeExpiryHours")
    def rotate_before_expiry_hours(self) -> pulumi.Output[int]:
        """The rotation window in hours, less than the lifetime: a `pulumi up` this close to the
        expiry makes a new secret. 0: only once it has expired.
        """
        return pulumi.get(self, "rotate_before_expiry_hours")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="overlapHours")
    def overlap_hours(self) -> pulumi.Output[int]:
        """How long the previous secret stays at least, in hours: 0 to 168, at most the lifetime
        less the window.
        """
        return pulumi.get(self, "overlap_hours")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="quietHours")
    def quiet_hours(self) -> pulumi.Output[int]:
        """After the overlap the previous secret goes once nobody has signed in with it for this
        long, in hours: 0 to 168. 0: at the end of the overlap, used or not.
        """
        return pulumi.get(self, "quiet_hours")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="secrets")
    def secrets(self) -> pulumi.Output[Mapping[str, str]]:
        """The value of each account's current secret, by the account's name. Always a Pulumi
        secret.
        """
        return pulumi.get(self, "secrets")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="records")
    def records(self) -> pulumi.Output[Mapping[str, Mapping[str, Any]]]:
        """What is recorded of each account, by its name, without a value: `audit_records` gives it
        with all names.
        """
        return pulumi.get(self, "records")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="statusCounts")
    def status_counts(self) -> pulumi.Output[Mapping[str, int]]:
        """How many accounts have which status; `account-removed` counts those that left the set and
        still have secrets.
        """
        return pulumi.get(self, "status_counts")  # type: ignore[no-any-return]

    @property
    @pulumi.getter(name="removedRecords")
    def removed_records(self) -> pulumi.Output[Optional[Mapping[str, Mapping[str, Any]]]]:
        """The same as `records` for accounts that left the set and still have secrets, by owner and
        client id.
        """
        return pulumi.get(self, "removed_records")  # type: ignore[no-any-return]
