"""What the sessions beside this file share: claims that hold or end the program, and the count of them at its end."""

import json

_held = []


def holds(name, claim):
    if not claim:
        raise SystemExit(f"does not hold: {name}")
    _held.append(name)


def fails(name, kind, call):
    """Holds when the call raises that kind of error, which is given back."""
    try:
        call()
    except kind as error:
        _held.append(name)
        return error
    raise SystemExit(f"was no {kind.__name__}: {name}")


def tell():
    """The last line of a session: how many claims held."""
    print(json.dumps({"held": len(_held)}))
