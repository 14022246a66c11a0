"""Bodies through boto3 in every mode of its configuration; prints what came back for the test beside this file."""

import hashlib
import io
import json
import os
import tempfile
import urllib.request

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.config import Config

BUCKET = "boto.raw"
MODES = ("when_supported", "when_required")
ALGORITHMS = ("CRC32", "SHA1", "SHA256")
ODD_KEYS = ("plain", "ünï cöde +%25&=?#.txt", "a//b", "quote'\"<&>", "日本/🦊", "-dash", "*star")


def client(**options):
    return boto3.client("s3", config=Config(**options))


def digest(data):
    return hashlib.sha256(data).hexdigest()


class OneWay(io.RawIOBase):
    """A source that cannot be rewound, as a pipe."""

    def __init__(self, data):
        self._source = io.BytesIO(data)

    def readable(self):
        return True

    def readinto(self, target):
        return self._source.readinto(target)


small, big = os.urandom(300_001), os.urandom(20_000_000)
s3 = client()
s3.create_bucket(Bucket=BUCKET)
done = []


def holds(name, claim):
    if not claim:
        raise SystemExit(f"does not hold: {name}")
    done.append(name)


for mode in MODES:
    for signed in (True, False):
        s3 = client(
            request_checksum_calculation=mode,
            response_checksum_validation=mode,
            s3={"payload_signing_enabled": signed},
        )
        key = f"{mode}/{signed}"
        s3.put_object(Bucket=BUCKET, Key=key, Body=small)
        holds(f"{key} bytes", s3.get_object(Bucket=BUCKET, Key=key)["Body"].read() == small)
        with tempfile.TemporaryFile() as file:
            file.write(small)
            file.seek(0)
            s3.put_object(Bucket=BUCKET, Key=key + "/file", Body=file)
        holds(f"{key} file", s3.get_object(Bucket=BUCKET, Key=key + "/file")["Body"].read() == small)
        s3.upload_fileobj(OneWay(big), BUCKET, key + "/pipe", Config=TransferConfig(max_concurrency=4))
        got = io.BytesIO()
        s3.download_fileobj(BUCKET, key + "/pipe", got)
        holds(f"{key} pipe in parts", digest(got.getvalue()) == digest(big))

s3 = client()
for algorithm in ALGORITHMS:
    for key, body in ((f"{algorithm}/small", small), (f"{algorithm}/big", big)):
        s3.upload_fileobj(io.BytesIO(body), BUCKET, key, ExtraArgs={"ChecksumAlgorithm": algorithm})
        answer = s3.get_object(Bucket=BUCKET, Key=key, ChecksumMode="ENABLED")
        holds(f"{key} names its checksum", f"Checksum{algorithm}" in answer)
        holds(f"{key} bytes", digest(answer["Body"].read()) == digest(body))

for key in ODD_KEYS:
    s3.put_object(Bucket=BUCKET, Key=f"odd/{key}", Body=key.encode(), Metadata={"mark": "a b"})
    answer = s3.get_object(Bucket=BUCKET, Key=f"odd/{key}")
    holds(f"odd {key}", answer["Body"].read() == key.encode() and answer["Metadata"] == {"mark": "a b"})
    s3.copy_object(Bucket=BUCKET, Key=f"copied/{key}", CopySource={"Bucket": BUCKET, "Key": f"odd/{key}"})
    holds(f"copied {key}", s3.get_object(Bucket=BUCKET, Key=f"copied/{key}")["Body"].read() == key.encode())
listed = s3.list_objects_v2(Bucket=BUCKET, Prefix="odd/")["Contents"]
holds("odd keys are listed", {entry["Key"] for entry in listed} == {f"odd/{key}" for key in ODD_KEYS})

for version in ("s3", "s3v4"):
    signer = client(signature_version=version)
    for key in ODD_KEYS:
        put = signer.generate_presigned_url("put_object", Params={"Bucket": BUCKET, "Key": f"{version}/{key}"})
        request = urllib.request.Request(put, data=b"by link", method="PUT", headers={"Content-Type": ""})
        with urllib.request.urlopen(request) as answer:
            holds(f"{version} put {key}", answer.status == 200)
        get = signer.generate_presigned_url("get_object", Params={"Bucket": BUCKET, "Key": f"{version}/{key}"})
        with urllib.request.urlopen(get) as answer:
            holds(f"{version} get {key}", answer.read() == b"by link")

for key in ODD_KEYS:
    s3.delete_object(Bucket=BUCKET, Key=f"odd/{key}")
holds("odd keys are deleted", "Contents" not in s3.list_objects_v2(Bucket=BUCKET, Prefix="odd/"))
removed = s3.delete_objects(
    Bucket=BUCKET, Delete={"Objects": [{"Key": f"copied/{key}"} for key in ODD_KEYS]}
)
holds("many odd keys at once", len(removed["Deleted"]) == len(ODD_KEYS) and "Errors" not in removed)

print(json.dumps({"held": len(done)}))
