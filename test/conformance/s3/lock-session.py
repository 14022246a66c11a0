"""A Python program that keeps what must be kept: Object Lock through boto3. Prints what held."""

import datetime
import io

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.exceptions import ClientError

from claims import fails, holds, tell

BUCKET, PLAIN, KEY = "boto.locked", "boto.unlocked", "ledger/2026.csv"
DAY = datetime.timedelta(days=1)
NOW = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
s3 = boto3.client("s3")


def code(name, expected, call):
    error = fails(name, ClientError, call).response
    status, given = error["ResponseMetadata"]["HTTPStatusCode"], error["Error"]["Code"]
    holds(f"{name}: {status} {given}", f"{status} {given}" == expected)


def put(**arguments):
    return {"Bucket": BUCKET, "Key": KEY, "VersionId": s3.put_object(Bucket=BUCKET, Key=KEY, Body=b"kept", **arguments)["VersionId"]}


def retain(version, mode, until, **arguments):
    return s3.put_object_retention(**version, Retention={"Mode": mode, "RetainUntilDate": until}, **arguments)


def stays(name, version, **arguments):
    code(f"{name}: not removed", "403 AccessDenied", lambda: s3.delete_object(**version, **arguments))
    holds(f"{name}: still there", s3.get_object(**version)["Body"].read() == b"kept")


# A bucket with Object Lock has versioning, for good.
s3.create_bucket(Bucket=BUCKET, ObjectLockEnabledForBucket=True)
s3.create_bucket(Bucket=PLAIN)
holds("it has versioning", s3.get_bucket_versioning(Bucket=BUCKET)["Status"] == "Enabled")
holds("it says so", s3.get_object_lock_configuration(Bucket=BUCKET)["ObjectLockConfiguration"] == {"ObjectLockEnabled": "Enabled"})
code("its versioning stays", "409 InvalidBucketState", lambda: s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Suspended"}))
code("a plain bucket has none", "404 ObjectLockConfigurationNotFoundError", lambda: s3.get_object_lock_configuration(Bucket=PLAIN))
code("nor takes locks", "400 InvalidRequest", lambda: s3.put_object(Bucket=PLAIN, Key=KEY, Body=b"x", ObjectLockLegalHoldStatus="ON"))
code("and nothing of it was stored", "404 404", lambda: s3.head_object(Bucket=PLAIN, Key=KEY))

# Compliance: longer, never shorter, whoever asks.
version = put(ObjectLockMode="COMPLIANCE", ObjectLockRetainUntilDate=NOW + DAY)
head = s3.head_object(**version)
holds("the mode is shown", head["ObjectLockMode"] == "COMPLIANCE" and head["ObjectLockRetainUntilDate"] == NOW + DAY)
stays("compliance", version)
stays("compliance, bypassed", version, BypassGovernanceRetention=True)
code("not shorter", "403 AccessDenied", lambda: retain(version, "COMPLIANCE", NOW + DAY / 2, BypassGovernanceRetention=True))
code("not governance", "403 AccessDenied", lambda: retain(version, "GOVERNANCE", NOW + 2 * DAY, BypassGovernanceRetention=True))
retain(version, "COMPLIANCE", NOW + 3 * DAY)
holds("longer", s3.get_object_retention(**version)["Retention"] == {"Mode": "COMPLIANCE", "RetainUntilDate": NOW + 3 * DAY})
marker = s3.delete_object(Bucket=BUCKET, Key=KEY)
holds("a delete hides it", marker["DeleteMarker"] is True)
code("hidden", "404 NoSuchKey", lambda: s3.get_object(Bucket=BUCKET, Key=KEY))
holds("and keeps it", s3.get_object(**version)["Body"].read() == b"kept")
holds("the marker may go", s3.delete_object(Bucket=BUCKET, Key=KEY, VersionId=marker["VersionId"])["DeleteMarker"] is True)
holds("and it is seen again", s3.get_object(Bucket=BUCKET, Key=KEY)["VersionId"] == version["VersionId"])

# Governance gives way to those who ask for it.
version = put()
holds("nothing is retained", "ObjectLockMode" not in s3.head_object(**version))
code("and that is no retention", "404 NoSuchObjectLockConfiguration", lambda: s3.get_object_retention(**version))
retain(version, "GOVERNANCE", NOW + 2 * DAY)
stays("governance", version)
code("not shorter unless bypassed", "403 AccessDenied", lambda: retain(version, "GOVERNANCE", NOW + DAY))
retain(version, "GOVERNANCE", NOW + DAY, BypassGovernanceRetention=True)
holds("shorter", s3.get_object_retention(**version)["Retention"]["RetainUntilDate"] == NOW + DAY)
s3.delete_object(**version, BypassGovernanceRetention=True)
code("removed", "404 404", lambda: s3.head_object(**version))

# A legal hold is lifted, not waited for.
version = put(ObjectLockLegalHoldStatus="ON")
holds("held", s3.get_object_legal_hold(**version)["LegalHold"]["Status"] == "ON")
stays("a hold, bypassed", version, BypassGovernanceRetention=True)
batch = [{"Key": KEY, "VersionId": version["VersionId"]}, {"Key": KEY, "VersionId": put()["VersionId"]}]
answer = s3.delete_objects(Bucket=BUCKET, Delete={"Objects": batch})
holds("of many, those that may go go", [one["VersionId"] for one in answer["Deleted"]] == [batch[1]["VersionId"]])
holds("and the others are named", [(one["Code"], one["VersionId"]) for one in answer["Errors"]] == [("AccessDenied", batch[0]["VersionId"])])
s3.put_object_legal_hold(**version, LegalHold={"Status": "OFF"})
s3.delete_object(**version)
code("lifted and removed", "404 404", lambda: s3.head_object(**version))

# Default retention, for whatever is written from then on.
rule = {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 2}}
s3.put_object_lock_configuration(Bucket=BUCKET, ObjectLockConfiguration={"ObjectLockEnabled": "Enabled", "Rule": rule})
holds("it is read back", s3.get_object_lock_configuration(Bucket=BUCKET)["ObjectLockConfiguration"]["Rule"] == rule)
put()
s3.upload_fileobj(io.BytesIO(bytes(6 * 1024 * 1024)), BUCKET, "parts", Config=TransferConfig(multipart_threshold=5 * 1024 * 1024, multipart_chunksize=5 * 1024 * 1024))
s3.copy_object(Bucket=BUCKET, Key="copy", CopySource={"Bucket": BUCKET, "Key": KEY})
for key in (KEY, "parts", "copy"):
    head = s3.head_object(Bucket=BUCKET, Key=key)
    holds(f"{key} has it", head["ObjectLockMode"] == "GOVERNANCE" and abs(head["ObjectLockRetainUntilDate"] - NOW - 2 * DAY) < datetime.timedelta(minutes=5))
own = s3.head_object(**put(ObjectLockMode="COMPLIANCE", ObjectLockRetainUntilDate=NOW + DAY))
holds("its own goes before", own["ObjectLockMode"] == "COMPLIANCE" and own["ObjectLockRetainUntilDate"] == NOW + DAY)

# What makes no lock is refused.
code("a mode alone", "400 InvalidArgument", lambda: put(ObjectLockMode="GOVERNANCE"))
code("a day that has passed", "400 InvalidArgument", lambda: put(ObjectLockMode="GOVERNANCE", ObjectLockRetainUntilDate=NOW - DAY))
code("a mode that is none", "400 InvalidArgument", lambda: put(ObjectLockMode="FOREVER", ObjectLockRetainUntilDate=NOW + DAY))
code("days and years", "400 MalformedXML", lambda: s3.put_object_lock_configuration(Bucket=BUCKET, ObjectLockConfiguration={"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 1, "Years": 1}}}))
code("the bucket stays", "409 BucketNotEmpty", lambda: s3.delete_bucket(Bucket=BUCKET))

tell()
