import json
import os

import pulumi


class Backend(pulumi.ComponentResource):
    secret: pulumi.Output[str]

    def __init__(self, name: str, args: pulumi.Inputs) -> None:
        super().__init__("shop:index:Backend", name, {**args, "secret": None}, None, True)


for name, args in json.loads(os.environ["PROGRAM"]).items():
    pulumi.export(name, Backend(name, args).secret)
