"""An explicit provider: another Atlas organization, or another credential, beside the stack's own."""

from typing import Any, Optional

import pulumi
from pulumi.runtime.config import get_config

from ._constants import (
    AUTONAMING_KEY,
    BASE_URL,
    CONFIDENTIAL_SETTINGS,
    CONFIG_NAMESPACE,
    EXPLICIT_KEY,
    GOVERNMENT_BASE_URL,
    PROVIDER_PACKAGE,
)


class AtlasProvider(pulumi.ProviderResource):
    """A provider with its own credential, for the option `provider` of the resources of this package. The credential counts as a whole
    and never comes from anywhere else; the base URL falls back to the stack's."""

    def __init__(
        self,
        resource_name: str,
        opts: Optional[pulumi.ResourceOptions] = None,
        *,
        client_id: Optional[pulumi.Input[str]] = None,
        client_secret: Optional[pulumi.Input[str]] = None,
        public_key: Optional[pulumi.Input[str]] = None,
        private_key: Optional[pulumi.Input[str]] = None,
        access_token: Optional[pulumi.Input[str]] = None,
        base_url: Optional[pulumi.Input[str]] = None,
        is_mongodbgov_cloud: Optional[pulumi.Input[bool]] = None,
    ) -> None:
        """Give one whole credential; anything else is refused when it is used.

        :param client_id: of a service account that is Project Owner, or Organization Owner; with `client_secret`
        :param client_secret: kept encrypted whether or not it is given as a secret
        :param public_key: of an API key; with `private_key`
        :param private_key: kept encrypted whether or not it is given as a secret
        :param access_token: kept encrypted whether or not it is given as a secret
        :param base_url: default: the stack's `mongodbatlas:baseUrl`, its `isMongodbgovCloud`, the environment, then
            `https://cloud.mongodb.com`
        :param is_mongodbgov_cloud: true: `https://cloud.mongodbgov.com`; false: `https://cloud.mongodb.com`, whatever the stack says;
            `base_url` comes first
        """
        credential = {
            "accessToken": access_token,
            "clientId": client_id,
            "clientSecret": client_secret,
            "publicKey": public_key,
            "privateKey": private_key,
        }
        given: dict[str, Any] = {
            key: pulumi.Output.secret(value) if key in CONFIDENTIAL_SETTINGS else value
            for key, value in credential.items()
            if value is not None
        }
        given["baseUrl"] = base_url if base_url is not None else _fall_back(is_mongodbgov_cloud)
        given[EXPLICIT_KEY] = resource_name
        # The handler is told of the stack's own settings by the default provider alone.
        given["autonaming"] = get_config(AUTONAMING_KEY)
        properties = {f"{CONFIG_NAMESPACE}:{key}": value for key, value in given.items()}
        super().__init__(PROVIDER_PACKAGE, resource_name, properties, opts)


def _fall_back(is_mongodbgov_cloud: Optional[pulumi.Input[bool]]) -> Optional[pulumi.Input[str]]:
    if is_mongodbgov_cloud is not None:
        return pulumi.Output.from_input(is_mongodbgov_cloud).apply(_to_cloud)
    url: Optional[str] = get_config(f"{CONFIG_NAMESPACE}:baseUrl")
    flag: Optional[str] = get_config(f"{CONFIG_NAMESPACE}:isMongodbgovCloud")
    if url is not None or flag is None:
        return url
    return _to_cloud(flag == "true")


def _to_cloud(is_government: bool) -> str:
    return GOVERNMENT_BASE_URL if is_government else BASE_URL
