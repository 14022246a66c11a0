"""A Python program of a lake: client, resource, transfers, waiters, paginators, links. Prints what held."""

import base64
import datetime
import hashlib
import io
import random
import urllib.error
import urllib.request
import zlib

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.exceptions import ClientError, WaiterError

from claims import fails, holds, tell

BUCKET = "boto.session"
s3 = boto3.client("s3")
resource = boto3.resource("s3")


def code(name, expected, call):
    error = fails(name, ClientError, call).response
    status, given = error["ResponseMetadata"]["HTTPStatusCode"], error["Error"]["Code"]
    holds(f"{name}: {status} {given}", f"{status} {given}" == expected)


def read(key, **arguments):
    return s3.get_object(Bucket=BUCKET, Key=key, **arguments)["Body"].read()


def put(key, body=b"x", **arguments):
    return s3.put_object(Bucket=BUCKET, Key=key, Body=body, **arguments)


# A bucket comes and is waited for.
fails("not yet", WaiterError, lambda: s3.get_waiter("bucket_exists").wait(Bucket=BUCKET, WaiterConfig={"Delay": 0, "MaxAttempts": 1}))
bucket = resource.Bucket(BUCKET)
bucket.create()
bucket.wait_until_exists()
holds("its creation date", abs(bucket.creation_date - datetime.datetime.now(datetime.timezone.utc)) < datetime.timedelta(minutes=5))
holds("it is among the buckets", BUCKET in [one.name for one in resource.buckets.all()])
pages = s3.get_paginator("list_buckets").paginate(PaginationConfig={"PageSize": 1})
holds("buckets come in pages", BUCKET in [one["Name"] for page in pages for one in page["Buckets"]])



def finish(key):
    """An upload of one part, to be completed only where nothing is."""
    at = {"Bucket": BUCKET, "Key": key}
    at["UploadId"] = s3.create_multipart_upload(**at)["UploadId"]
    part = {"ETag": s3.upload_part(**at, PartNumber=1, Body=b"x")["ETag"], "PartNumber": 1}
    try:
        s3.complete_multipart_upload(**at, MultipartUpload={"Parts": [part]}, IfNoneMatch="*")
    finally:
        s3.abort_multipart_upload(**at)


# Keys that other stores trip over, up to the longest.
LONGEST = "é" * 512
KEYS = ("a b", "a+b", "a%2Fb", "%", "a//b", "//", "folder/", "日本/🦊 =?#&;:@,$", "<&>\"'", "..", "../../up", "./here", "\u0001\u007f", "~`|\\^{}[]", LONGEST)
for key in KEYS:
    put(f"{key}" if key == LONGEST else f"odd/{key}", key.encode(), Metadata={"mark": "a, b  c"}, ContentType="text/odd")
for key in KEYS:
    full = key if key == LONGEST else f"odd/{key}"
    head = s3.head_object(Bucket=BUCKET, Key=full)
    holds(f"{key!r} is found", (head["ContentType"], head["Metadata"]) == ("text/odd", {"mark": "a, b  c"}))
    holds(f"{key!r} comes back", read(full) == key.encode())
listed = [one.key for one in bucket.objects.filter(Prefix="odd/")]
holds("listed in the order of their bytes", listed == sorted((f"odd/{key}" for key in KEYS[:-1]), key=str.encode))
# A control character has no place in the XML of DeleteObjects, at AWS neither.
s3.delete_object(Bucket=BUCKET, Key="odd/\u0001\u007f")
tops = s3.list_objects_v2(Bucket=BUCKET, Delimiter="/", Prefix="odd/")
holds("folders of odd keys", [one["Prefix"] for one in tops["CommonPrefixes"]] == ["odd/../", "odd/./", "odd//", "odd/a/", "odd/folder/", "odd/日本/"])
code("one byte too long", "400 KeyTooLongError", lambda: put(LONGEST + "x"))

# Pages of every listing agree.
for number in range(25):
    put(f"pages/{number % 5}/{number:02}")
expected = sorted(f"pages/{number % 5}/{number:02}" for number in range(25))
for operation, field in (("list_objects", "Contents"), ("list_objects_v2", "Contents"), ("list_object_versions", "Versions")):
    for size in (1, 7, 25, 1000):
        pages = s3.get_paginator(operation).paginate(Bucket=BUCKET, Prefix="pages/", PaginationConfig={"PageSize": size})
        holds(f"{operation} by {size}", [one["Key"] for page in pages for one in page[field]] == expected)
        pages = s3.get_paginator(operation).paginate(Bucket=BUCKET, Prefix="pages/", Delimiter="/", PaginationConfig={"PageSize": size})
        folders = [one["Prefix"] for page in pages for one in page.get("CommonPrefixes", [])]
        holds(f"{operation} folders by {size}", folders == [f"pages/{number}/" for number in range(5)])
after = s3.list_objects_v2(Bucket=BUCKET, StartAfter="pages/4/19", Prefix="pages/", FetchOwner=True)["Contents"]
holds("after a key", [one["Key"] for one in after] == ["pages/4/24"] and "ID" in after[0]["Owner"])

# Ranges, conditions, empty objects, overrides.
body = random.Random(7).randbytes(100_000)
etag = put("ranges", body, CacheControl="no-store", ContentLanguage="de", ContentDisposition="inline", Expires=datetime.datetime(2030, 1, 1))["ETag"]
for text, part in (("bytes=0-0", body[:1]), ("bytes=-5", body[-5:]), ("bytes=99990-", body[99990:]), ("bytes=5-1000000", body[5:]), ("bytes=9-2", body)):
    holds(f"range {text}", read("ranges", Range=text) == part)
code("past the end", "416 InvalidRange", lambda: read("ranges", Range="bytes=100000-"))
holds("if it is that", read("ranges", IfMatch=etag) == body)
code("if it is another", "412 PreconditionFailed", lambda: read("ranges", IfMatch='"other"'))
code("only if it is another", "304 304", lambda: read("ranges", IfNoneMatch=etag))
code("only if it changed", "304 304", lambda: read("ranges", IfModifiedSince=datetime.datetime.now(datetime.timezone.utc)))
code("only if it stayed", "412 PreconditionFailed", lambda: read("ranges", IfUnmodifiedSince=datetime.datetime(2020, 1, 1)))
given = s3.get_object(Bucket=BUCKET, Key="ranges", ResponseContentType="text/x", ResponseCacheControl="max-age=1", ResponseContentDisposition="attachment")
holds("overrides", (given["ContentType"], given["CacheControl"], given["ContentDisposition"]) == ("text/x", "max-age=1", "attachment"))
holds("what was not overridden", (given["ContentLanguage"], given["ExpiresString"]) == ("de", "Tue, 01 Jan 2030 00:00:00 GMT"))
put("empty", b"")
holds("empty", read("empty") == b"" and s3.head_object(Bucket=BUCKET, Key="empty")["ContentLength"] == 0)
code("no range of nothing", "416 InvalidRange", lambda: read("empty", Range="bytes=0-0"))

# Writing on a condition.
put("once", b"first", IfNoneMatch="*")
code("not twice", "412 PreconditionFailed", lambda: put("once", b"second", IfNoneMatch="*"))
first = s3.head_object(Bucket=BUCKET, Key="once")["ETag"]
put("once", b"second", IfMatch=first)
code("not over a change", "412 PreconditionFailed", lambda: put("once", b"third", IfMatch=first))
code("not over nothing", "404 NoSuchKey", lambda: put("never", b"x", IfMatch=first))
code("not deleted either", "412 PreconditionFailed", lambda: s3.delete_object(Bucket=BUCKET, Key="once", IfMatch=first))
holds("one of them", read("once") == b"second")

# Transfers in parts: 64 MiB up, down and across, at several threads.
big = random.Random(64).randbytes(64 * 1024 * 1024)
config = TransferConfig(multipart_threshold=8 * 2**20, multipart_chunksize=8 * 2**20, max_concurrency=4)
seen = []
bucket.upload_fileobj(io.BytesIO(big), "big", Config=config, Callback=seen.append, ExtraArgs={"Metadata": {"kind": "big"}, "StorageClass": "STANDARD_IA"})
holds("progress", sum(seen) == len(big))
got = io.BytesIO()
bucket.download_fileobj("big", got, Config=config)
holds("64 MiB", hashlib.sha256(got.getvalue()).digest() == hashlib.sha256(big).digest())
bucket.copy({"Bucket": BUCKET, "Key": "big"}, "big copy", Config=config)
head = s3.head_object(Bucket=BUCKET, Key="big copy", ChecksumMode="ENABLED")
holds("a copy in parts", head["ContentLength"] == len(big) and head["ETag"].endswith('-8"'))
holds("its last part", read("big copy", PartNumber=8) == big[-8 * 2**20 :])
attributes = s3.get_object_attributes(Bucket=BUCKET, Key="big", ObjectAttributes=["ETag", "Checksum", "ObjectParts", "StorageClass", "ObjectSize"], MaxParts=3)
holds("attributes", (attributes["ObjectSize"], attributes["StorageClass"], attributes["ObjectParts"]["TotalPartsCount"]) == (len(big), "STANDARD_IA", 8))

# An upload by hand: parts in any order, again, listed, aborted.
upload = resource.Object(BUCKET, "by hand").initiate_multipart_upload(ChecksumAlgorithm="CRC32", ChecksumType="FULL_OBJECT")
parts = {}
for number in (3, 1, 1):
    size = 100 if number == 3 else 5 * 2**20
    data = bytes([number]) * size
    answer = upload.Part(number).upload(Body=data, ChecksumAlgorithm="CRC32")
    parts[number] = {"PartNumber": number, "ETag": answer["ETag"], "ChecksumCRC32": answer["ChecksumCRC32"]}
holds("its parts", [(one.part_number, one.size) for one in upload.parts.all()] == [(1, 5 * 2**20), (3, 100)])
holds("it is listed", [one.object_key for one in bucket.multipart_uploads.all()] == ["by hand"])
whole = bytes([1]) * (5 * 2**20) + bytes([3]) * 100
crc = base64.b64encode(zlib.crc32(whole).to_bytes(4, "big")).decode()
done = s3.complete_multipart_upload(Bucket=BUCKET, Key="by hand", UploadId=upload.id, MultipartUpload={"Parts": [parts[1], parts[3]]}, ChecksumCRC32=crc, ChecksumType="FULL_OBJECT", MpuObjectSize=len(whole))
holds("its whole checksum", (done["ChecksumCRC32"], done["ChecksumType"]) == (crc, "FULL_OBJECT"))
holds("its bytes", read("by hand") == whole)
code("not completed twice over", "412 PreconditionFailed", lambda: finish("big"))
gone = s3.create_multipart_upload(Bucket=BUCKET, Key="gone")["UploadId"]
s3.abort_multipart_upload(Bucket=BUCKET, Key="gone", UploadId=gone)
code("aborted", "404 NoSuchUpload", lambda: s3.list_parts(Bucket=BUCKET, Key="gone", UploadId=gone))

# Tags of objects and buckets.
put("tagged", Tagging="a=b&c=d+e")
holds("tags at the put", s3.get_object_tagging(Bucket=BUCKET, Key="tagged")["TagSet"] == [{"Key": "a", "Value": "b"}, {"Key": "c", "Value": "d e"}])
s3.put_object_tagging(Bucket=BUCKET, Key="tagged", Tagging={"TagSet": [{"Key": "ü", "Value": "é +-=._:/@"}]})
holds("tags counted", s3.get_object(Bucket=BUCKET, Key="tagged")["TagCount"] == 1)
s3.copy_object(Bucket=BUCKET, Key="tagged copy", CopySource=f"{BUCKET}/tagged", MetadataDirective="REPLACE", Metadata={"new": "yes"})
holds("tags are copied", s3.get_object_tagging(Bucket=BUCKET, Key="tagged copy")["TagSet"] == [{"Key": "ü", "Value": "é +-=._:/@"}])
s3.delete_object_tagging(Bucket=BUCKET, Key="tagged")
holds("no tags", s3.get_object_tagging(Bucket=BUCKET, Key="tagged")["TagSet"] == [])
bucket.Tagging().put(Tagging={"TagSet": [{"Key": "team", "Value": "lake"}]})
holds("tags of the bucket", bucket.Tagging().tag_set == [{"Key": "team", "Value": "lake"}])
bucket.Tagging().delete()
code("none any more", "404 NoSuchTagSet", lambda: s3.get_bucket_tagging(Bucket=BUCKET))

# Links.
for key in ("linked", "a b/ü+%é"):
    link = s3.generate_presigned_url("put_object", Params={"Bucket": BUCKET, "Key": key, "ContentType": "text/csv", "Metadata": {"by": "link"}}, ExpiresIn=60)
    request = urllib.request.Request(link, data=b"by link", method="PUT", headers={"Content-Type": "text/csv", "x-amz-meta-by": "link"})
    with urllib.request.urlopen(request) as answer:
        holds(f"a link to put {key}", answer.status == 200)
    holds("metadata by link", s3.head_object(Bucket=BUCKET, Key=key)["Metadata"] == {"by": "link"})
    with urllib.request.urlopen(s3.generate_presigned_url("get_object", Params={"Bucket": BUCKET, "Key": key, "ResponseContentType": "text/y"})) as answer:
        holds(f"a link to get {key}", (answer.read(), answer.headers["Content-Type"]) == (b"by link", "text/y"))
with urllib.request.urlopen(s3.generate_presigned_url("list_objects_v2", Params={"Bucket": BUCKET, "Prefix": "linked"})) as answer:
    holds("a link to list", b"<Key>linked</Key>" in answer.read())
refused = fails("a link for another key", urllib.error.HTTPError, lambda: urllib.request.urlopen(s3.generate_presigned_url("get_object", Params={"Bucket": BUCKET, "Key": "linked"}).replace("linked", "once")))
holds("is refused", refused.code == 403)

# Versions, and everything goes.
bucket.Versioning().enable()
holds("versioning", bucket.Versioning().status == "Enabled")
ids = [put("versioned", text)["VersionId"] for text in (b"one", b"two", b"three")]
holds("each of them", [read("versioned", VersionId=one) for one in ids] == [b"one", b"two", b"three"])
marker = s3.delete_object(Bucket=BUCKET, Key="versioned")
holds("a marker", marker["DeleteMarker"] and len(marker["VersionId"]) == 32)
code("hidden", "404 NoSuchKey", lambda: read("versioned"))
code("a marker has no bytes", "405 MethodNotAllowed", lambda: read("versioned", VersionId=marker["VersionId"]))
resource.ObjectVersion(BUCKET, "versioned", marker["VersionId"]).delete()
holds("back", read("versioned") == b"three")
bucket.Versioning().suspend()
holds("the null version", put("versioned", b"null")["VersionId"] == "null")
resource.Object(BUCKET, "versioned").delete()
s3.get_waiter("object_not_exists").wait(Bucket=BUCKET, Key="versioned", WaiterConfig={"Delay": 0, "MaxAttempts": 2})
many = s3.delete_objects(Bucket=BUCKET, Delete={"Objects": [{"Key": "once"}, {"Key": "no such key"}, {"Key": "linked", "VersionId": "null"}]})
holds("many at once", {one["Key"] for one in many["Deleted"]} == {"once", "no such key", "linked"} and "Errors" not in many)
code("not while full", "409 BucketNotEmpty", bucket.delete)
bucket.object_versions.delete()
bucket.delete()
bucket.wait_until_not_exists()
code("gone", "404 NoSuchBucket", lambda: s3.list_objects_v2(Bucket=BUCKET))

tell()
