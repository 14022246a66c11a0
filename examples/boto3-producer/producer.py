"""Sends web events to a delivery stream, one PutRecord an event, and says how many were acknowledged.

    python producer.py [--stream egd-how] [--seconds 60]

Without --seconds it sends the eight events below. With it, fake-web-events (pip install fake-web-events) plays a
website for that long. Endpoint and keys are boto3's own affair: eval "$(lakelet env)" sets them.
"""

import argparse
import json
import uuid

import boto3

PAGES = ["/home", "/product_a", "/cart", "/home", "/product_b", "/cart", "/payment", "/confirmation"]


def own_events():
    for second, page in enumerate(PAGES):
        yield {
            "event_id": str(uuid.uuid4()),
            "event_timestamp": f"2026-01-01 12:00:0{second}.000000",
            "event_type": "pageview",
            "page_url_path": page,
        }


def simulated_events(seconds):
    from fake_web_events import Simulation

    return Simulation(user_pool_size=100, sessions_per_day=100_000).run(duration_seconds=seconds)


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--stream", default="egd-how")
    arguments.add_argument("--seconds", type=int)
    given = arguments.parse_args()

    firehose = boto3.client("firehose")
    acknowledged = 0
    for event in own_events() if given.seconds is None else simulated_events(given.seconds):
        line = json.dumps(event) + "\n"
        firehose.put_record(DeliveryStreamName=given.stream, Record={"Data": line.encode()})
        acknowledged += 1  # put_record raises when the record was not taken.
    print(f"{acknowledged} events acknowledged by {given.stream}")


if __name__ == "__main__":
    main()
