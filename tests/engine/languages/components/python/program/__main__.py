import json
import os

import pulumi


class Backend(pulumi.ComponentResource):
    secret: pulumi.Output[str]

    def __init__(self, name: str) -> None:
        inputs = {**json.loads(os.environ["PROGRAM"]), "secret": None}
        super().__init__("shop:index:Backend", name, inputs, None, True)


pulumi.export("secret", Backend("backend").secret)
