"""A consumer of a service account secret: signs in to Atlas with it. A real program puts it into a secret of Kubernetes, a variable of a
CI or a secret store in this place."""

import base64
import os
import urllib.request

import pulumi


def sign_in(client_id: str, secret: str) -> bool:
    """Runs in every `pulumi up`, and in no preview. What it raises fails the run, and nothing is deleted."""
    if pulumi.runtime.is_dry_run():
        return True
    base_url = pulumi.Config("mongodbatlas").get("baseUrl") or os.environ.get("MONGODB_ATLAS_BASE_URL")
    pair = base64.b64encode(f"{client_id}:{secret}".encode()).decode()
    request = urllib.request.Request(
        f"{base_url or 'https://cloud.mongodb.com'}/api/oauth/token",
        data=b"grant_type=client_credentials",
        headers={"Accept": "application/json", "Authorization": f"Basic {pair}"},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return bool(answer.status == 200)
