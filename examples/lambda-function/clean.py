"""A Lambda function that cleans what a Firehose stream takes in, and a server to run it with.

The function is `handler`: it runs on AWS, in AWS's runtime interface emulator, and here, unchanged. Started as a
program this file serves it by Lambda's invoke API: POST /2015-03-31/functions/<any name>/invocations.
"""

import argparse
import base64
import json
import traceback
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def handler(event, context):
    return {"records": [clean(record) for record in event["records"]]}


def clean(record):
    """Events without a user are dropped, what is no JSON fails, the others lose their address and end in a newline."""
    answer = {"recordId": record["recordId"], "result": "Ok", "data": record["data"]}
    try:
        page_view = json.loads(base64.b64decode(record["data"]))
    except ValueError:
        return answer | {"result": "ProcessingFailed"}
    if not page_view.get("user"):
        return answer | {"result": "Dropped"}
    page_view.pop("ip", None)
    answer["data"] = base64.b64encode(json.dumps(page_view).encode() + b"\n").decode()
    answer["metadata"] = {"partitionKeys": {"country": page_view.get("country", "unknown")}}
    return answer


class Invocations(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        event = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        try:
            self.answer(handler(event, None))
        except Exception as error:
            # As Lambda does it: a function that failed is a 200 with this header.
            traceback.print_exc()
            self.answer(
                {"errorType": type(error).__name__, "errorMessage": str(error)},
                {"X-Amz-Function-Error": "Unhandled"},
            )

    def answer(self, document, headers={}):
        body = json.dumps(document).encode()
        self.send_response(200)
        for name, value in {"Content-Length": len(body), **headers}.items():
            self.send_header(name, str(value))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--port", type=int, default=9000)
    server = ThreadingHTTPServer(("127.0.0.1", arguments.parse_args().port), Invocations)
    print(f"serving at http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()
